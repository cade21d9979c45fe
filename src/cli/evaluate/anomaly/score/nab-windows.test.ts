import { nabWindows } from './nab-windows.ts';

test.each([
  ['one label gets a tenth of the rows around it', 1000, [500], [[450, 550]]],
  [
    'two labels get a twentieth each',
    1000,
    [300, 700],
    [
      [275, 325],
      [675, 725],
    ],
  ],
  ['windows that overlap are one', 1000, [500, 520], [[475, 545]]],
  ['a window ends where the series does', 1000, [990], [[940, 999]]],
  ['no label, no window', 1000, [], []],
])('%s', (_, rows, labels, expected) => {
  expect(nabWindows(rows, labels)).toEqual(expected.map(([first, last]) => ({ first, last })));
});

test.each([-1, 1000, 3.5, NaN])('a label of %d is refused', (label) => {
  expect(() => nabWindows(1000, [label])).toThrow(/is not one of the 1000 rows/);
});
