import fc from 'fast-check';
import { escapeRegex, quotePromql, unquotePromql } from './promql-strings.ts';

describe('unquotePromql', () => {
  test.each([
    ['double quotes', String.raw`"a b"`, 'a b'],
    ['single quotes', String.raw`'a"b'`, 'a"b'],
    ['backticks keep backslashes', '`a\\n`', 'a\\n'],
    ['backticks may hold a line end', '`a\nb`', 'a\nb'],
    ['an empty literal', '""', ''],
    ['simple escapes', String.raw`"\n\t\\\""`, '\n\t\\"'],
    ['hexadecimal and octal escapes', String.raw`"\x41\102\u00e9\U0001F600"`, 'ABé😀'],
    ['characters outside ASCII', '"日本"', '日本'],
  ])('%s', (_name, literal, text) => {
    expect(unquotePromql(literal)).toBe(text);
  });

  test.each([
    ['a literal that is not closed', '"abc'],
    ['a lone quote', '"'],
    ['a quote that is escaped at the end', String.raw`"abc\"`],
    ['quotes that differ', `"abc'`],
    ['an unknown escape', String.raw`"\q"`],
    ['the other quote escaped', String.raw`"\'"`],
    ['a hexadecimal escape cut short', String.raw`"\x4"`],
    ['an escape that makes a byte and not a character', String.raw`"\xff"`],
    ['half of a surrogate pair', String.raw`"\ud800"`],
    ['a lone surrogate written directly', '"\ud800"'],
    ['a line end inside quotes', '"a\nb"'],
    ['a quote inside', '"a"b"'],
    ['a backtick inside backticks', '`a`b`'],
    ['no literal at all', 'abc'],
  ])('refuses %s', (_name, literal) => {
    expect(unquotePromql(literal)).toBeUndefined();
  });
});

test('quoting and unquoting any text gives it back, on one line without control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const quoted = quotePromql(text);
      expect(unquotePromql(quoted)).toBe(text);
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(quoted).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
    }),
  );
});

test('an escaped text matches itself and nothing else', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      const pattern = new RegExp(`^(?:${escapeRegex(text)})$`, 's');
      expect(pattern.test(text)).toBe(true);
      expect(pattern.test(other)).toBe(text === other);
    }),
  );
});
