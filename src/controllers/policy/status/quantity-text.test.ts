import fc from 'fast-check';
import { parseQuantity } from '../../../api/quantity.ts';
import { knownQuantity, quantityText } from './quantity-text.ts';

describe('a number in the status', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [49.4321, '49.4'],
    [-49.4321, '-49.4'],
    [0.123456, '0.123'],
    [999.4, '999'],
    [1234.5, '1235'],
    [2 ** 31, '2147483648'],
    [1e-12, '1e-9'],
    [1e308, '9000000000000000000'],
    [-Infinity, '-9000000000000000000'],
  ])('%d is written as %s', (value, text) => {
    expect(quantityText(value)).toBe(text);
  });

  test('is a quantity near to it, to three digits or the billionth a quantity ends at, whatever it is', () => {
    const property = fc.property(fc.double({ noNaN: true }), (value) => {
      const read = parseQuantity(quantityText(value));
      const near = Math.max(0.005 * Math.abs(value), 1e-9);
      const size = Math.abs(value);
      if (size >= 1e-9 && size <= 9e18) expect(Math.abs(read - value)).toBeLessThanOrEqual(near);
      else expect(Math.sign(read)).toBeCloseTo(Math.sign(value), 12);
    });
    fc.assert(property);
  });

  test('is left out when it is not known', () => {
    expect(knownQuantity(NaN)).toBeUndefined();
    expect(knownQuantity(0)).toBe('0');
  });
});
