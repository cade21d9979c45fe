import { withFields } from '../../../test/support/with-fields.ts';
import type { KubeObject } from '../../adapters/kubernetes/objects.ts';
import { policyEntry } from './policy-entry.ts';

/** As an item of a list, which carries neither apiVersion nor kind. */
const item = {
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: 'policy-uid',
    generation: 3,
    resourceVersion: '4711',
    creationTimestamp: '2026-05-04T08:00:00Z',
  },
  spec: {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
      },
      {
        type: 'Prometheus',
        prometheus: {
          name: 'requests',
          query: 'sum(rate(http_requests_total[2m]))',
          target: { type: 'AverageValue', averageValue: '50' },
        },
      },
    ],
    horizontal: { maxReplicas: 9 },
    objective: { indicators: [{ name: 'latency', query: 'max(latency_seconds)', threshold: '300m' }] },
  },
};

const withChanges = (changes: Readonly<Record<string, unknown>>): KubeObject =>
  withFields(item, changes) as unknown as KubeObject;

describe('a policy as the watch delivers it', () => {
  test('is read once, with every default and its queries confined to the namespace', () => {
    const entry = policyEntry(withChanges({}));
    expect(entry).toMatchObject({
      valid: true,
      key: 'shop/web',
      namespace: 'shop',
      name: 'web',
      uid: 'policy-uid',
      generation: 3,
      resourceVersion: '4711',
      status: {},
      view: {
        uid: 'policy-uid',
        generation: 3,
        createdAt: Date.UTC(2026, 4, 4, 8),
        suspendedByAnnotation: false,
        expectedUntil: 0,
        deleting: false,
        spec: { mode: 'Preview', horizontal: { minReplicas: 1, maxReplicas: 9 } },
      },
      queries: {
        metrics: [
          undefined,
          { namespace: 'shop', text: 'sum(rate(http_requests_total{namespace="shop"}[2m]))' },
        ],
        requests: undefined,
      },
    });
  });

  test.each([
    [
      'suspended by its annotation',
      { 'metadata.annotations': { 'autonomic.dev/suspend': 'true' } },
      { suspendedByAnnotation: true },
    ],
    [
      'not suspended by another value',
      { 'metadata.annotations': { 'autonomic.dev/suspend': 'yes' } },
      { suspendedByAnnotation: false },
    ],
    [
      'announced to be unusual until a time',
      { 'metadata.annotations': { 'autonomic.dev/expected-until': '2026-11-27T20:00:00Z' } },
      { expectedUntil: Date.UTC(2026, 10, 27, 20) },
    ],
    [
      'announced in another zone',
      { 'metadata.annotations': { 'autonomic.dev/expected-until': '2026-11-27T20:00:00+02:00' } },
      { expectedUntil: Date.UTC(2026, 10, 27, 18) },
    ],
    [
      'with a runbook of its own',
      { 'metadata.annotations': { 'autonomic.dev/runbook': ' https://wiki.example.com/web\n' } },
      { runbook: 'https://wiki.example.com/web' },
    ],
    [
      'with one of which the beginning is shown',
      { 'metadata.annotations': { 'autonomic.dev/runbook': 'x'.repeat(4096) } },
      { runbook: `${'x'.repeat(499)}…` },
    ],
    ['being deleted', { 'metadata.deletionTimestamp': '2026-05-04T09:00:00Z' }, { deleting: true }],
  ])('may be %s', (_name, changes, view) => {
    expect(policyEntry(withChanges(changes))).toMatchObject({ valid: true, view });
  });

  test.each(['', 'tomorrow', '20:00', '2026-13-45T00:00:00Z'])(
    "is announced by no time: '%s' hides nothing",
    (text) => {
      const annotations = { 'metadata.annotations': { 'autonomic.dev/expected-until': text } };
      expect(policyEntry(withChanges(annotations))).toMatchObject({
        valid: true,
        view: { expectedUntil: 0 },
      });
    },
  );

  test.each([
    [
      'a field that the schema refuses',
      { 'spec.mode': 'preview' },
      'spec.mode: Invalid option: expected one of "Preview"|"Apply"; found "preview"',
    ],
    [
      'a query that does not parse',
      { 'spec.metrics[1].prometheus.query': 'sum(' },
      'spec.metrics[1].prometheus.query: ',
    ],
    [
      'a query that looks into another namespace',
      { 'spec.metrics[1].prometheus.query': 'sum(x{namespace="bank"})' },
      'spec.metrics[1].prometheus.query: ',
    ],
    [
      'an indicator that does not parse',
      { 'spec.objective.indicators[0].query': ')' },
      'spec.objective.indicators[0].query: ',
    ],
    [
      'a query for requests that looks into another namespace',
      { 'spec.objective.requests': { totalQuery: 'sum(x{namespace="bank"})' } },
      'spec.objective.requests.totalQuery: ',
    ],
    [
      'a query for bad requests that does not parse',
      { 'spec.objective.requests': { totalQuery: 'sum(x)', badQuery: 'sum(' } },
      'spec.objective.requests.badQuery: ',
    ],
    [
      'counters of pods that are not named by a selector',
      { 'spec.objective.requests': { totalQuery: 'sum(x)', scrape: { port: 1, total: 'rate(x[1m])' } } },
      'spec.objective.requests.scrape.total: "rate(x[1m])" is more than a selector',
    ],
    [
      'a pattern for the counters of bad requests that is not understood',
      {
        'spec.objective.requests': {
          totalQuery: 'sum(x)',
          badQuery: 'sum(y)',
          scrape: { port: 1, total: 'x', bad: 'x{code=~"(4|5).."}' },
        },
      },
      'spec.objective.requests.scrape.bad: the pattern "(4|5).." of code: ',
    ],
  ])('is not evaluated because of %s', (_name, changes, problem) => {
    const entry = policyEntry(withChanges(changes));
    expect(entry).toMatchObject({ valid: false, key: 'shop/web', uid: 'policy-uid', generation: 3 });
    expect(entry.valid ? '' : entry.problem).toContain(problem);
  });

  test('has the counters that its pods are asked for', () => {
    const requests = {
      totalQuery: 'sum(x)',
      badQuery: 'sum(y)',
      scrape: { port: 'metrics', total: 'x_count', good: 'x_bucket{le="0.4"}' },
    };
    expect(policyEntry(withChanges({ 'spec.objective.requests': requests }))).toMatchObject({
      queries: {
        scrape: {
          port: 'metrics',
          path: '/metrics',
          total: { name: 'x_count' },
          part: { of: 'good', selector: { name: 'x_bucket', text: 'x_bucket{le="0.4"}' } },
        },
      },
    });
  });

  test('names every problem at once', () => {
    const entry = policyEntry(
      withChanges({ 'spec.metrics[1].prometheus.query': 'sum(', 'spec.objective.indicators[0].query': ')' }),
    );
    expect(entry.valid ? '' : entry.problem).toMatch(
      /spec\.metrics\[1\].*; spec\.objective\.indicators\[0\]/,
    );
  });

  test.each([
    ['has no spec at all', { spec: undefined }, 'shop/web'],
    ['has hardly any metadata', { metadata: { name: 'web' } }, '/web'],
  ])('keeps its place although it %s', (_name, changes, key) => {
    expect(policyEntry(withChanges(changes))).toMatchObject({ valid: false, key });
  });

  test('is evaluated although its status was written by another version', () => {
    const entry = policyEntry(withChanges({ status: { decisions: 'many' } }));
    expect(entry).toMatchObject({ valid: true, status: {} });
  });
});
