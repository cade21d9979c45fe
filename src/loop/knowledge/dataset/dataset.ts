import { FEATURE_SCHEMA, type FeatureName } from '../../monitor/features/schema.ts';
import { cleanSeries } from './clean-series.ts';
import type { DataReport, FeatureReport, WorkloadReport } from './data-report.ts';
import { driftOf } from './drift.ts';
import { DERIVED, FEATURE_NAMES, featureRows, volatilityColumn, type FeatureRows } from './feature-rows.ts';
import { coverageOf, gapsIn, MINUTE_MS, minuteValues, type MinuteWindow } from './minute-grid.ts';
import type { RawSeries, RawWorkload } from './raw-series.ts';
import { verdictOf } from './verdict.ts';

export interface WorkloadDataset {
  readonly rows: FeatureRows;
  readonly report: WorkloadReport;
}

/** Gaps that are listed of each feature. */
export const GAPS_SHOWN = 50;

/** Rises by itself from one rollout to the next: no distribution to compare. */
const NEVER_STEADY: ReadonlySet<FeatureName> = new Set(['revisionAge']);

const NOT_RECORDED = 'not in this source';

/** Raw samples of a workload → a row of features for each minute of the window, and what is to be known of them. */
export function workloadDataset(raw: RawWorkload, window: MinuteWindow): WorkloadDataset {
  const columns = new Map<FeatureName, Float64Array>();
  const measured = new Map<FeatureName, FeatureReport>();
  for (const series of raw.series) {
    const { report, column } = featureOf(series, window);
    columns.set(series.feature, column);
    measured.set(series.feature, report);
  }
  const anyMeasured = everKnown([...columns.values()], window.minutes);
  const coverages = [...columns.values()].map(coverageOf);
  const demand = raw.demand === undefined ? columns.get('requestRate') : featureOf(raw.demand, window).column;
  if (demand !== undefined && !columns.has('volatilityRatio')) {
    columns.set('volatilityRatio', volatilityColumn(demand, window.firstMinute));
  }
  const features = FEATURE_NAMES.map(
    (feature) => measured.get(feature) ?? unmeasured(feature, columns.get(feature), raw),
  );
  const report = {
    policyUid: raw.policyUid,
    namespace: raw.namespace,
    policy: raw.policy,
    from: window.firstMinute * MINUTE_MS,
    to: (window.firstMinute + window.minutes - 1) * MINUTE_MS,
    rows: window.minutes,
    coverage: coverages.reduce((sum, each) => sum + each, 0) / Math.max(1, coverages.length),
    gaps: gapsIn(anyMeasured, window.firstMinute, GAPS_SHOWN),
    features,
  };
  return {
    rows: featureRows(raw, columns, window),
    report: { ...report, verdict: verdictOf(report) },
  };
}

export function dataReport(workloads: readonly WorkloadReport[]): DataReport {
  const { version, hash } = FEATURE_SCHEMA;
  return {
    schema: { version, hash },
    stepSeconds: MINUTE_MS / 1000,
    usable: workloads.length > 0 && workloads.every(({ verdict }) => verdict.usable),
    workloads,
  };
}

function featureOf(
  series: RawSeries,
  window: MinuteWindow,
): { readonly report: FeatureReport; readonly column: Float64Array } {
  const { times, values, cadence, gaugeAsCounter, ...counts } = cleanSeries(series);
  const column = minuteValues({ times, values, cadence, gaugeAsCounter, ...counts }, window);
  const { feature, source } = series;
  const report = {
    feature,
    unit: unitOf(feature),
    state: 'Measured',
    source,
    counts,
    cadence,
    gaugeAsCounter,
    coverage: coverageOf(column),
    gaps: gapsIn(column, window.firstMinute, GAPS_SHOWN),
    constant: isConstant(column),
    drift: NEVER_STEADY.has(feature) ? undefined : driftOf(column),
  } as const;
  return { report, column };
}

function unmeasured(feature: FeatureName, column: Float64Array | undefined, raw: RawWorkload): FeatureReport {
  const unit = unitOf(feature);
  if (DERIVED.has(feature) && (column !== undefined || feature !== 'volatilityRatio')) {
    return { feature, unit, state: 'Derived', coverage: column === undefined ? 1 : coverageOf(column) };
  }
  const why = feature === 'volatilityRatio' ? 'no demand is known' : NOT_RECORDED;
  return { feature, unit, state: 'Absent', why: raw.absent?.[feature] ?? why };
}

function unitOf(feature: FeatureName): string {
  return FEATURE_SCHEMA.features.find(({ name }) => name === feature)?.unit ?? '';
}

/** 1 in each minute in which one of the columns is known. */
function everKnown(columns: readonly Float64Array[], minutes: number): Float64Array {
  return Float64Array.from({ length: minutes }, (_, row) =>
    columns.some((column) => !Number.isNaN(column[row])) ? 1 : NaN,
  );
}

function isConstant(column: Float64Array): boolean {
  const first = column.find((value) => !Number.isNaN(value));
  return column.every((value) => Number.isNaN(value) || value === first);
}
