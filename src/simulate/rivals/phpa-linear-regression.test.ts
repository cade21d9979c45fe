import { linearPrediction } from './phpa-linear-regression.ts';

/** The newest value is at 0. */
const history = (replicas: readonly number[], seconds = 15): { at: number; replicas: number }[] =>
  replicas.map((value, i) => ({ at: (i + 1 - replicas.length) * seconds * 1000, replicas: value }));

describe('linearPrediction', () => {
  test.each([
    { name: 'one value is its own prediction', replicas: [4], ahead: 10, expected: 4 },
    { name: 'two values make a line: 5 + 2·10/15 = 6.33', replicas: [3, 5], ahead: 10, expected: 7 },
    // x = −30, −15, 0 s, mean −15; Σxy = 15·(6 − 2) = 60, Σx² = 450: 3.667 + (60/450)·(15 + 20) = 8.33.
    { name: 'three values, by hand', replicas: [2, 3, 6], ahead: 20, expected: 9 },
    { name: 'a whole number is not rounded up', replicas: [1, 2, 3, 4], ahead: 15, expected: 5 },
    { name: 'a constant stays what it is', replicas: [7, 7, 7, 7, 7, 7, 7], ahead: 50, expected: 7 },
    { name: 'a decrease goes on below zero', replicas: [9, 6, 3], ahead: 30, expected: -3 },
  ])('$name', ({ replicas, ahead, expected }) => {
    expect(linearPrediction(history(replicas), ahead * 1000)).toBe(expected);
  });

  // statsmodels 0.14.0, OLS(replicas, add_constant(seconds before)).fit().predict([[1, 0]]), before it is rounded up.
  test.each([
    { replicas: [5, 6, 6, 9, 8, 11, 10], ahead: 10, line: 11.39285714285715 },
    { replicas: [20, 18, 18, 17, 12, 13, 11], ahead: 50, line: 5.845238095238097 },
    { replicas: [3, 3, 4, 3, 3, 4, 4], ahead: 35, line: 4.190476190476191 },
  ])('$replicas become $line in $ahead s', ({ replicas, ahead, line }) => {
    expect(linearPrediction(history(replicas), ahead * 1000)).toBe(Math.ceil(line));
  });
});
