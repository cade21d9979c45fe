/** What a workload of the comparison is told to do, and the autoscaler that follows it. */
export interface HpaCase {
  /** Of Deployment, HPA and external metric. */
  readonly name: string;
  /**
   * What of the rival answers: the whole contender, which sees the even pods of a simulation, or its reconciler behind
   * the calculation for pods of which each is different.
   */
  readonly through: 'contender' | 'calculator';
  readonly metrics: readonly HpaMetric[];
  readonly bounds: { readonly minReplicas: number; readonly maxReplicas: number };
  /** As in the HPA; absent: it has none. */
  readonly behavior?: object;
  /** Load in the requests of one replica (2 keeps two replicas at 100 %), or the external metric's total. */
  readonly load: (seconds: number) => number;
  /** Pods differ in their part of the load by up to this much, either way. */
  readonly skew?: number;
  /** Share of the pods that the metrics API does not show for a while, then others. */
  readonly unmeasured?: number;
  /** How that metrics API fails at that time. */
  readonly outage?: (seconds: number, api: 'Resource' | 'External') => 'refused' | 'empty' | undefined;
  /** What a kubelet says of a running pod; `lot` is the pod's own number in [0, 1). */
  readonly kubelet?: (lot: number, seconds: number) => KubeletSays;
  /** One pod on each node: the others stay pending. */
  readonly onePerNode?: boolean;
  /** Most pods that may exist, whatever the replicas. */
  readonly podQuota?: number;
  /** What a person writes into `spec.replicas`, in time order. */
  readonly edits?: readonly { readonly seconds: number; readonly replicas: number }[];
}

export type HpaMetric =
  | { readonly type: 'Utilization'; readonly percent: number }
  | { readonly type: 'AverageValue'; readonly cores: number }
  | { readonly type: 'External'; readonly perReplica: number };

export interface KubeletSays {
  readonly ready: boolean;
  /** Started so long before it was seen that its start is over. */
  readonly aged?: boolean;
  /** Its readiness has not changed since shortly after its start. */
  readonly neverReady?: boolean;
}

/** Long past `--horizontal-pod-autoscaler-cpu-initialization-period`. */
export const AGED_SECONDS = 1200;

const aged = (): KubeletSays => ({ ready: true, aged: true });
const utilization = (percent: number): HpaMetric => ({ type: 'Utilization', percent });
const external = (perReplica: number): HpaMetric => ({ type: 'External', perReplica });
const policy = (type: 'Pods' | 'Percent', value: number, periodSeconds: number): object => ({
  type,
  value,
  periodSeconds,
});

/** Levels one after the other, each for so many seconds. */
function steps(each: number, levels: readonly number[]): (seconds: number) => number {
  return (seconds) => levels[Math.floor(Math.max(0, seconds) / each) % levels.length] ?? 0;
}

function wave(mean: number, amplitude: number, period: number): (seconds: number) => number {
  return (seconds) => mean + amplitude * Math.sin((2 * Math.PI * seconds) / period);
}

/** Up and down at once, so that a run of minutes holds many changes. */
const AT_ONCE = { scaleUp: { stabilizationWindowSeconds: 0 }, scaleDown: { stabilizationWindowSeconds: 0 } };
const BOTH_POLICIES = [policy('Pods', 2, 9), policy('Percent', 60, 9)];
const range = (minReplicas: number, maxReplicas: number): HpaCase['bounds'] => ({ minReplicas, maxReplicas });

/** Even pods of one core: as the simulator knows them. */
const CONTENDER_CASES: readonly Omit<HpaCase, 'through'>[] = [
  {
    name: 'no-behavior',
    metrics: [utilization(60)],
    bounds: range(1, 12),
    load: steps(30, [0.5, 0.9, 2.5, 5, 6]),
    kubelet: aged,
  },
  {
    name: 'no-behavior-young',
    metrics: [utilization(50)],
    bounds: range(1, 10),
    load: steps(40, [0.4, 2, 4]),
  },
  {
    name: 'default-rules',
    metrics: [utilization(70)],
    bounds: range(1, 14),
    behavior: { scaleUp: {}, scaleDown: {} },
    load: steps(35, [0.5, 3, 6, 2]),
    kubelet: aged,
  },
  {
    name: 'at-once',
    metrics: [utilization(50)],
    bounds: range(1, 14),
    behavior: AT_ONCE,
    load: steps(16, [1, 3, 0.4, 5, 2]),
    kubelet: aged,
  },
  {
    name: 'at-once-young',
    metrics: [utilization(50)],
    bounds: range(1, 12),
    behavior: AT_ONCE,
    load: wave(2.5, 2, 70),
  },
  {
    name: 'windows',
    metrics: [utilization(60)],
    bounds: range(2, 14),
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 9 },
      scaleDown: { stabilizationWindowSeconds: 25 },
    },
    load: wave(4, 3.2, 60),
    kubelet: aged,
  },
  {
    name: 'tolerance-wide',
    metrics: [utilization(60)],
    bounds: range(1, 14),
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 0, tolerance: '0.4' },
      scaleDown: { stabilizationWindowSeconds: 5, tolerance: '0.3' },
    },
    load: wave(3.5, 3, 45),
    kubelet: aged,
  },
  {
    name: 'tolerance-none',
    metrics: [utilization(60)],
    bounds: range(1, 14),
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 0, tolerance: '0' },
      scaleDown: { stabilizationWindowSeconds: 0, tolerance: '0' },
    },
    load: wave(3, 1, 50),
    kubelet: aged,
  },
  {
    name: 'bounded',
    metrics: [utilization(50)],
    bounds: range(3, 6),
    behavior: AT_ONCE,
    load: wave(2.5, 2.4, 40),
    kubelet: aged,
  },
  {
    name: 'idle',
    metrics: [utilization(50)],
    bounds: range(1, 8),
    behavior: AT_ONCE,
    load: steps(24, [3, 0, 2, 0]),
    kubelet: aged,
  },
  {
    name: 'edited',
    metrics: [utilization(60)],
    bounds: range(2, 8),
    behavior: AT_ONCE,
    load: wave(2.5, 0.8, 60),
    kubelet: aged,
    edits: [
      { seconds: 30, replicas: 12 },
      { seconds: 60, replicas: 1 },
      { seconds: 90, replicas: 6 },
      { seconds: 115, replicas: 10 },
    ],
  },
  {
    name: 'keda',
    metrics: [external(25)],
    bounds: range(1, 20),
    behavior: { scaleUp: {}, scaleDown: {} },
    load: steps(26, [20, 60, 140, 260, 420]),
  },
];

/** Pods that differ, metrics that fail, and what an HPA can look at beside utilisation. */
const CALCULATOR_CASES: readonly Omit<HpaCase, 'through'>[] = [
  {
    name: 'skewed',
    metrics: [utilization(50)],
    bounds: range(1, 16),
    behavior: AT_ONCE,
    load: wave(4, 3, 60),
    skew: 0.5,
  },
  {
    name: 'pods-policy',
    metrics: [utilization(60)],
    bounds: range(1, 16),
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 0, policies: [policy('Pods', 2, 7)] },
      scaleDown: { stabilizationWindowSeconds: 0, policies: [policy('Pods', 1, 5)] },
    },
    load: steps(40, [1, 6, 2]),
    skew: 0.2,
  },
  {
    name: 'percent-policy',
    metrics: [utilization(60)],
    bounds: range(1, 16),
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 0, policies: [policy('Percent', 50, 9)] },
      scaleDown: { stabilizationWindowSeconds: 0, policies: [policy('Percent', 25, 11)] },
    },
    load: steps(40, [1, 7, 2]),
    skew: 0.2,
  },
  {
    name: 'smaller-change',
    metrics: [utilization(60)],
    bounds: range(1, 16),
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 0, selectPolicy: 'Min', policies: BOTH_POLICIES },
      scaleDown: { stabilizationWindowSeconds: 0, selectPolicy: 'Min', policies: BOTH_POLICIES },
    },
    load: steps(30, [1, 7, 1.5]),
    skew: 0.2,
  },
  {
    name: 'larger-change',
    metrics: [utilization(60)],
    bounds: range(1, 16),
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 3, policies: BOTH_POLICIES },
      scaleDown: { stabilizationWindowSeconds: 13, policies: BOTH_POLICIES },
    },
    load: steps(30, [1, 7, 1.5]),
    skew: 0.2,
  },
  {
    name: 'never-down',
    metrics: [utilization(60)],
    bounds: range(1, 14),
    behavior: { scaleUp: { stabilizationWindowSeconds: 0 }, scaleDown: { selectPolicy: 'Disabled' } },
    load: wave(3, 2.5, 60),
  },
  {
    name: 'never-up',
    metrics: [utilization(60)],
    bounds: range(1, 14),
    behavior: { scaleUp: { selectPolicy: 'Disabled' }, scaleDown: { stabilizationWindowSeconds: 0 } },
    load: wave(2, 1.8, 60),
    edits: [
      { seconds: 20, replicas: 9 },
      { seconds: 80, replicas: 9 },
    ],
  },
  {
    name: 'unready',
    metrics: [utilization(60)],
    bounds: range(2, 12),
    behavior: AT_ONCE,
    load: wave(3.5, 2.2, 50),
    skew: 0.3,
    kubelet: (lot, seconds) => ({ ready: lot > 0.4 || seconds % 40 < 22 }),
  },
  {
    name: 'aged-unready',
    metrics: [utilization(60)],
    bounds: range(2, 12),
    behavior: AT_ONCE,
    load: wave(3.5, 2.2, 50),
    kubelet: (lot, seconds) => ({
      aged: true,
      ready: lot > 0.5 || seconds % 40 < 22,
      neverReady: lot < 0.25,
    }),
  },
  {
    name: 'unmeasured',
    metrics: [utilization(60)],
    bounds: range(2, 12),
    behavior: AT_ONCE,
    load: wave(3.5, 3.2, 44),
    unmeasured: 0.35,
  },
  {
    name: 'unmeasured-above-100',
    metrics: [utilization(140)],
    bounds: range(2, 12),
    behavior: AT_ONCE,
    load: wave(8, 6, 44),
    unmeasured: 0.35,
  },
  {
    name: 'pending',
    metrics: [utilization(60)],
    bounds: range(2, 16),
    behavior: AT_ONCE,
    load: wave(6, 4, 60),
    onePerNode: true,
  },
  {
    name: 'quota',
    metrics: [utilization(60)],
    bounds: range(1, 16),
    behavior: AT_ONCE,
    load: steps(14, [3, 9, 3, 5]),
    podQuota: 3,
  },
  {
    name: 'outage',
    metrics: [utilization(60)],
    bounds: range(1, 12),
    behavior: AT_ONCE,
    load: wave(3, 2.5, 50),
    outage: (seconds) => (seconds % 50 > 42 ? 'refused' : seconds % 50 > 34 ? 'empty' : undefined),
  },
  {
    name: 'average-value',
    metrics: [{ type: 'AverageValue', cores: 0.06 }],
    bounds: range(1, 12),
    behavior: AT_ONCE,
    load: wave(3, 2.6, 50),
    skew: 0.3,
    unmeasured: 0.15,
  },
  {
    name: 'external',
    metrics: [external(25)],
    bounds: range(1, 16),
    behavior: AT_ONCE,
    load: wave(160, 140, 50),
    outage: (seconds) => (seconds % 70 > 62 ? 'refused' : undefined),
  },
  {
    name: 'external-no-behavior',
    metrics: [external(25)],
    bounds: range(1, 16),
    load: steps(15, [20, 60, 140, 300, 300, 300, 300, 300, 300, 300]),
    // From few replicas the rules of an HPA without behavior differ most from the documented defaults.
    edits: [
      { seconds: 50, replicas: 1 },
      { seconds: 80, replicas: 2 },
      { seconds: 105, replicas: 3 },
    ],
  },
  {
    name: 'external-windows',
    metrics: [external(10)],
    bounds: range(1, 16),
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 5, policies: [policy('Pods', 3, 5)] },
      scaleDown: { stabilizationWindowSeconds: 17, policies: [policy('Percent', 40, 7)] },
    },
    load: wave(70, 60.5, 64),
  },
];

// One load for both metrics: 100 % of a replica's request comes with one unit of the external total.
const TWO_METRIC_CASES: readonly Omit<HpaCase, 'through'>[] = [
  {
    name: 'larger-of-two',
    metrics: [utilization(60), external(0.9)],
    bounds: range(1, 12),
    behavior: AT_ONCE,
    load: wave(3.5, 3, 44),
    skew: 0.3,
  },
  {
    name: 'one-silent',
    metrics: [utilization(60), external(0.9)],
    bounds: range(1, 12),
    behavior: AT_ONCE,
    load: wave(3.5, 3, 40),
    outage: (seconds, api) => {
      const failing = seconds % 60 < 15 ? 'Resource' : seconds % 60 > 40 ? 'External' : undefined;
      return api === failing ? 'refused' : undefined;
    },
  },
];

export const HPA_CASES: readonly HpaCase[] = [
  ...CONTENDER_CASES.map((one): HpaCase => ({ ...one, through: 'contender' })),
  ...[...CALCULATOR_CASES, ...TWO_METRIC_CASES].map((one): HpaCase => ({ ...one, through: 'calculator' })),
];
