import { createMinuteMeans, MINUTE_MS, observeMinute } from './minute-means.ts';

const START = 1_000 * MINUTE_MS;

function run(ticks: readonly (readonly [number, readonly number[]])[]): [number, number[]][] {
  const state = createMinuteMeans(2);
  const out = new Float64Array(2);
  return ticks.flatMap(([at, values]): [number, number[]][] => {
    const ended = observeMinute(state, START + at, Float64Array.from(values), out);
    return ended === undefined ? [] : [[ended, [...out]]];
  });
}

describe('means over minutes', () => {
  it('come when the minute is over, of what was known in it', () => {
    expect(
      run([
        [0, [1, NaN]],
        [15_000, [3, NaN]],
        [30_000, [Infinity, NaN]],
        [60_000, [9, 5]],
        [120_000, [7, 7]],
      ]),
    ).toEqual([
      [1000, [2, NaN]],
      [1001, [9, 5]],
    ]);
  });

  it('of minutes without a tick never come', () => {
    expect(
      run([
        [0, [1, 1]],
        [600_000, [2, 2]],
        [660_000, [3, 3]],
      ]),
    ).toEqual([
      [1000, [1, 1]],
      [1010, [2, 2]],
    ]);
  });

  it('end with the clock when it steps back, and nothing is mixed', () => {
    expect(
      run([
        [120_000, [8, 8]],
        [0, [1, 1]],
        [60_000, [2, 2]],
      ]),
    ).toEqual([
      [1002, [8, 8]],
      [1000, [1, 1]],
    ]);
  });
});
