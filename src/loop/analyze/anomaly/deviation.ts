/** How far a signal went from its usual value when it became unusual: it is over when it has come half of the way back. */
export interface Deviation {
  /** Usual value then; NaN while nothing is unusual. */
  expected: number;
  /** From there, signed. */
  by: number;
}

const BACK_SHARE = 0.5;

export function createDeviation(): Deviation {
  return { expected: NaN, by: NaN };
}

/** The first one counts: a level that drifts on is no nearer to the usual. */
export function noteDeviation(deviation: Deviation, value: number, expected: number): void {
  if (!Number.isNaN(deviation.by) || value === expected) return;
  deviation.expected = expected;
  deviation.by = value - expected;
}

/** Whether the value is still nearer to the unusual than to the usual; a value that is not known is taken for neither. */
export function isAway({ expected, by }: Deviation, value: number): boolean {
  return (value - expected) / by >= BACK_SHARE;
}

export function endDeviation(deviation: Deviation): void {
  deviation.expected = NaN;
  deviation.by = NaN;
}
