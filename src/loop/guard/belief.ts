import { changesWithin } from './history.ts';
import { clamp, PASS, veto, type Guard, type GuardContext } from './guard.ts';

// May what was measured be believed enough to give replicas back? An increase never waits for belief: a flash crowd
// that is held back for three minutes is an outage, and one that was not real costs minutes of a few replicas, within
// the range and the rates that the user set. A decrease that was not real takes the service down.

/** After a blackout the first values are those of caches that fill (vertical pod autoscaler, issues 7726 and 9891). */
const WARM_UP_SECONDS = 900;
/** A fall out of the blue stands for so long before it is acted on: three minutes outlast a restarted exporter. */
const BELIEVE_AFTER_MS = 180_000;
/** And then it is followed slowly, so that the objective can object (reliability: F34). */
const SLOW_PERCENT = 10;
const SLOW_PERIOD_SECONDS = 300;

/**
 * Data that were bad a moment ago, and demand that has been known for less than the warm-up. A policy that observes
 * nothing before its first action (`observationSeconds: 0`) waits for its own stabilisation window only.
 */
export const dataHistoryGuard: Guard = {
  name: 'DataHistory',
  stage: 'Shape',
  check: (value, context) => {
    const { current, now, safety } = context;
    if (value >= current) return PASS;
    if (safety.settling > 0) {
      const wanted = safety.settling === 1 ? '1 more' : `${safety.settling} more`;
      return veto(
        'DataSettling',
        `the data were bad a moment ago: fewer replicas need ${wanted} good evaluations`,
      );
    }
    const until = (safety.knownSince ?? now) + warmUpSeconds(context) * 1000;
    return now < until
      ? veto(
          'WarmingUp',
          `demand has only been known for ${knownFor(context)} s: no decrease before ${iso(until)}`,
        )
      : PASS;
  },
};

/** A fall that only one source tells of, to a level never seen: wait, then go down slowly. */
export const suddenDropGuard: Guard = {
  name: 'SuddenDrop',
  stage: 'Shape',
  check: (value, { current, now, history, safety: { fall } }) => {
    if (fall === undefined || value >= current) return PASS;
    const believedAt = fall.at + BELIEVE_AFTER_MS;
    if (now < believedAt) return veto('SuddenDrop', `${fall.message}: no decrease before ${iso(believedAt)}`);
    const least = slowest({ current, now, history }, SLOW_PERCENT, SLOW_PERIOD_SECONDS);
    return value < least
      ? clamp(
          least,
          'SuddenDropPace',
          `${fall.message}: at most ${SLOW_PERCENT} % fewer in ${SLOW_PERIOD_SECONDS / 60} min`,
        )
      : PASS;
  },
};

/**
 * The fewest replicas after a step of so many percent of the count at the period's start; always one fewer at least, or
 * a few replicas would never become less.
 */
export function slowest(
  { current, now, history }: Pick<GuardContext, 'current' | 'now' | 'history'>,
  percent: number,
  seconds: number,
): number {
  const { added, removed } = changesWithin(history, { now, seconds });
  const start = current - added + removed;
  const least = Math.min(Math.ceil(start * (1 - percent / 100)), start - 1);
  return Math.max(0, Math.min(current, least));
}

function warmUpSeconds({ policy, scaleDownWindowSeconds }: GuardContext): number {
  return policy.spec.observationSeconds === 0
    ? scaleDownWindowSeconds
    : Math.max(scaleDownWindowSeconds, WARM_UP_SECONDS);
}

function knownFor({ now, safety: { knownSince } }: GuardContext): number {
  return Math.floor((now - (knownSince ?? now)) / 1000);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
