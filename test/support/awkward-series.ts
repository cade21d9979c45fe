/** Series that no detector may stumble over: each is of `length` minutes. NaN = unknown. */
export function awkwardSeries(
  length: number,
): readonly (readonly [name: string, values: readonly number[]])[] {
  const of = (value: (minute: number) => number): number[] => Array.from({ length }, (_, i) => value(i));
  return [
    ['constant', of(() => 5)],
    ['all zero', of(() => 0)],
    ['binary', of((i) => Number(i % 7 < 3))],
    ['all missing', of(() => NaN)],
    ['half missing', of((i) => (i % 2 === 0 ? NaN : 10 + (i % 5)))],
    ['a counter with resets', of((i) => (i % 400) * 3)],
    ['each value twice', of((i) => 50 + 10 * Math.sin(Math.floor(i / 2)))],
    ['enormous', of((i) => (i % 3 === 0 ? 1e308 : -1e308))],
    ['infinite', of((i) => (i % 3 === 0 ? Infinity : 1))],
    ['negative', of((i) => -1 - (i % 11))],
  ];
}
