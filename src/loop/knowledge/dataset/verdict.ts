import type { FeatureReport, Finding, MeasuredFeature, Verdict, WorkloadReport } from './data-report.ts';
import { PLAUSIBLE } from './plausible.ts';

/** A day has to be seen before its shape can be learned. */
const MIN_ROWS = 1440;
/** Of the load's rows; what a model fills in for the rest is its own guess. */
const MIN_LOAD_COVERAGE = 0.8;
/** Of any other feature's; below, it is better left out. */
const MIN_COVERAGE = 0.5;
/** Single mistakes are marked and left out; more are a wrong unit or a wrong query. */
const MAX_BAD_SHARE = 0.01;
const MAX_IRREGULAR_SHARE = 0.05;
/** Siddiqi's bound for another population. */
const MAX_PSI = 0.25;

/** What a workload is asked for: one of them must be known. */
const LOADS: readonly string[] = ['requestRate', 'cpuUtilization', 'queueLag'];

/** Are the rows of a workload good enough to learn from? */
export function verdictOf({ rows, features }: Pick<WorkloadReport, 'rows' | 'features'>): Verdict {
  const measured = features.filter((each): each is MeasuredFeature => each.state === 'Measured');
  const reasons = [
    ...(rows < MIN_ROWS ? [tooShort(rows)] : []),
    ...loadReasons(measured, features),
    ...measured.flatMap(sampleReasons),
  ];
  return { usable: reasons.length === 0, reasons, warnings: measured.flatMap(warningsOf) };
}

function tooShort(rows: number): Finding {
  const message = `${rows} rows of a minute; a day (${MIN_ROWS}) is the least: take a longer range`;
  return { code: 'TooShort', message };
}

/** The load must be known for most of the time, and must move. */
function loadReasons(measured: readonly MeasuredFeature[], all: readonly FeatureReport[]): Finding[] {
  const loads = measured.filter(({ feature }) => LOADS.includes(feature));
  const [best] = loads.toSorted((a, b) => b.coverage - a.coverage);
  if (best === undefined) {
    const why = all.find(({ feature }) => feature === 'requestRate');
    const detail = why?.state === 'Absent' ? ` (${why.why})` : '';
    const message = `no load: none of ${LOADS.join(', ')} is measured${detail}`;
    return [{ code: 'NoLoad', message }];
  }
  const { feature } = best;
  if (best.coverage < MIN_LOAD_COVERAGE) {
    const every = best.cadence.seconds > 300 ? `; its samples come every ${best.cadence.seconds} s` : '';
    const message = `${feature} is known for ${percent(best.coverage)} of the rows, wanted are ${percent(MIN_LOAD_COVERAGE)}${every}: close the gaps or take another range`;
    return [{ code: 'LowCoverage', feature, message }];
  }
  if (loads.every(({ constant }) => constant)) {
    const message = `${feature} never changes: there is nothing to learn; is it the right series?`;
    return [{ code: 'Constant', feature, message }];
  }
  return [];
}

function sampleReasons(report: MeasuredFeature): Finding[] {
  const { feature, unit, counts, gaugeAsCounter } = report;
  const found: Finding[] = [];
  const bad = counts.implausible + counts.infinite;
  if (bad > MAX_BAD_SHARE * counts.samples) {
    const { least, most } = PLAUSIBLE[feature];
    const message = `${bad} of ${counts.samples} values of ${feature} are outside of ${least} to ${most} (unit ${unit}): correct the unit or the query`;
    found.push({ code: 'Implausible', feature, message });
  }
  if (counts.conflicts > MAX_BAD_SHARE * counts.samples) {
    const message = `${counts.conflicts} of ${counts.samples} samples of ${feature} say something else at a time that another has: are two sources mixed?`;
    found.push({ code: 'Conflicting', feature, message });
  }
  if (gaugeAsCounter) {
    const message = `${feature} is said to be a counter, but falls again and again and not to zero: read it as a gauge`;
    found.push({ code: 'NoCounter', feature, message });
  }
  return found;
}

function warningsOf({ feature, counts, cadence, coverage, drift }: MeasuredFeature): Finding[] {
  const found: Finding[] = [];
  const warn = (code: Finding['code'], message: string): void => void found.push({ code, feature, message });
  if (coverage < MIN_COVERAGE) {
    warn('LowCoverage', `${feature} is known for ${percent(coverage)} of the rows: better left out`);
  }
  if (counts.duplicates > 0)
    warn('Duplicates', `${counts.duplicates} samples of ${feature} were there twice`);
  if (counts.late > 0) warn('Late', `${counts.late} samples of ${feature} came out of order`);
  if (counts.resets > 0)
    warn('Resets', `the counters of ${feature} were reset ${counts.resets} times; rates go on`);
  if (cadence.irregularShare > MAX_IRREGULAR_SHARE) {
    const { seconds, shortest, longest } = cadence;
    warn(
      'Irregular',
      `samples of ${feature} come every ${seconds} s, but also every ${shortest} to ${longest} s`,
    );
  }
  if (drift !== undefined && drift.psi > MAX_PSI) {
    const shift = `mean ${signed(drift.meanShift)} standard deviations, variance × ${drift.varianceRatio.toPrecision(2)}`;
    warn(
      'Drift',
      `${feature} is another at the end than at the beginning: PSI ${drift.psi.toFixed(2)}, ${shift}`,
    );
  }
  return found;
}

function percent(share: number): string {
  return `${Math.floor(100 * share)} %`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}
