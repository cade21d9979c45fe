/** @throws RangeError when `seconds` is not a positive multiple of the tick. */
export function wholeTicks(seconds: number, tickSeconds: number): number {
  const ticks = seconds / tickSeconds;
  if (Number.isInteger(ticks) && ticks > 0) return ticks;
  throw new RangeError(`${seconds} s must be a whole number of ticks of ${tickSeconds} s, at least one`);
}
