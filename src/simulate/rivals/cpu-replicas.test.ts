import fc from 'fast-check';
import { podFixture, START, startingPodFixture, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { POD_GROUPING } from '../../loop/plan/hpa-defaults.ts';
import { resourceReplicas } from '../../loop/plan/resource-replicas.ts';
import type { ScalerView } from '../scaler.ts';
import { cpuReplicas } from './cpu-replicas.ts';
import { CPU_WINDOW_SECONDS, podCpuUsage } from './pod-cpu.ts';

const TOLERANCE = { up: 0.1, down: 0.1 };
const UNTIL = START - 30_000;
const old = (count: number) =>
  Array.from({ length: count }, (_, i) => podFixture(`old-${i}`, START - 3_600_000));
const starting = (count: number) =>
  Array.from({ length: count }, (_, i) => startingPodFixture(`starting-${i}`));
/** Ready after the newest sample: running, and the metrics API does not know them yet. */
const unsampled = (count: number) =>
  Array.from({ length: count }, (_, i) => podFixture(`new-${i}`, UNTIL + 10_000));

describe('replicas for a target CPU utilization', () => {
  it.each([
    ['ceil(4 × 90 % ÷ 50 %)', old(4), 3.6, 50, 8],
    ['stays within the tolerance', old(4), 2.2, 50, 4],
    ['leaves it: ceil(4 × 56 % ÷ 50 %)', old(4), 2.24, 50, 5],
    ['goes down: ceil(4 × 20 % ÷ 50 %)', old(4), 0.8, 50, 2],
    ['cuts utilization to whole percent: 56.9 % counts as 56 %', old(100), 56.9, 70, 80],
    [
      'starting pods use nothing on the way up: 2 at 90 % of 4 is 45 %, within tolerance',
      [...old(2), ...starting(2)],
      1.8,
      50,
      4,
    ],
    ['starting pods say nothing on the way down', [...old(4), ...starting(2)], 0.8, 50, 2],
    ['pods without a sample use nothing on the way up', [...old(2), ...unsampled(1)], 1.8, 50, 4],
    [
      'pods without a sample use all on the way down: 4 at 20 % and 2 at 100 % is 46 %',
      [...old(4), ...unsampled(2)],
      0.8,
      50,
      6,
    ],
    ['no change where that turns the direction round', [...old(2), ...unsampled(4)], 0.4, 50, 6],
  ])('%s', (...row) => {
    const [, pods, cpu, target, expected] = row;
    const view = viewFixture({ pods, cpu, ready: pods.length });
    expect(cpuReplicas(view, target, TOLERANCE)).toBe(expected);
  });

  it.each([
    ['nothing is measured', old(3), undefined],
    ['no pod was ready in the measured time', [...unsampled(2), ...starting(1)], 0.5],
    ['all pods are too young', [podFixture('young', UNTIL - 10_000)], 0.5],
  ])('are unknown while %s', (_, pods, cpu) => {
    expect(cpuReplicas(viewFixture({ pods, cpu, ready: pods.length }), 50, TOLERANCE)).toBeUndefined();
  });

  it("are those of the loop's own rule", () => {
    const pod = fc.oneof(
      fc.record({ age: fc.integer({ min: 0, max: 600 }), startup: fc.integer({ min: 0, max: 400 }) }),
      fc.constant(undefined),
    );
    const views = fc
      .record({
        pods: fc.array(pod, { maxLength: 12 }),
        cpu: fc.double({ min: 0, max: 14, noNaN: true }),
        current: fc.integer({ min: 1, max: 14 }),
      })
      .map(({ pods, cpu, current }) => viewFixture({ pods: pods.map(podOf), cpu, ready: current }));
    fc.assert(
      fc.property(views, fc.integer({ min: 1, max: 150 }), (view, percent) => {
        expect(cpuReplicas(view, percent, TOLERANCE)).toBe(byLoop(view, percent));
      }),
      { numRuns: 2000 },
    );
  });
});

function podOf(times: { age: number; startup: number } | undefined, index: number) {
  const name = `pod-${index}`;
  if (times === undefined) return startingPodFixture(name);
  const readyAt = START - times.age * 1000;
  const startedAt = readyAt - times.startup * 1000;
  return { ...podFixture(name, readyAt), createdAt: startedAt, startedAt };
}

function byLoop(view: ScalerView, percent: number): number | undefined {
  const result = resourceReplicas({
    pods: view.pods,
    usage: podCpuUsage(view),
    resource: 'cpu',
    target: { type: 'Utilization', percent },
    currentReplicas: view.replicas,
    tolerance: TOLERANCE,
    now: view.now,
    grouping: { ...POD_GROUPING, sampleWindowSeconds: CPU_WINDOW_SECONDS },
  });
  return result.usable ? result.replicas : undefined;
}
