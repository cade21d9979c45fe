import fc from 'fast-check';
import { parseSampleValue } from './number.ts';

test.each([
  ['0', 0],
  ['-0', -0],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['5.', 5],
  ['+3', 3],
  ['1e308', 1e308],
  ['1.7976931348623157e+308', Number.MAX_VALUE],
  ['4.2E-3', 0.0042],
  ['NaN', Number.NaN],
  ['+Inf', Infinity],
  ['Inf', Infinity],
  ['-Inf', -Infinity],
])('%j is %d', (text, value) => {
  expect(parseSampleValue(text)).toBe(value);
});

test.each([
  '',
  ' ',
  ' 1',
  '1 ',
  '0x10',
  '1_000',
  'null',
  'nan1',
  '1e',
  'e5',
  '.',
  '-',
  '1,5',
  'Infinity',
  '1e999',
  null,
  undefined,
  1,
  [],
  {},
])('%j is not a number', (text) => {
  expect(parseSampleValue(text)).toBeUndefined();
});

test('every finite number is read back as it was written', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      // Adding zero: JavaScript writes -0 as "0".
      expect(parseSampleValue(String(value))).toBe(value + 0);
    }),
  );
});
