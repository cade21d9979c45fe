import {
  isForbidden,
  isGone,
  isNotFound,
  isResourceVersionTooLarge,
  isTooManyRequests,
} from '../adapters/kubernetes/errors.ts';
import { CorruptLineError } from './line-splitter.ts';

/** Nothing arrived for so long that the stream must be taken for dead. */
export class SilentStreamError extends Error {
  override readonly name = 'SilentStreamError';
}

/** What a reflector does after a failure. */
export interface RetryPlan {
  /** Forget the resource version: what was missed cannot be replayed. */
  readonly relist: boolean;
  /**
   * `Now`: at once. `Backoff`: exponential. `RetryAfter`: as the server asked, and never sooner than the backoff.
   * `Forbidden` and `Absent`: slowly, because only a person can change it.
   */
  readonly wait: 'Now' | 'Backoff' | 'RetryAfter' | 'Forbidden' | 'Absent';
}

/** `during` matters for 404: a collection that cannot be listed is not installed, one that cannot be watched may be. */
export function planRetry(error: unknown, during: 'list' | 'watch'): RetryPlan {
  // Quiet kinds are silent by nature, so this is no sign of trouble by itself.
  if (error instanceof SilentStreamError) return { relist: false, wait: 'Now' };
  if (isForbidden(error)) return { relist: false, wait: 'Forbidden' };
  if (isTooManyRequests(error)) return { relist: false, wait: 'RetryAfter' };
  if (isNotFound(error)) return { relist: true, wait: during === 'list' ? 'Absent' : 'Backoff' };
  const missed = isGone(error) || isResourceVersionTooLarge(error) || error instanceof CorruptLineError;
  return { relist: missed, wait: 'Backoff' };
}
