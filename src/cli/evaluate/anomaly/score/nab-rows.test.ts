import { nabRows } from './nab-rows.ts';

const WINDOW = [{ first: 40, last: 49 }];
/** 2 ÷ (1 + e^5x) − 1 at x = −1: what the first row of a window is scaled by. */
const FULL = 2 / (1 + Math.exp(-5)) - 1;

test.each([
  ['the first row of a window is worth 1', 40, 1],
  ['its sixth of ten, x = −0.5, less', 45, (2 / (1 + Math.exp(-2.5)) - 1) / FULL],
  ['its last, x = −0.1, little', 49, (2 / (1 + Math.exp(-0.5)) - 1) / FULL],
  ['a row before any window costs 1', 39, -1],
  ['the row after a window, x = 1/9, costs little', 50, 2 / (1 + Math.exp(5 / 9)) - 1],
  ['three widths after it, x = 3, nearly 1', 76, 2 / (1 + Math.exp(15)) - 1],
  ['farther it costs 1', 77, -1],
])('%s', (_, row, worth) => {
  expect(nabRows(100, WINDOW).worth[row]).toBeCloseTo(worth, 12);
});

test.each([
  [100, 15],
  [4032, 604],
  [5000, 750],
  [22_695, 750],
])('of %d rows the first %d are not scored', (rows, from) => {
  expect(nabRows(rows, []).from).toBe(from);
});

test('rows know their window, and the cost after one window ends where the next begins', () => {
  const { window, worth } = nabRows(100, [...WINDOW, { first: 60, last: 69 }]);
  expect([window[39], window[40], window[49], window[50], window[60], window[70]]).toEqual([
    -1, 0, 0, -1, 1, -1,
  ]);
  expect(worth[60]).toBe(1);
  expect(worth[70]).toBeCloseTo(worth[50]!, 12);
});
