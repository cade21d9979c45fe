import { formatDurationSeconds, parseDurationSeconds } from './promql-durations.ts';

test.each([
  ['5m', 300],
  ['1h30m', 5400],
  ['1d', 86_400],
  ['1y2w3d4h5m6s7ms', 31_536_000 + 2 * 604_800 + 3 * 86_400 + 4 * 3600 + 306.007],
  ['300', 300],
  ['1.5', 1.5],
])('%s lasts %d seconds', (text, seconds) => {
  expect(parseDurationSeconds(text)).toBeCloseTo(seconds, 6);
});

test.each(['', '5x', '1m1h', '-5m', '5 m', '0x10', 'inf', '5m+1h'])('%j is no duration', (text) => {
  expect(parseDurationSeconds(text)).toBeUndefined();
});

test.each([
  [5400, '1h30m'],
  [86_400, '1d'],
  [61, '1m1s'],
  [0, '0s'],
])('%d seconds are written %s', (seconds, text) => {
  expect(formatDurationSeconds(seconds)).toBe(text);
});
