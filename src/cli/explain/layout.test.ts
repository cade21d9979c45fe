import fc from 'fast-check';
import { textWidth, wrap, wrappedTable } from './layout.ts';

test.each([
  [undefined, 110],
  [200, 110],
  [100, 100],
  [20, 70],
])('a terminal of %s columns is written in %d', (columns, width) => {
  expect(textWidth(columns)).toBe(width);
});

test.each<readonly [string, string, readonly string[]]>([
  ['breaks at spaces', 'one two three', ['- one two', '  three']],
  ['keeps lines, and the indents of commands', 'one:\n  two', ['- one:', '    two']],
  ['keeps a long word whole', 'a https://example.org/x b', ['- a', '  https://example.org/x', '  b']],
  ['keeps a number and its percent sign together', 'with 12 % of', ['- with', '  12 % of']],
  ['has a line for an empty text', '', ['-']],
])('%s', (_, text, lines) => {
  expect(wrap(text, { first: '- ', rest: '  ', width: 10 })).toEqual(lines);
});

test('no word is lost, and no line with two words is too long', () => {
  const words = fc.array(fc.stringMatching(/^[a-z→0-9]{1,30}$/), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.integer({ min: 5, max: 60 }), (given, width) => {
      const lines = wrap(given.join(' '), { width });
      expect(lines.join(' ').split(' ')).toEqual(given);
      for (const line of lines) {
        if (line.includes(' ')) expect(Array.from(line).length).toBeLessThanOrEqual(width);
      }
    }),
  );
});

test('the last column of a table goes on below itself', () => {
  const lines = wrappedTable(['A', 'WHY'], [['1', 'because it was asked for by all of them']], 30);
  expect(lines).toEqual(['A   WHY', '1   because it was asked for', '    by all of them']);
});
