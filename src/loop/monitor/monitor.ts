import type { PolicySpec } from '../../api/policy-spec.ts';
import { demandOf, MIN_COVERAGE } from './demand.ts';
import { metricName } from './metric-name.ts';
import { objectiveViolated } from './objective.ts';
import type { Observation, TargetView } from './observation.ts';
import type { Reading } from './reading.ts';
import { observeStartups, startupSeconds, type StartupEstimate } from './startup.ts';

/** One metric as measured now. */
export interface MetricReport {
  readonly name: string;
  readonly type: 'Resource' | 'Prometheus';
  readonly total: Reading;
  /** Reporting ready pods ÷ ready pods, 0 … 1. */
  readonly coverage: number;
  /** How far the value lags behind the load: half of the time that it averages over. */
  readonly lagSeconds: number;
}

export interface Monitoring {
  readonly metrics: readonly MetricReport[];
  readonly objectiveViolated: boolean | undefined;
  readonly startupSeconds: number;
  /** Every metric is Fresh with enough coverage: the proof that a decrease needs. */
  readonly mayLower: boolean;
  /** Why `mayLower` is false, in words; empty otherwise. */
  readonly doubt: string;
}

/** Raw observations become numbers with their quality; start-up times are learned on the way. */
export function monitor(
  spec: PolicySpec,
  observation: Observation,
  target: TargetView,
  startup: StartupEstimate,
): Monitoring {
  observeStartups(startup, target.pods);
  const metrics = spec.metrics.map((metric, index): MetricReport => {
    const measured = observation.metrics[index];
    const demand =
      measured === undefined
        ? {
            total: { quality: 'Missing', reason: 'NoData', message: 'not measured yet' } as const,
            coverage: 0,
          }
        : demandOf(measured, target);
    const lagSeconds = (measured?.averagedSeconds ?? 0) / 2;
    return { name: metricName(metric), type: metric.type, ...demand, lagSeconds };
  });
  const doubts = metrics.map(doubtOf).filter((doubt) => doubt !== undefined);
  return {
    metrics,
    objectiveViolated: objectiveViolated(spec.objective, observation.indicators),
    startupSeconds: startupSeconds(startup, spec.forecast.startupSeconds),
    mayLower: doubts.length === 0,
    doubt: doubts.join('; '),
  };
}

function doubtOf({ name, total, coverage }: MetricReport): string | undefined {
  if (total.quality === 'Missing') return `${name} is missing (${total.message})`;
  if (total.quality === 'Stale') return `${name} is stale since ${new Date(total.at).toISOString()}`;
  if (coverage < MIN_COVERAGE) return `${name} covers only ${Math.floor(coverage * 100)} % of the ready pods`;
  return undefined;
}
