import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { promqlExpression } from '../../../test/support/promql-arbitrary.ts';
import { DEFAULT_PROMQL_LIMITS } from './promql-limits.ts';
import { scopeToNamespace } from './promql.ts';

function scoped(query: string, namespace = 'shop'): string {
  const result = scopeToNamespace(query, namespace);
  if (!result.ok) throw new Error(`${query}: ${result.error.message}`);
  return result.value.text;
}

describe('queries that are confined', () => {
  test.each([
    ['up', 'up{namespace="shop"}'],
    ['up{}', 'up{namespace="shop"}'],
    ['up{job="a"}', 'up{namespace="shop",job="a"}'],
    ['up{job="a",}', 'up{namespace="shop",job="a"}'],
    ['up{job!="a",pod=~"b.*",zone!~"c|d"}', 'up{namespace="shop",job!="a",pod=~"b.*",zone!~"c|d"}'],
    ['up{namespace="shop"}', 'up{namespace="shop"}'],
    ['up{namespace="shop",namespace="shop"}', 'up{namespace="shop"}'],
    ['up{"namespace"="shop"}', 'up{namespace="shop"}'],
    ['up{namespace="sh\\x6fp"}', 'up{namespace="shop"}'],
    ['{__name__="up"}', '{namespace="shop",__name__="up"}'],
    ['{"up"}', 'up{namespace="shop"}'],
    ['{"http.requests",job="a"}', '{"http.requests",namespace="shop",job="a"}'],
    ['{job="a","http.requests"}', '{"http.requests",namespace="shop",job="a"}'],
    ['up{"a b"="c"}', 'up{namespace="shop","a b"="c"}'],
    ['job:http_requests:rate5m', 'job:http_requests:rate5m{namespace="shop"}'],
    ['sum(rate(http_requests_total[5m]))', 'sum(rate(http_requests_total{namespace="shop"}[5m]))'],
    ['sum by (pod) (rate(x[1m]))', 'sum by (pod) (rate(x{namespace="shop"}[1m]))'],
    ['sum(x) without (pod)', 'sum(x{namespace="shop"}) without (pod)'],
    ['SUM(x) BY (pod)', 'SUM(x{namespace="shop"}) BY (pod)'],
    ['topk(3, x)', 'topk(3, x{namespace="shop"})'],
    ['count_values("v", x)', 'count_values("v", x{namespace="shop"})'],
    ["count_values('v', x)", 'count_values("v", x{namespace="shop"})'],
    ['x / y', 'x{namespace="shop"} / y{namespace="shop"}'],
    [
      'x / on (pod) group_left (node) y',
      'x{namespace="shop"} / on (pod) group_left (node) y{namespace="shop"}',
    ],
    ['x / ignoring (pod) y', 'x{namespace="shop"} / ignoring (pod) y{namespace="shop"}'],
    ['x > bool 1', 'x{namespace="shop"} > bool 1'],
    [
      'x and y or z unless w',
      'x{namespace="shop"} and y{namespace="shop"} or z{namespace="shop"} unless w{namespace="shop"}',
    ],
    ['-x ^ 2', '-x{namespace="shop"} ^ 2'],
    ['(x)', '(x{namespace="shop"})'],
    ['x offset 5m', 'x{namespace="shop"} offset 5m'],
    ['x offset -5m', 'x{namespace="shop"} offset -5m'],
    ['x @ 1609746000', 'x{namespace="shop"} @ 1609746000'],
    ['x @ end()', 'x{namespace="shop"} @ end()'],
    ['x @ start() offset 1h', 'x{namespace="shop"} @ start() offset 1h'],
    ['rate(x[5m] offset 1w)', 'rate(x{namespace="shop"}[5m] offset 1w)'],
    ['max_over_time(rate(x[5m])[1h:1m])', 'max_over_time(rate(x{namespace="shop"}[5m])[1h:1m])'],
    ['max_over_time(x[1h:])', 'max_over_time(x{namespace="shop"}[1h:])'],
    [
      'max_over_time(x[1h:1m] @ end() offset 1m)',
      'max_over_time(x{namespace="shop"}[1h:1m] @ end() offset 1m)',
    ],
    ['rate(x[300])', 'rate(x{namespace="shop"}[300])'],
    ['sum(x) or vector(0)', 'sum(x{namespace="shop"}) or vector(0)'],
    ['clamp_min(scalar(x), 1)', 'clamp_min(scalar(x{namespace="shop"}), 1)'],
    ['time() - x', 'time() - x{namespace="shop"}'],
    ['timestamp(x)', 'timestamp(x{namespace="shop"})'],
    [
      'histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))',
      'histogram_quantile(0.99, sum by (le) (rate(x_bucket{namespace="shop"}[5m])))',
    ],
    [
      'label_replace(x, "a", "$1", "b", `(\\d+)`)',
      'label_replace(x{namespace="shop"}, "a", "$1", "b", "(\\\\d+)")',
    ],
    ['x{a=`b"c`}', 'x{namespace="shop",a="b\\"c"}'],
    ["x{a='b\"c'}", 'x{namespace="shop",a="b\\"c"}'],
    ['x{a="日本"}', 'x{namespace="shop",a="日本"}'],
    ['x{a="line\\nend"}', 'x{namespace="shop",a="line\\u000aend"}'],
    ['sum(\n  x\n)\n', 'sum( x{namespace="shop"} )'],
    ['x # a comment', 'x{namespace="shop"}'],
    ['# a comment\nx', 'x{namespace="shop"}'],
    ['x # hides {namespace="other"}\n+ y', 'x{namespace="shop"} + y{namespace="shop"}'],
    ['x{ # inside\n a="b" }', 'x{namespace="shop",a="b"}'],
    // Names that are keywords elsewhere are metrics here.
    ['offset_total', 'offset_total{namespace="shop"}'],
    ['start + end', 'start{namespace="shop"} + end{namespace="shop"}'],
    ['sum{a="b"} + count', 'sum{namespace="shop",a="b"} + count{namespace="shop"}'],
    ['namespace{pod="namespace"}', 'namespace{namespace="shop",pod="namespace"}'],
    ['x{exported_namespace="other"}', 'x{namespace="shop",exported_namespace="other"}'],
    ['sum by (namespace) (x)', 'sum by (namespace) (x{namespace="shop"})'],
    ['sum by ("a b") (x)', 'sum by ("a b") (x{namespace="shop"})'],
  ])('%j', (query, expected) => {
    expect(scoped(query)).toBe(expected);
  });
});

describe('attempts to read another namespace', () => {
  test.each([
    ['a string that pretends to close the selector', '"} or vector(0) #', 'NoSelector'],
    ['a value that closes the selector', 'x{a="b"} or y{namespace="other"} #"}', 'NamespaceMatcher'],
    ['a foreign namespace', 'x{namespace="other"}', 'NamespaceMatcher'],
    ['a foreign namespace beside the own one', 'x{namespace="shop",namespace="other"}', 'NamespaceMatcher'],
    ['a negated namespace', 'x{namespace!="shop"}', 'NamespaceMatcher'],
    ['a pattern for the namespace', 'x{namespace=~".+"}', 'NamespaceMatcher'],
    ['a negated pattern for the namespace', 'x{namespace!~"shop"}', 'NamespaceMatcher'],
    ['a quoted label name', 'x{"namespace"="other"}', 'NamespaceMatcher'],
    ['a label name written with escapes', 'x{"name\\x73pace"="other"}', 'NamespaceMatcher'],
    ['a foreign namespace in backticks', 'x{namespace=`other`}', 'NamespaceMatcher'],
    [
      'a foreign namespace inside a subquery',
      'max_over_time(x{namespace="other"}[1h:1m])',
      'NamespaceMatcher',
    ],
    ['a foreign namespace at another time', 'x + y{namespace="other"} @ 5 offset 1m', 'NamespaceMatcher'],
    ['every metric by pattern', '{__name__=~".+"}', 'MetricName'],
    ['every metric by negation', '{__name__!="x"}', 'MetricName'],
    ['no metric name', '{job="a"}', 'MetricName'],
    ['an empty metric name', '{__name__=""}', 'MetricName'],
    ['an empty selector', '{}', 'MetricName'],
    ['two metric names', 'x{__name__="y"}', 'MetricName'],
    ['two quoted metric names', '{"x","y"}', 'MetricName'],
    ['a name and a quoted name', 'x{"y"}', 'MetricName'],
    ['two names by label', '{__name__="x",__name__="y"}', 'MetricName'],
    ['a function that reads series of its own', 'info(x)', 'Unsupported'],
    ['a function that reads series of its own by label', 'info(x, {k8s_cluster=~".+"})', 'Unsupported'],
    ['a string that is not closed', 'x{a="b', 'Syntax'],
    ['a literal ended by a backslash', 'x{a="\\', 'Syntax'],
    ['a byte escape', 'x{a="\\xff"}', 'Syntax'],
    ['two expressions', 'x y', 'Syntax'],
    ['a template', 'x{namespace="{{ .Namespace }}"}', 'NamespaceMatcher'],
    ['a semicolon', 'x; y', 'Syntax'],
    ['a NUL', 'x\u0000y', 'Syntax'],
    ['a full-width brace', 'x｛a="b"｝', 'Syntax'],
    ['a metric name outside ASCII', '日本', 'Syntax'],
  ])('%s is refused', (_name, query, code) => {
    expect(scopeToNamespace(query, 'shop')).toMatchObject({ ok: false, error: { code } });
  });

  test('what hides behind a carriage return in a comment is not sent', () => {
    // Prometheus ends a comment at \r too, so `or y` would run there without a namespace.
    expect(scoped('x # \r or y')).toBe('x{namespace="shop"}');
  });

  test('the namespace itself cannot carry PromQL', () => {
    expect(scopeToNamespace('x', 'a"} or y #')).toMatchObject({ ok: false, error: { code: 'Namespace' } });
  });
});

describe('queries that cannot be a metric', () => {
  test.each([
    ['', 'Syntax', 'the query is empty'],
    ['  \n', 'Syntax', 'the query is empty'],
    ['sum(', 'Syntax', 'ends too early'],
    ['sum(x', 'Syntax', 'not closed'],
    ['sum(x))', 'Syntax', 'column 7'],
    ['foo{namespace="shop"} bar', 'Syntax', 'line 1, column 23: not valid PromQL at "bar"'],
    ['sum(\n  x{a=1})', 'Syntax', 'line 2, column 7: not valid PromQL at "1"'],
    ['nosuchfunction(x)', 'Syntax', 'column 15'],
    ['vector(0)', 'NoSelector', 'selects no series'],
    ['time()', 'NoSelector', 'selects no series'],
    ['1 + 1', 'NoSelector', 'selects no series'],
    ['"text"', 'NoSelector', 'selects no series'],
    ['x[5m]', 'RangeResult', 'rate(metric[5m])'],
    ['(x[5m] offset 1m)', 'RangeResult', 'answers a range'],
    ['# why\nx[1h:1m]', 'RangeResult', 'answers a range'],
    ['absent(x)', 'Unsupported', 'missing data is never a number'],
    ['absent_over_time(x[5m])', 'Unsupported', 'missing data is never a number'],
    ['x + fill(0) y', 'Unsupported', 'turns missing data into a number'],
    ['rate(x[5m+1h])', 'Unsupported', 'one positive literal'],
    ['rate(x[step()])', 'Unsupported', 'experimental'],
    ['rate(x[0s])', 'Unsupported', 'one positive literal'],
    ['rate(x[5m] smoothed)', 'Unsupported', 'experimental'],
    ['rate(x[25h])', 'RangeTooLong', 'looks back 1d1h in all, at most 1d is allowed'],
    ['max_over_time(rate(x[2h])[23h:1m])', 'RangeTooLong', 'looks back 1d1h in all'],
    ['max_over_time(x[1d:1s])', 'TooManySubquerySteps', 'need 86400 evaluations'],
    ['x + max_over_time(vector(1)[1d:1ms])', 'TooManySubquerySteps', 'lengthen the step'],
    ['max_over_time(max_over_time(x[1h:1m])[1h:1m])', 'TooManySubquerySteps', 'need 3660 evaluations'],
    ['max_over_time(x[1d:1m]) + max_over_time(y[1d:1m])', 'TooManySubquerySteps', 'need 2880 evaluations'],
    [
      Array.from({ length: 11 }, (_, i) => `x${i}`).join(' + '),
      'TooManySelectors',
      'has 11 selectors, at most 10',
    ],
    [`x{a="${'b'.repeat(5000)}"}`, 'TooLong', 'at most 4096'],
    [`${'('.repeat(2000)}x${')'.repeat(2001)}`, 'Syntax', 'column 4002'],
  ])('%j is refused with the place and the remedy', (query, code, message) => {
    const result = scopeToNamespace(query, 'shop');
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(result.ok ? '' : result.error.message).toContain(message);
  });

  test('limits are arguments', () => {
    const limits = { ...DEFAULT_PROMQL_LIMITS, maxSelectors: 1 };
    expect(scopeToNamespace('x + y', 'shop', limits)).toMatchObject({ error: { code: 'TooManySelectors' } });
  });

  test('a message never carries a raw control character', () => {
    const result = scopeToNamespace('x{a="b"}\u001b[31m y', 'shop');
    expect(result.ok ? '' : result.error.message).not.toContain('\u001b');
  });
});

describe('inputs whose age matters', () => {
  test.each([
    ['rate(x[5m]) / rate(y[5m])', ['x{namespace="shop"}', 'y{namespace="shop"}']],
    ['x + x', ['x{namespace="shop"}']],
    ['x / x offset 1w', ['x{namespace="shop"}']],
    ['y / x offset 1w', ['y{namespace="shop"}']],
    ['y + -x @ 5 offset 1w', ['y{namespace="shop"}']],
    ['y offset 1h + x offset 1w', ['y{namespace="shop"}', 'x{namespace="shop"}']],
    ['max_over_time(x[1h:1m] offset 1d) / y', ['y{namespace="shop"}']],
    ['x offset 5m', ['x{namespace="shop"}']],
    ['x @ end()', ['x{namespace="shop"}']],
  ])('%s', (query, inputs) => {
    const result = scopeToNamespace(query, 'shop');
    expect(result.ok && result.value.inputs).toEqual(inputs);
  });
});

/** The selectors of a query as the grammar sees them, with the text of each. */
function selectorsOf(query: string): string[] {
  const texts: string[] = [];
  parser.parse(query).iterate({
    enter: ({ node }) => {
      if (node.type.isError) throw new Error(`not valid PromQL: ${query}`);
      if (node.name === 'VectorSelector') texts.push(query.slice(node.from, node.to));
    },
  });
  return texts;
}

/** Every matcher on the namespace label in one selector, whatever its spelling. */
function namespaceMatchers(selector: string): string[] {
  const matchers: string[] = [];
  parser.parse(selector).iterate({
    enter: ({ node }) => {
      if (node.name !== 'UnquotedLabelMatcher' && node.name !== 'QuotedLabelMatcher') return;
      const text = selector.slice(node.from, node.to);
      if (/^"?namespace"?\s*[=!]/.test(text)) matchers.push(text);
    },
  });
  return matchers;
}

describe('any query that is accepted', () => {
  const limits = { ...DEFAULT_PROMQL_LIMITS, maxSubquerySteps: 1e9, maxSelectors: 1000, maxLength: 1e6 };

  test('has exactly one matcher on the namespace in each selector, and it is the right one', () => {
    let accepted = 0;
    fc.assert(
      fc.property(promqlExpression, (query) => {
        const result = scopeToNamespace(query, 'shop', limits);
        if (!result.ok) return;
        accepted += 1;
        const selectors = selectorsOf(result.value.text);
        expect(selectors.length).toBeGreaterThan(0);
        for (const found of [...selectors, ...result.value.inputs]) {
          expect(namespaceMatchers(found)).toEqual(['namespace="shop"']);
        }
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  test('stays as it is when it is confined a second time', () => {
    fc.assert(
      fc.property(promqlExpression, (query) => {
        const once = scopeToNamespace(query, 'shop', limits);
        if (once.ok) expect(scopeToNamespace(once.value.text, 'shop', limits)).toEqual(once);
      }),
    );
  });

  test('is one printable line outside its quoted texts', () => {
    fc.assert(
      fc.property(promqlExpression, (query) => {
        const result = scopeToNamespace(query, 'shop', limits);
        if (result.ok) expect(result.value.text.replace(/"(?:[^"\\]|\\.)*"/gu, '')).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  test('is never a thrown error, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (query) => {
        expect(typeof scopeToNamespace(query, 'shop').ok).toBe('boolean');
      }),
    );
  });
});
