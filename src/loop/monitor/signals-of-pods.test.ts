import {
  fresh,
  NOW,
  podsFixture,
  SECOND,
  silent,
  stale,
  targetFixture,
} from '../../../test/support/loop-fixtures.ts';
import type { PodView } from './observation.ts';
import { missing, type Reading } from './reading.ts';
import type { MeasuredSignal } from './signals.ts';
import { workloadSignals, type PodSignal } from './signals-of-pods.ts';

const LIMITED = { limits: { cpu: 1, memory: 512 }, restarts: 1 };
const READ_AT = NOW - 5 * SECOND;

/** The same reading of each signal for every pod, but for what is said. */
function signalOf(readings: Partial<Record<MeasuredSignal, Reading>>): PodSignal {
  return (signal) => readings[signal] ?? fresh(0.5, READ_AT);
}

const of = (pods: readonly PodView[], readings: Partial<Record<MeasuredSignal, Reading>> = {}) =>
  workloadSignals(targetFixture(pods.length, { pods }), signalOf(readings), NOW);

test('totals are over the ready pods; shares are their mean', () => {
  const pods = [...podsFixture(4, LIMITED), ...podsFixture(1, { ...LIMITED, name: 'new', ready: false })];
  expect(of(pods)).toEqual({
    cpuCores: fresh(2, READ_AT),
    cpuThrottledShare: fresh(0.5, READ_AT),
    memoryBytes: fresh(2, READ_AT),
    memoryLimitBytes: fresh(2048),
    restarts: fresh(5),
    oldestPod: {
      createdAt: pods[0]?.createdAt,
      memoryBytes: fresh(0.5, READ_AT),
      memoryLimitBytes: 512,
    },
    networkReceiveBytes: fresh(2, READ_AT),
    networkTransmitBytes: fresh(2, READ_AT),
  });
});

test('the pod that has run longest is told by itself, and only among the ready ones', () => {
  const young = podsFixture(1, { ...LIMITED, name: 'young' });
  const [old] = podsFixture(1, { ...LIMITED, name: 'old', createdAt: 1000 });
  const [gone] = podsFixture(1, { ...LIMITED, name: 'gone', createdAt: 10, ready: false });
  expect(of([...young, ...[old, gone].filter((pod) => pod !== undefined)]).oldestPod?.createdAt).toBe(1000);
  expect(of([])).not.toHaveProperty('oldestPod');
});

const LOST = missing('QueryFailed', 'timed out');

test.each<[string, readonly PodView[], Partial<Record<MeasuredSignal, Reading>>, object]>([
  [
    'a query that failed hides its own signal alone',
    podsFixture(2, LIMITED),
    { memoryBytes: LOST },
    {
      memoryBytes: { quality: 'Missing' },
      cpuCores: fresh(1, READ_AT),
      memoryLimitBytes: fresh(1024),
    },
  ],
  [
    'stale readings are no total',
    podsFixture(2, LIMITED),
    { cpuCores: stale(1) },
    { cpuCores: { quality: 'Missing', reason: 'LowCoverage' } },
  ],
  [
    'no ready pod has no signals',
    podsFixture(2, { ready: false }),
    {},
    {
      cpuCores: { quality: 'Missing', reason: 'NoData' },
      cpuThrottledShare: { quality: 'Missing' },
      memoryLimitBytes: { quality: 'Missing', reason: 'NoData' },
    },
  ],
  [
    'a pod without a memory limit leaves the sum unknown',
    [...podsFixture(1, LIMITED), ...podsFixture(1, { name: 'x' })],
    {},
    {
      memoryLimitBytes: { quality: 'Missing', message: 'a container of pod x has no memory limit' },
    },
  ],
  [
    'a pod without a status leaves the restarts unknown',
    podsFixture(1),
    {},
    { restarts: { quality: 'Missing', reason: 'NoData' } },
  ],
  [
    'a share is at most 1',
    podsFixture(3, LIMITED),
    { cpuThrottledShare: fresh(1.2) },
    { cpuThrottledShare: fresh(1) },
  ],
])('%s', (_, pods, readings, wanted) => {
  expect(of(pods, readings)).toMatchObject(wanted);
});

test.each<[string, Partial<PodView>, Partial<Record<MeasuredSignal, Reading>>, object]>([
  ['0 without a CPU limit, where the pod is watched', {}, { cpuThrottledShare: silent() }, fresh(0, READ_AT)],
  [
    'unknown without a CPU limit, where the pod is not watched',
    {},
    { cpuThrottledShare: silent(), cpuCores: silent() },
    { quality: 'Missing' },
  ],
  ['unknown under a CPU limit', LIMITED, { cpuThrottledShare: silent() }, { quality: 'Missing' }],
  ['unknown when the query failed', {}, { cpuThrottledShare: LOST }, { quality: 'Missing' }],
  ['what was measured, under the limit of another container', {}, {}, fresh(0.5, READ_AT)],
])('the throttled share is %s', (_, pod, readings, wanted) => {
  expect(of(podsFixture(2, pod), readings).cpuThrottledShare).toMatchObject(wanted);
});
