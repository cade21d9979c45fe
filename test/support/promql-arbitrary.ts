import fc from 'fast-check';

// Queries as a hostile user may write them: odd white space, comments that end at a carriage return, texts that
// look like PromQL, keywords as names. Most are valid, some are not.

const space = fc.constantFrom('', ' ', '\n', '\t', ' # note\n', ' # \r + z\n', '\u2028');
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('"} or y{', '`', '\\', '#', "'", '\n', '{namespace="other"}', '\r or z'),
);
const literal = text.map((value) => (value.includes('`') ? JSON.stringify(value) : `\`${value}\``));
const metric = fc.constantFrom(
  'x',
  'sum',
  'start',
  'namespace',
  'a:b',
  'offset_',
  'by',
  'Inf_',
  'fill',
  'smoothed',
);
const label = fc.constantFrom('a', 'namespace_', '"namespace "', 'by', '"a b"', 'sum', '__name', 'offset');
const matcher = fc
  .tuple(label, space, fc.constantFrom('=', '!=', '=~', '!~'), space, literal)
  .map((parts) => parts.join(''));
const own = fc.constantFrom('namespace="shop"', '"namespace"=`shop`', "namespace = 'sh\\157p'");
const selector = fc
  .tuple(metric, space, fc.array(fc.oneof(matcher, own), { maxLength: 3 }), space)
  .map(([name, before, matchers, after]) => `${name}${before}{${matchers.join(`${after},`)}${after}}`);
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small' },
    selector,
    metric,
    fc
      .tuple(
        tie('expression'),
        space,
        fc.constantFrom('+', ' or ', '> bool', '/ on(a)'),
        space,
        tie('expression'),
      )
      .map((p) => p.join('')),
    fc
      .tuple(fc.constantFrom('sum', 'max by (pod)', 'abs', 'timestamp', 'scalar'), space, tie('expression'))
      .map(([f, s, e]) => `${f}${s}(${e})`),
    fc.tuple(selector, space).map(([e, s]) => `rate(${e}[5m${s}])`),
    tie('expression').map((e) => `max_over_time((${e})[10m:1m] offset 5m)`),
    fc.tuple(tie('expression'), literal).map(([e, s]) => `label_replace(${e}, "a", ${s}, "b", ${s})`),
  ),
}));

/** Random PromQL around selectors, as text. */
export const promqlExpression: fc.Arbitrary<string> = expression;
