import type { PodUsage, PodView } from '../monitor/observation.ts';
import type { UsableMetric } from './metric-result.ts';
import type { Tolerance } from './replica-arithmetic.ts';
import { resourceReplicas, type ResourceReplicasInput } from './resource-replicas.ts';
import type { ResourceTarget } from './resource-scale.ts';

const NOW = 1_700_000_000_000;
const TEN_PERCENT: Tolerance = { up: 0.1, down: 0.1 };

/** The periods of replica_calculator_test.go; its metrics have a window of one minute. */
const GROUPING = { cpuInitializationSeconds: 120, readinessDelaySeconds: 10, sampleWindowSeconds: 60 };

interface Pods {
  readonly pods: readonly PodView[];
  readonly usage: readonly PodUsage[];
}

/**
 * One word for each pod: `<used>/<requested><flags>` in thousandths, `?` where there is no sample, no request where
 * there is no `/`. Flags: u not ready, h started just now, c three minutes ago, p pending, f failed, d deleting,
 * x not a pod of the target at all.
 */
function parsePods(text: string): Pods {
  const pods: PodView[] = [];
  const usage: PodUsage[] = [];
  for (const [index, word] of text.split(' ').entries()) {
    const [, used = '', requested, flags = ''] = /^([\d.]+|\?)(?:\/(\d+))?([uhcpfdx]*)$/.exec(word) ?? [];
    const name = `pod-${index}`;
    if (used !== '?')
      usage.push({ pod: name, reading: { quality: 'Fresh', value: Number.parseFloat(used) / 1000, at: 0 } });
    if (flags.includes('x')) continue;
    pods.push({
      name,
      phase: flags.includes('p') ? 'Pending' : flags.includes('f') ? 'Failed' : 'Running',
      ready: !flags.includes('u'),
      readyChangedAt: 0,
      createdAt: 0,
      startedAt: flags.includes('h') ? NOW : flags.includes('c') ? NOW - 180_000 : 0,
      deleting: flags.includes('d'),
      requests: requested === undefined ? {} : { cpu: Number.parseInt(requested, 10) / 1000 },
    });
  }
  return { pods, usage };
}

function inputOf(
  current: number,
  pods: string,
  target: ResourceTarget,
  tolerance = TEN_PERCENT,
): ResourceReplicasInput {
  return {
    ...parsePods(pods),
    // Per-pod custom metrics share the arithmetic of AverageValue, and look at readiness no more than memory does.
    resource: target.type === 'Utilization' ? 'cpu' : 'memory',
    target,
    currentReplicas: current,
    tolerance,
    now: NOW,
    grouping: GROUPING,
  };
}

const percent = (value: number): ResourceTarget => ({ type: 'Utilization', percent: value });
const perPod = (thousandths: number): ResourceTarget => ({ type: 'AverageValue', value: thousandths / 1000 });

function usable(input: ResourceReplicasInput): UsableMetric {
  const result = resourceReplicas(input);
  if (!result.usable) throw new Error(`${result.reason}: ${result.message}`);
  return result;
}

type Row = readonly [string, number, string, number, number, number, Tolerance?];

const named = (row: Row) => ({ name: row[0], row });

const FIVE = '200/2000 600/2000 1000/2000 500/2000 500/2000';
const JITTER = '300/800 300/400 300/620 300/580 300/604 300/596 300/602 300/598 300/600 300/600';

/**
 * kubernetes v1.36.3 pkg/controller/podautoscaler/replica_calculator_test.go, under the names used there. Each pod
 * has two equal containers there; here is their sum. Columns: current replicas, pods, target percent, expected
 * replicas, expected utilisation.
 */
const UTILIZATION: readonly Row[] = [
  ['ScaleUp', 3, '600/2000 1000/2000 1400/2000', 30, 5, 50],
  ['ScaleUpUnreadyLessScale', 3, '600/2000u 1000/2000 1400/2000', 30, 4, 60],
  ['ScaleUpHotCpuLessScale', 3, '600/2000h 1000/2000c 1400/2000c', 30, 4, 60],
  ['ScaleUpUnreadyNoScale', 3, '800/2000 1000/2000u 1400/2000u', 30, 3, 40],
  ['ScaleHotCpuNoScale', 3, '800/2000c 1000/2000uh 1400/2000uh', 30, 3, 40],
  ['ScaleUpIgnoresFailedPods', 2, '1000/2000 1400/2000 ?/2000uf ?/2000uf', 30, 4, 60],
  ['ScaleUpIgnoresDeletionPods', 2, '1000/2000 1400/2000 ?/2000ud ?/2000ud', 30, 4, 60],
  ['ScaleDown', 5, FIVE, 50, 3, 28],
  ['ScaleDownExcludeUnreadyPods', 5, '200/2000 600/2000 1000/2000 500/2000u 500/2000u', 50, 2, 30],
  ['ScaleDownExcludeUnscheduledPods', 5, '200/2000 ?/2000up ?/2000up ?/2000up ?/2000up', 50, 1, 10],
  ['ScaleDownIgnoreHotCpuPods', 5, '200/2000c 600/2000c 1000/2000c 500/2000h 500/2000h', 50, 2, 30],
  ['ScaleDownIgnoresFailedPods', 5, `${FIVE} ?/2000uf ?/2000uf`, 50, 3, 28],
  ['ScaleDownIgnoresDeletionPods', 5, `${FIVE} ?/2000ud ?/2000ud`, 50, 3, 28],
  ['Tolerance', 3, '2020/1800 2060/2000 2040/2200', 100, 3, 102],
  ['ConfigurableTolerance, outside 0 %', 3, '1818/1800 2020/2000 2222/2200', 100, 4, 101, { up: 0, down: 0 }],
  [
    'ConfigurableTolerance, within 200 % up',
    3,
    '3780/1800 3820/2000 3800/2200',
    100,
    3,
    190,
    { up: 2, down: 0.1 },
  ],
  [
    'ConfigurableTolerance, outside 8 % up',
    3,
    '2200/1800 2160/2000 2180/2200',
    100,
    4,
    109,
    { up: 0.08, down: 2 },
  ],
  [
    'ConfigurableTolerance, within 36 % down',
    3,
    '1320/1800 1280/2000 1300/2200',
    100,
    3,
    65,
    { up: 0.1, down: 0.36 },
  ],
  [
    'ConfigurableTolerance, outside 34 % down',
    3,
    '1320/1800 1280/2000 1300/2200',
    100,
    2,
    65,
    { up: 0.1, down: 0.34 },
  ],
  ['SuperfluousMetrics', 4, '8000/2000 19000/2000 6000/2000 14000/2000 6400x 4000x', 100, 24, 587],
  ['MissingMetrics', 4, '800/2000 190/2000 ?/2000 ?/2000', 100, 3, 24],
  ['MissingMetricsNoChangeEq', 2, '2000/2000 ?/2000', 100, 2, 100],
  ['MissingMetricsNoChangeGt', 2, '3800/2000 ?/2000', 100, 2, 190],
  ['MissingMetricsNoChangeLt', 2, '1200/2000 ?/2000', 100, 2, 60],
  ['MissingMetricsUnreadyChange', 3, '200/2000u 900/2000 ?/2000', 50, 3, 45],
  ['MissingMetricsHotCpuNoChange', 3, '200/2000h 900/2000c ?/2000c', 50, 3, 45],
  ['MissingMetricsUnreadyScaleUp', 3, '200/2000u 4000/2000 ?/2000', 50, 4, 200],
  ['MissingMetricsHotCpuScaleUp', 3, '200/2000uh 4000/2000c ?/2000c', 50, 4, 200],
  ['MissingMetricsUnreadyScaleDown', 4, '200/2000u 200/2000 200/2000 ?/2000', 50, 3, 10],
  ['MissingMetricsScaleDownTargetOver100', 4, '400/2000u 200/2000 200/4000 ?/4000', 300, 2, 6],
  ['DuringRollingUpdateWithMaxSurge', 2, '200/2000 200/2000 ?/2000', 50, 2, 10],
  ['ComputedToleranceAlgImplementation, just outside', 10, JITTER, 56, 9, 50],
  ['ComputedToleranceAlgImplementation, just inside', 10, JITTER, 55, 10, 50],
  // horizontal_test.go, TestConfigurableTolerance and TestUpscaleCap (before its rate limit)
  [
    'scaling up because of a 1 % tolerance',
    3,
    '2020/1800 2060/2000 2040/2200',
    100,
    4,
    102,
    { up: 0.01, down: 0.1 },
  ],
  [
    'no scale-down because of a 90 % tolerance',
    3,
    '600/2000 600/2000 600/2000',
    100,
    3,
    30,
    { up: 0.1, down: 0.9 },
  ],
  ['UpscaleCap', 3, '200/200 400/200 600/200', 10, 60, 200],
];

/** Per-pod metrics, the same file. Columns: current, pods, target per pod, expected replicas, expected mean. */
const AVERAGE_VALUE: readonly Row[] = [
  ['ScaleUpCM', 3, '20000 10000 30000', 15000, 4, 20000],
  ['ScaleUpCMUnreadyHotCpuNoLessScale', 3, '50000c 10000c 30000uh', 15000, 6, 30000],
  ['ScaleUpCMUnreadyHotCpuScaleWouldScaleDown', 3, '50000uh 15000c 30000uh', 15000, 7, 31666],
  ['ScaleUpCMExternal', 1, '8600', 4400, 2, 8600],
  ['ScaleDownCM', 5, '12000 12000 12000 12000 12000', 20000, 3, 12000],
  ['ToleranceCM', 3, '20000 21000 21000', 20000, 3, 20666],
  ['ConfigurableToleranceCM', 3, '20000 21000 21000', 20000, 4, 20666, { up: 0.01, down: 0.1 }],
  ['PlainMetricReplicaCalcMissingMetricsNoChangeEq', 5, '20000 19000 21000 ? ?', 20000, 5, 20000],
  ['DuringRollingUpdateWithMaxSurgeCM', 2, '10000 10000 ?', 17000, 2, 10000],
];

describe('the published cases of the HorizontalPodAutoscaler', () => {
  test.each(UTILIZATION.map(named))(
    'utilisation: $name',
    ({ row: [, current, pods, target, replicas, utilizationPercent, tolerance] }) => {
      expect(usable(inputOf(current, pods, percent(target), tolerance))).toMatchObject({
        replicas,
        utilizationPercent,
      });
    },
  );

  test.each(AVERAGE_VALUE.map(named))(
    'average value: $name',
    ({ row: [, current, pods, target, replicas, mean, tolerance] }) => {
      const result = usable(inputOf(current, pods, perPod(target), tolerance));
      expect([result.replicas, Math.floor(result.averageValue * 1000)]).toEqual([replicas, mean]);
    },
  );

  test.each([
    ['DisjointResourcesMetrics', '?/2000 200x', 'NoData'],
    ['EmptyMetrics', '?/2000 ?/2000 ?/2000', 'NoData'],
    ['EmptyCPURequest', '400', 'NoRequest'],
  ])('no answer: %s', (_name, pods, reason) => {
    expect(resourceReplicas(inputOf(1, pods, percent(100)))).toMatchObject({ usable: false, reason });
  });
});

describe('resourceReplicas', () => {
  test.each([
    ['pods that report exactly the target outweigh a silent one', 2, '500/1000 ?/1000', percent(50), 2],
    [
      'a ratio above 1 never means fewer, though seven of ten pods could not be created',
      10,
      '600/1000 600/1000 600/1000',
      percent(50),
      10,
    ],
    [
      'a ratio below 1 never means more, though two pods are surplus',
      4,
      '430/1000 430/1000 430/1000 430/1000 430/1000',
      percent(50),
      4,
    ],
    [
      'float noise asks for no spare replica',
      10,
      Array<string>(10).fill('1100/1000').join(' '),
      percent(100),
      10,
    ],
    ['a target per pod of 70 m is met by 70 m', 3, '70 70 70', perPod(70), 3],
  ])('%s', (...[, current, pods, target, replicas]) => {
    expect(usable(inputOf(current, pods, target)).replicas).toBe(replicas);
  });

  test.each([
    ['the sum', 3, '600/2000 1000/2000 1400/2000', percent(30), 'ceil(3 × 50 % ÷ 30 %) = 5'],
    ['bytes', 1, '8600', perPod(4400), 'ceil(1 × 8.6 bytes ÷ 4.4 bytes) = 2'],
    [
      'why it stays',
      3,
      '2020/1800 2060/2000 2040/2200',
      percent(100),
      '3: 102 % of 100 % is within the tolerance',
    ],
    [
      'what is not known',
      2,
      '1900/1000 ?/1000',
      percent(100),
      '2: 190 % of 100 %, but 1 of 2 pods are not measured',
    ],
    [
      'that the sum points the wrong way',
      9,
      '600/1000',
      percent(50),
      '9: ceil(1 × 60 % ÷ 50 %) = 2 is the other direction',
    ],
  ])('says in words %s', (...[, current, pods, target, detail]) => {
    expect(usable(inputOf(current, pods, target)).detail).toBe(detail);
  });

  it('takes a stale reading for none', () => {
    const { pods, usage, ...rest } = inputOf(2, '1000/1000 1000/1000', percent(50));
    const stale = usage.map(({ pod, reading }, index): PodUsage => {
      return {
        pod,
        reading: index === 0 || reading.quality === 'Missing' ? reading : { ...reading, quality: 'Stale' },
      };
    });
    expect(usable({ ...rest, pods, usage: stale })).toMatchObject({
      coverage: 0.5,
      detail: '2: 100 % of 50 %, but 1 of 2 pods are not measured',
    });
  });

  test.each([
    ['all report', '1/9 1/9', 1],
    ['one of four is silent', '1/9 1/9 1/9 ?/9', 0.75],
    ['unready, pending and deleting pods do not count', '1/9 ?/9u ?/9up ?/9d', 1],
    ['nobody is ready', '1/9u', 0],
  ])('measures coverage over the ready pods: %s', (_name, pods, coverage) => {
    expect(resourceReplicas(inputOf(3, pods, percent(50))).coverage).toBe(coverage);
  });

  test.each([
    ['no pods', { pods: [] }, 'NoData'],
    ['a target of 0 %', { target: percent(0) }, 'InvalidTarget'],
    ['a target of 0 for each pod', { target: perPod(0) }, 'InvalidTarget'],
  ])('has no answer for %s', (_name, change, reason) => {
    const input = inputOf(1, '100/1000', percent(50));
    expect(resourceReplicas({ ...input, ...change })).toMatchObject({ usable: false, reason });
  });
});
