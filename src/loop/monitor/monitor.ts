import type { MetricSpec, PolicySpec } from '../../api/policy-spec.ts';
import { demandOf, MIN_COVERAGE } from './demand.ts';
import { metricName } from './metric-name.ts';
import { objectiveViolated } from './objective.ts';
import type { MetricObservation, Observation, TargetView } from './observation.ts';
import { missing, type Reading } from './reading.ts';
import { observeRequests, REQUESTS, type RequestMeter, type RequestReport } from './requests.ts';
import { observeStartups, startupSeconds, type StartupEstimate } from './startup.ts';

/** One metric, or the requests of the objective, as measured now. */
export interface MetricReport {
  readonly name: string;
  readonly type: 'Resource' | 'Prometheus' | 'Requests';
  readonly total: Reading;
  /** Reporting ready pods ÷ ready pods, 0 … 1. */
  readonly coverage: number;
  /** How far the value lags behind the load: half of the time that it averages over. */
  readonly lagSeconds: number;
}

export interface Monitoring {
  /** In the order of the policy's demand sources: the metrics of the spec, and the requests last. */
  readonly metrics: readonly MetricReport[];
  /** Present when the objective is about requests. */
  readonly requests: RequestReport | undefined;
  readonly objectiveViolated: boolean | undefined;
  readonly startupSeconds: number;
  /** Every source of demand is Fresh with enough coverage: the proof that a decrease needs. */
  readonly mayLower: boolean;
  /** Why `mayLower` is false, in words; empty otherwise. */
  readonly doubt: string;
}

/** What the monitor remembers from tick to tick. */
export interface MonitorState {
  readonly startup: StartupEstimate;
  readonly meter: RequestMeter;
}

/** Raw observations become numbers with their quality; start-up times are learned on the way. */
export function monitor(
  spec: PolicySpec,
  observation: Observation,
  target: TargetView,
  { startup, meter }: MonitorState,
): Monitoring {
  observeStartups(startup, target.pods);
  const objective = spec.objective?.requests;
  const requests = objective && observeRequests(meter, objective, observation.requests);
  const measured = spec.metrics.map((metric, index) =>
    metricReport(metric, observation.metrics[index], target),
  );
  const metrics = requests === undefined ? measured : [...measured, requestsAsMetric(requests)];
  const doubts = metrics.map(doubtOf).filter((doubt) => doubt !== undefined);
  return {
    metrics,
    requests,
    objectiveViolated: objectiveViolated(spec.objective, observation.indicators, requests),
    startupSeconds: startupSeconds(startup, spec.forecast.startupSeconds),
    mayLower: doubts.length === 0,
    doubt: doubts.join('; '),
  };
}

function metricReport(
  metric: MetricSpec,
  measured: MetricObservation | undefined,
  target: TargetView,
): MetricReport {
  const demand =
    measured === undefined
      ? { total: missing('NoData', 'not measured yet'), coverage: 0 }
      : demandOf(measured, target);
  const lagSeconds = (measured?.averagedSeconds ?? 0) / 2;
  return { name: metricName(metric), type: metric.type, ...demand, lagSeconds };
}

function requestsAsMetric({ total, lagSeconds }: RequestReport): MetricReport {
  return {
    name: REQUESTS,
    type: 'Requests',
    total,
    coverage: total.quality === 'Fresh' ? 1 : 0,
    lagSeconds,
  };
}

function doubtOf({ name, total, coverage }: MetricReport): string | undefined {
  if (total.quality === 'Missing') return `${name} is missing (${total.message})`;
  if (total.quality === 'Stale') return `${name} is stale since ${new Date(total.at).toISOString()}`;
  if (coverage < MIN_COVERAGE) return `${name} covers only ${Math.floor(coverage * 100)} % of the ready pods`;
  return undefined;
}
