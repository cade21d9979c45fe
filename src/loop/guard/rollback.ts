/**
 * A decrease after which the objective suffers is undone at once; then decreases pause, and after three of them in a
 * day they stop: somebody should look at why the capacity is judged wrongly.
 */
export interface Rollbacks {
  /** Times of the last ones, ms, oldest first; as many as the breaker needs. */
  readonly times: readonly number[];
  /** Decisions that have been judged already, so that one mistake counts once. */
  readonly judged: string | undefined;
  /** The count to go back to, until it is reached. */
  readonly floor: RollbackFloor | undefined;
  /** No decrease for so long after the last one. */
  readonly pause: { readonly at: number; readonly ms: number } | undefined;
}

interface RollbackFloor {
  readonly at: number;
  readonly replicas: number;
  readonly message: string;
}

/** What is known of the last decrease while its outcome is being measured. */
export interface DecreaseUnderWatch {
  readonly decisionId: string;
  /** Replicas before the decrease. */
  readonly from: number;
  readonly measuredMs: number;
  readonly violatedMs: number;
  /** Share of the time that the objective may be violated, 0 … 1. */
  readonly allowedShare: number;
  /** Share that was bad in the hour before it, 0 … 1; undefined when nothing was measured. */
  readonly badShareBefore: number | undefined;
  /** Any part of the objective is beyond its bound at this moment. */
  readonly violatedNow: boolean;
}

export interface RollbackOptions {
  readonly now: number;
  readonly outcomeWindowSeconds: number;
  readonly scaleDownCooldownSeconds: number;
}

/** One bad evaluation is a coincidence; two in a row of 15 s each are not (reliability I15: detected within two). */
const MIN_VIOLATED_MS = 30_000;
/** Twice as bad as before or as allowed (decision engine, E.7: post-check). */
const WORSE = 2;
/** A pause of four times the usual one (decision engine, E.7). */
const PAUSE = 4;
/** Three in a day (design, 6: safety). */
export const BREAKER_COUNT = 3;
const DAY_MS = 86_400_000;
/** Going back up is a matter of seconds; what has not happened by then is no longer about that decrease. */
const FLOOR_MS = 600_000;

export function createRollbacks(times: readonly number[] = []): Rollbacks {
  return { times: times.slice(-BREAKER_COUNT), judged: undefined, floor: undefined, pause: undefined };
}

/** Judges the decrease under watch; `replicas` is what the target has now. */
export function observeRollbacks(
  rollbacks: Rollbacks,
  replicas: number,
  watched: DecreaseUnderWatch | undefined,
  options: RollbackOptions,
): Rollbacks {
  const settled = settleFloor(rollbacks, replicas, options.now);
  if (watched === undefined || watched.decisionId === settled.judged || !hurt(watched)) return settled;
  const { now } = options;
  const pauseSeconds = PAUSE * Math.max(options.scaleDownCooldownSeconds, options.outcomeWindowSeconds);
  const seconds = Math.round(watched.violatedMs / 1000);
  const measured = Math.round(watched.measuredMs / 1000);
  return {
    times: [...settled.times, now].slice(-BREAKER_COUNT),
    judged: watched.decisionId,
    floor: {
      at: now,
      replicas: watched.from,
      message: `the objective was violated for ${seconds} of ${measured} s since the decrease from ${watched.from}`,
    },
    pause: { at: now, ms: pauseSeconds * 1000 },
  };
}

/** After a clock stepped back, what was noted in its future counts as noted just now. */
export function turnRollbacksBack({ times, judged, floor, pause }: Rollbacks, now: number): Rollbacks {
  return {
    times: times.map((at) => Math.min(at, now)),
    judged,
    floor: floor && { ...floor, at: Math.min(floor.at, now) },
    pause: pause && { ...pause, at: Math.min(pause.at, now) },
  };
}

function settleFloor(rollbacks: Rollbacks, replicas: number, now: number): Rollbacks {
  const { floor } = rollbacks;
  if (floor === undefined) return rollbacks;
  return replicas >= floor.replicas || now - floor.at > FLOOR_MS
    ? { ...rollbacks, floor: undefined }
    : rollbacks;
}

function hurt({
  measuredMs,
  violatedMs,
  allowedShare,
  badShareBefore,
  violatedNow,
}: DecreaseUnderWatch): boolean {
  if (!violatedNow || violatedMs < MIN_VIOLATED_MS) return false;
  const baseline = Math.max(allowedShare, badShareBefore ?? 0);
  return violatedMs >= WORSE * baseline * measuredMs;
}

/** When the oldest of the rollbacks that opened the breaker is a day old, ms; undefined while it is closed. */
export function breakerUntil({ times }: Rollbacks): number | undefined {
  const oldest = times.at(-BREAKER_COUNT);
  return oldest === undefined ? undefined : oldest + DAY_MS;
}
