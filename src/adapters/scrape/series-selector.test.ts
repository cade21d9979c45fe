import { compileSelector, selects, type SeriesSelector } from './series-selector.ts';

function compiled(text: string): SeriesSelector {
  const result = compileSelector(text);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

describe('a selector of what a pod exposes', () => {
  test.each<[string, string[], boolean]>([
    ['x', [], true],
    ['x', ['code', '200'], true],
    ['x{code="200"}', ['code', '200', 'method', 'GET'], true],
    ['x{code="200"}', ['method', 'GET'], false],
    ['x{code!="200"}', ['method', 'GET'], true],
    ['x{handler!="/metrics"}', ['handler', '/metrics'], false],
    ['x{code=~"5.."}', ['code', '503'], true],
    ['x{code=~"5.."}', [], false],
    ['x{code!~"4..|5.."}', ['code', '404'], false],
    ['x{code!~"4..|5.."}', [], true],
    ['x{le="1"}', ['le', '1.0'], true],
    ['x{le="0.4"}', ['le', '4e-01'], true],
    ['x{le="0.4"}', ['le', '0.41'], false],
    ['x{le="+Inf"}', ['le', '+Inf'], true],
    ['x{version="1"}', ['version', '1.0'], false],
    ['{__name__="x",code="200"}', ['code', '200'], true],
    ["x{path='a\\'b'}", ['path', "a'b"], true],
  ])('%s on %j: %p', (text, labels, chosen) => {
    expect(compiled(text).name).toBe('x');
    expect(selects(compiled(text), labels)).toBe(chosen);
  });

  test('may name its metric in quotes', () => {
    expect(compiled('{"http.requests",code="200"}').name).toBe('http.requests');
  });

  test.each([
    ['rate(x[1m])', 'is more than a selector: write metric{label="value"}'],
    ['x[1m]', 'is more than a selector'],
    ['x offset 1m', 'is more than a selector'],
    ['(x)', 'is more than a selector'],
    ['x # {', 'is more than a selector'],
    ['1', 'is more than a selector'],
    ['x{', 'ends too early'],
    ['{code="200"}', 'names no metric'],
    ['{__name__=~"x.*"}', 'may select any number of metrics'],
    ['x{__name__="y"}', 'names its metric twice'],
    ['x{code=~"(4|5).."}', 'the pattern "(4|5).." of code: \'(\' is not understood there'],
  ])('%s is refused with the reason', (text, reason) => {
    expect(compileSelector(text)).toEqual({ ok: false, error: expect.stringContaining(reason) as string });
  });
});
