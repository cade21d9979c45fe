import { oneLetterApart, spelt } from './spelling.ts';

test.each([
  ['throttl', 'throtl', true],
  ['throtl', 'throttl', true],
  ['memory', 'memoru', true],
  ['latency', 'latnecy', true],
  ['memory', 'mmory', true],
  ['memory', 'memo', false],
  ['latency', 'patents', false],
  ['abcde', 'abdce', true],
  ['abcde', 'acbed', false],
])('%s and %s are one letter apart: %s', (a, b, apart) => {
  expect(oneLetterApart(a, b)).toBe(apart);
});

describe('a word that is nowhere', () => {
  const known = [
    {
      byTerm: new Map([
        ['latency', [1, 2]],
        ['memory', [1]],
        ['queue', [1]],
      ]),
    },
    {
      byTerm: new Map([
        ['memori', [1, 2, 3]],
        ['crash', [1]],
      ]),
    },
  ];
  test.each([
    ['is one that is a letter away', 'latncy', 'latency'],
    ['is the one in most passages', 'memorx', 'memori'],
    ['stays where it is known', 'queue', 'queue'],
    ['stays where nothing is near', 'weather', 'weather'],
    ['stays where the first letter is another', 'batency', 'batency'],
    ['stays where it is short', 'quee', 'quee'],
    ['stays where it has a digit', 'crash1', 'crash1'],
    ['stays where it means nothing', 'there', 'there'],
  ])('%s', (_name, stem, found) => {
    expect(spelt([stem], known)).toEqual([found]);
  });
});
