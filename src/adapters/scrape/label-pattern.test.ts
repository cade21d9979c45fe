import fc from 'fast-check';
import { compilePattern, matchesPattern, type LabelPattern } from './label-pattern.ts';

function compiled(source: string): LabelPattern {
  const pattern = compilePattern(source);
  if ('problem' in pattern) throw new Error(pattern.problem);
  return pattern;
}

describe('a pattern of a label matcher', () => {
  test.each([
    ['5..', ['500', '599'], ['50', '5000', '400']],
    ['4..|5..', ['404', '503'], ['200', '4..|5..']],
    ['/api/.*', ['/api/', '/api/v1/x'], ['/api', 'x/api/']],
    ['.+', ['x', 'ü'], ['']],
    ['a?b', ['b', 'ab'], ['aab', 'a']],
    ['[45]\\d\\d', ['400', '512'], ['300', '4x0']],
    ['[^a-c]x', ['dx'], ['ax', 'x']],
    ['1\\.5', ['1.5'], ['1x5']],
    ['|x', ['', 'x'], ['y']],
    ['[a-]', ['a', '-'], ['b']],
  ])('%s', (source, whole, others) => {
    for (const text of whole) expect([text, matchesPattern(compiled(source), text)]).toEqual([text, true]);
    for (const text of others) expect([text, matchesPattern(compiled(source), text)]).toEqual([text, false]);
  });

  test.each([
    ['(a|b)c', "'(' is not understood there: write alternatives without groups"],
    ['^a$', "'^' is not understood there"],
    ['a{3}', "'{' is not understood there"],
    ['*a', "'*' is not understood there"],
    ['a**', "'*' is not understood there"],
    ['\\w', "'\\w' is not understood: of escapes there are \\d and those of punctuation"],
    ['[a', "'[' is not closed"],
    ['[]', "'[]' is empty"],
    ['a\\', "'\\' is not understood"],
    ['a'.repeat(257), 'has 257 characters, at most 256 are allowed'],
  ])('%s is refused with the reason', (source, reason) => {
    expect(compilePattern(source)).toEqual({ problem: expect.stringContaining(reason) as string });
  });

  test('means what it means to JavaScript, whole', () => {
    const unit = fc.constantFrom('a', 'b', '.', '\\d', '[ab]', '[^a]', '\\.');
    const times = fc.constantFrom('', '*', '+', '?');
    const units = fc.array(fc.tuple(unit, times), { maxLength: 5 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', '.'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(units, { minLength: 1, maxLength: 3 }), text, (alternatives, tried) => {
        const source = alternatives.map((each) => each.map((pair) => pair.join('')).join('')).join('|');
        expect(matchesPattern(compiled(source), tried)).toBe(new RegExp(`^(?:${source})$`, 's').test(tried));
      }),
    );
  });

  test('takes no exponential time where JavaScript does', () => {
    const pattern = compiled('.*a.*a.*a.*a.*a.*a.*a.*a.*b');
    expect(matchesPattern(pattern, 'a'.repeat(2000))).toBe(false);
  });
});
