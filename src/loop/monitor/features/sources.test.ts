import { CPU, REQUESTS, specFixture } from '../../../../test/support/loop-fixtures.ts';
import { featureSources } from './sources.ts';

const metric = (name: string, query = 'sum(x)') => ({
  type: 'Prometheus',
  prometheus: { name, query, target: { type: 'AverageValue', averageValue: '1' } },
});
const indicator = (name: string, query = 'x') => ({ name, query, threshold: '1' });
const of = (metrics: readonly unknown[], indicators: readonly unknown[] = [], rest = {}) =>
  featureSources(
    specFixture({ metrics, objective: { indicators: [indicator('x'), ...indicators], ...rest } }),
  );

test.each([
  ['a metric that is called so', [CPU, metric('checkout-requests')], 'checkout-requests'],
  ['a metric whose query counts requests', [metric('load', 'sum(rate(http_requests_total[1m]))')], 'load'],
  ['the first of two', [metric('rps'), metric('requests')], 'rps'],
  ['none that is about a queue', [metric('pending-requests-queue')], undefined],
  ['none', [CPU, metric('sessions')], undefined],
])('requests are taken from %s', (_, metrics, name) => {
  expect(of(metrics).requestRate).toBe(name);
});

test('an objective about requests needs no guess', () => {
  const requests = { totalQuery: 'sum(rate(a[1m]))' };
  const sources = featureSources(specFixture({ metrics: [REQUESTS], objective: { requests } }));
  expect(sources).toMatchObject({ requestRate: 'objective.requests', demand: 'objective.requests' });
});

test('without requests the first metric is the demand, and without any there is none', () => {
  expect(of([CPU, metric('sessions')])).toMatchObject({ demand: 'cpu', cpu: 'cpu', memory: undefined });
  const requests = { totalQuery: 'sum(rate(a[1m]))' };
  expect(featureSources(specFixture({ metrics: [], objective: { requests } })).demand).toBe(
    'objective.requests',
  );
});

test.each([
  ['a metric', [metric('kafka-lag')], [indicator('queue')], { metric: 'kafka-lag' }],
  ['an indicator', [CPU], [indicator('queue-depth')], { indicator: 1 }],
  ['nothing that flags, drags or lags in other words', [metric('flagged')], [indicator('lagoon')], undefined],
])('the lag of a queue is taken from %s', (_, metrics, indicators, source) => {
  expect(of(metrics, indicators).queueLag).toEqual(source);
});

const P95 = 'histogram_quantile(0.95, sum by (le) (rate(d_seconds_bucket{code!~"5.."}[2m])))';
const SHARE = 'sum(rate(http_requests_total{code=~"5.."}[2m])) / sum(rate(http_requests_total[2m]))';

test.each([
  ['names', [indicator('errors'), indicator('latency-p95')], { latency: 2, errors: 1 }],
  ['queries', [indicator('good', SHARE), indicator('fast', P95)], { latency: 2, errors: 1 }],
  [
    'a latency that leaves errors out, and no errors',
    [indicator('fast', P95)],
    { latency: 1, errors: undefined },
  ],
  ['neither', [indicator('balance')], { latency: undefined, errors: undefined }],
])('latency and errors are known by %s', (_, indicators, wanted) => {
  expect(of([CPU], indicators)).toMatchObject(wanted);
});

test('the price of a replica is a number, and unknown without one', () => {
  expect(of([CPU], [], { replicaHourPrice: '50m' }).replicaHourPrice).toBe(0.05);
  expect(of([CPU]).replicaHourPrice).toBeNaN();
});
