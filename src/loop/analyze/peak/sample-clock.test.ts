import { BIN_MS, binOfSample, createSampleClock, noteSample, usualGap } from './sample-clock.ts';

const START = 8_000_000 * BIN_MS;

/** Bins of samples at these times, in bins after the start. */
function binsOf(positions: readonly number[]): number[] {
  const clock = createSampleClock();
  let newest = -Infinity;
  return positions.map((position) => {
    const at = START + position * BIN_MS;
    const bin = binOfSample(clock, at);
    noteSample(clock, at, bin - newest);
    newest = bin;
    return bin - 8_000_000;
  });
}

test.each([
  ['at the end of bins', [1, 2, 3], [0, 1, 2]],
  ['a little late', [1.2, 2.3, 3.1], [0, 1, 2]],
  ['in the middle of bins, with jitter', [1.45, 2.55, 3.4, 4.6, 5.5], [0, 1, 2, 3, 4]],
  ['every minute', [4, 8, 12], [3, 7, 11]],
])('samples %s are each of a bin of their own', (_what, positions, bins) => {
  expect(binsOf(positions)).toEqual(bins);
});

function gapAfter(gaps: readonly number[]): number {
  const clock = createSampleClock();
  let at = START;
  for (const gap of gaps) {
    at += gap * BIN_MS;
    noteSample(clock, at, gap);
  }
  return usualGap(clock);
}

test.each([
  ['15 s, one sample missed', [1, 1, 1, 1, 1], 2],
  ['a minute, one sample late', Array<number>(20).fill(4), 6],
  ['15 s after one pause of five minutes', [1, 1, 1, 20, 1, 1], 2],
  ['an hour, which is no rhythm', Array<number>(20).fill(240), 2],
])('between samples every %s there may be so many bins', (_what, gaps, expected) => {
  expect(gapAfter(gaps)).toBe(expected);
});
