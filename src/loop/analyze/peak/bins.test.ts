import { reactionWindows } from './bins.ts';

test.each([
  [5, 0, 2],
  [20, 1, 3],
  [30, 2, 4],
  [120, 8, 10],
])('an order with a start-up of %d s matters from bin %d to bin %d ahead', (seconds, from, to) => {
  expect(reactionWindows(seconds)).toEqual({ from, to });
});
