import fc from 'fast-check';
import { formatQuantity, parseQuantity, QuantityError } from './quantity.ts';

describe('parseQuantity', () => {
  test.each([
    ['0', 0],
    ['-0', 0],
    ['2', 2],
    ['+2', 2],
    ['-2', -2],
    ['250m', 0.25],
    ['1500m', 1.5],
    ['0.1', 0.1],
    ['.5', 0.5],
    ['5.', 5],
    ['007', 7],
    ['100n', 1e-7],
    ['3u', 3e-6],
    ['1k', 1000],
    ['1.5M', 1_500_000],
    ['2G', 2e9],
    ['1T', 1e12],
    ['1P', 1e15],
    ['1E', 1e18],
    ['1Ki', 1024],
    ['512Mi', 536_870_912],
    ['1.5Gi', 1_610_612_736],
    ['1Ti', 2 ** 40],
    ['1Pi', 2 ** 50],
    ['7Ei', 7 * 2 ** 60],
    ['1e3', 1000],
    ['1E3', 1000],
    ['12E-1', 1.2],
    ['1e+2', 100],
    ['0e99', 0],
    ['0.5n', 1e-9],
    ['1e-30', 1e-9],
    ['-0.1n', -1e-9],
    ['9223372036854775807', 2 ** 63],
    ['123456789.123456789', 123456789 + 0.123456789],
  ])('reads %p as %p', (text, expected) => {
    expect(parseQuantity(text)).toBe(expected);
  });

  test.each([
    '',
    ' ',
    '1 ',
    ' 1',
    '1\n',
    '.',
    '-',
    '+',
    '+-1',
    '--1',
    '1.1.1',
    '1,5',
    '1_000',
    '0x10',
    'k',
    'Ki',
    '1K',
    '1ki',
    '1KI',
    '1mi',
    '1B',
    '1MB',
    '1Mib',
    '1kk',
    '1e',
    '1e+',
    '1e1.5',
    '1e999999999',
    '1Ei5',
    '1h',
    '80%',
    'NaN',
    'Infinity',
    '-Infinity',
    'null',
    '١',
    '１',
    '1\u0000',
    '9223372036854775808',
    '8Ei',
    '1e99',
    '1'.repeat(33),
    '1'.repeat(1_000_000),
  ])('refuses %p, saying what was found and what is allowed', (text) => {
    expect(() => parseQuantity(text)).toThrow(QuantityError);
    expect(() => parseQuantity(text)).toThrow(/found '.*'; allowed is a decimal number/su);
  });

  it('does not repeat a huge text in the error', () => {
    expect(() => parseQuantity('9'.repeat(1_000_000))).toThrow(/^quantity is too long: found '9{32}…'/u);
  });
});

describe('formatQuantity', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [2, '2'],
    [0.25, '250m'],
    [1.5, '1500m'],
    [0.1, '100m'],
    [0.000_001_5, '1500n'],
    [1000, '1k'],
    [1_500_000, '1500k'],
    [-0.2, '-200m'],
    [536_870_912, '536870912'],
    [1e18, '1E'],
    [5e-324, '1n'],
  ])('writes %p as %p', (value, expected) => {
    expect(formatQuantity(value)).toBe(expected);
  });

  test.each([
    [37.456_789_123, 3, '37457m'],
    [37.456_789_123, 0, '37'],
    [0.000_4, 3, '1m'],
    [1200, 0, '1200'],
    [2000, 3, '2k'],
  ])('writes %p with %p decimals as %p', (value, decimals, expected) => {
    expect(formatQuantity(value, decimals)).toBe(expected);
  });

  test.each([NaN, Infinity, -Infinity, 2 ** 63, -(2 ** 63), Number.MAX_VALUE])('refuses %p', (value) => {
    expect(() => formatQuantity(value)).toThrow(QuantityError);
  });

  const finite = fc.double({ min: -9e18, max: 9e18, noNaN: true });

  it('is undone by parseQuantity to within one billionth', () => {
    fc.assert(
      fc.property(finite, (value) => {
        const back = parseQuantity(formatQuantity(value));
        return Math.abs(back - value) <= 1e-9 && Math.sign(back) === Math.sign(value);
      }),
    );
  });

  it('is undone exactly for every integer a double holds', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => parseQuantity(formatQuantity(value)) === value + 0),
    );
  });

  it('is canonical: reading and writing again changes nothing', () => {
    fc.assert(
      fc.property(finite, (value) => {
        const once = formatQuantity(value);
        return formatQuantity(parseQuantity(once)) === once;
      }),
    );
  });
});

it('any text is either a finite number or a QuantityError', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[+-]?[0-9.]{0,12}[a-zA-Z0-9+-]{0,4}$/));
  fc.assert(
    fc.property(text, (candidate) => {
      try {
        return Number.isFinite(parseQuantity(candidate));
      } catch (error) {
        return error instanceof QuantityError;
      }
    }),
  );
});
