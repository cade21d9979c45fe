import { PEAK_LEVELS } from '../../analyze/analyze.ts';
import { BALANCED, CALM, RESPONSIVE, type ScalingProfile } from '../newsvendor/profile.ts';

/** How a workload's replicas are found: by an objective about requests, or by the targets of its metrics. */
export type WorkloadClass = 'Requests' | 'Metrics';

interface ArmTraits {
  readonly id: string;
  /** Replicas go down to the largest recommendation of so many seconds. */
  readonly holdSeconds: number;
  /** A smaller relative change is left out: of a decrease, and where `both` says so of an increase too. */
  readonly deadBand: number;
  readonly both: boolean;
}

/** A whole way to find replicas, by name. What a forecast asks for is never less than what is measured asks for. */
export type Arm = ArmTraits &
  (
    | { readonly kind: 'Newsvendor'; readonly profile: ScalingProfile }
    /** Serves this quantile of the coming peak. */
    | { readonly kind: 'Quantile'; readonly level: number }
    /** HPA's arithmetic: demand as measured at this share of what a replica carries. */
    | { readonly kind: 'Utilization'; readonly share: number }
  );

/** HPA's own: scaleDown.stabilizationWindowSeconds 300, tolerance 0.1. */
const HPA_HOLD_SECONDS = 300;
const HPA_TOLERANCE = 0.1;

const newsvendor = (profile: ScalingProfile): Arm => ({
  id: profile.name,
  kind: 'Newsvendor',
  profile,
  holdSeconds: profile.holdSeconds,
  deadBand: profile.deadBand,
  both: false,
});

const quantile = (level: number): Arm => ({
  id: `Quantile${Math.round(100 * level)}`,
  kind: 'Quantile',
  level,
  holdSeconds: HPA_HOLD_SECONDS,
  deadBand: HPA_TOLERANCE,
  both: false,
});

const utilization = (share: number): Arm => ({
  id: `Utilization${Math.round(100 * share)}`,
  kind: 'Utilization',
  share,
  holdSeconds: HPA_HOLD_SECONDS,
  deadBand: HPA_TOLERANCE,
  both: true,
});

const QUANTILES = PEAK_LEVELS.map(quantile);

/**
 * The arms of each class. A replica's capacity is known where requests are counted, and HPA is run at 50 to 80 % of it;
 * a metric's target already has the user's margin in it, so that HPA itself is 100 % of the target.
 */
export const ARMS: Readonly<Record<WorkloadClass, readonly Arm[]>> = {
  Requests: [
    newsvendor(RESPONSIVE),
    newsvendor(BALANCED),
    newsvendor(CALM),
    ...QUANTILES,
    ...[0.5, 0.6, 0.7, 0.8].map(utilization),
  ],
  Metrics: [...QUANTILES, ...[0.7, 0.8, 0.9, 1].map(utilization)],
};

export function armById(workloadClass: WorkloadClass, id: string): Arm | undefined {
  return ARMS[workloadClass].find((arm) => arm.id === id);
}

/** What the others are measured against: the HPA as people run it. */
export const BASELINE_ARM: Readonly<Record<WorkloadClass, string>> = {
  Requests: 'Utilization60',
  Metrics: 'Utilization100',
};

/** The most arms that a class has: what arrays are made for. */
export const MAX_ARMS = 11;
