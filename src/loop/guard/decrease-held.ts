import { anomalyHoldGuard, threatFreezeGuard } from './anomaly.ts';
import { dataHistoryGuard, suddenDropGuard } from './belief.ts';
import { correlatedDropGuard } from './fleet-guards.ts';
import type { GuardContext } from './guard.ts';
import { regretGuard } from './regret.ts';
import type { SafetyState } from './safety.ts';
import { objectiveGuard } from './service.ts';

/** Why no decrease is let through at present. */
export interface DecreaseHeld {
  readonly reason: string;
  readonly message: string;
}

/** The guards that hold every decrease for a while, the most surprising first. */
const HOLDING = [
  threatFreezeGuard,
  correlatedDropGuard,
  regretGuard,
  suddenDropGuard,
  objectiveGuard,
  anomalyHoldGuard,
  dataHistoryGuard,
];

/** What people should hear of without asking: something is wrong, with the measuring or with the capacity. */
const NEWS = new Set(['CorrelatedDrop', 'RolledBack', 'RollbackBreaker', 'SuddenDropPace']);

/** Asks what would become of a decrease to nothing, so that the answer does not come and go with the wish for one. */
export function decreaseHeld(context: GuardContext): DecreaseHeld | undefined {
  if (context.current === 0) return undefined;
  for (const { check } of HOLDING) {
    const verdict = check(0, context);
    if (verdict.outcome !== 'Pass') return { reason: verdict.reason, message: verdict.message };
  }
  return undefined;
}

/** What has just become news; each reason once, until decreases have been free in between. */
export function announceHeld(state: SafetyState, held: DecreaseHeld | undefined): DecreaseHeld | undefined {
  const news = held !== undefined && NEWS.has(held.reason) ? held : undefined;
  const fresh = news !== undefined && news.reason !== state.announced;
  if (held === undefined || news !== undefined) state.announced = news?.reason;
  return fresh ? news : undefined;
}
