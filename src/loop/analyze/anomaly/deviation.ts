/** How far a signal went from its usual value when it became unusual: it is over when it has come half of the way back. */
export interface Deviation {
  /** Usual value then; NaN before the first. */
  expected: number;
  /** From there, signed. */
  by: number;
  /** Whether it is not over, and the minute in which it last was not. */
  open: boolean;
  minute: number;
}

const BACK_SHARE = 0.5;

/** Whatever says what is usual has followed to the unusual by then: to come back is a surprise to it. */
const RETURN_MINUTES = 60;

export function createDeviation(): Deviation {
  return { expected: NaN, by: NaN, open: false, minute: NaN };
}

/** A surprising value. The first one counts: a level that drifts on is no nearer to the usual. */
export function noteDeviation(
  deviation: Deviation,
  { minute, value }: { readonly minute: number; readonly value: number },
  expected: number,
): void {
  if (deviation.open || value === expected || Number.isNaN(expected)) return;
  deviation.expected = expected;
  deviation.by = value - expected;
  deviation.open = true;
  deviation.minute = minute;
}

/** Whether a surprising value is none, but the way back from the deviation to what was usual before it. */
export function isReturn({ expected, by, minute: last }: Deviation, minute: number, value: number): boolean {
  return minute - last <= RETURN_MINUTES && Math.abs((value - expected) / by) < BACK_SHARE;
}

/** Whether it goes on: the value is nearer to the unusual than to the usual. Ends it otherwise. */
export function goesOn(deviation: Deviation, minute: number, value: number): boolean {
  if (!deviation.open) return false;
  const { expected, by } = deviation;
  deviation.open = (value - expected) / by >= BACK_SHARE;
  deviation.minute = minute;
  return deviation.open;
}
