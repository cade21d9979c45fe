import type { PolicySpec } from '../../api/policy-spec.ts';
import { MIN_COVERAGE } from './demand.ts';
import { metricDemand } from './metric-demand.ts';
import { metricName } from './metric-name.ts';
import { objectiveViolated } from './objective.ts';
import type { Observation, TargetView } from './observation.ts';
import { badShareNow } from './objective-measured.ts';
import type { Reading } from './reading.ts';
import { observeRequests, REQUESTS, type RequestMeter, type RequestReport } from './requests.ts';
import { observeLoad, type SaturationEvidence } from './saturation.ts';
import type { WarmupEstimate } from './startup-cpu.ts';
import { observeStartups, startupSummary, type StartupEstimate, type StartupSummary } from './startup.ts';

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
  /** How long a new replica takes, and what that rests on. */
  readonly startup: StartupSummary;
  /** Every source of demand is Fresh with enough coverage: the proof that a decrease needs. */
  readonly mayLower: boolean;
  /** Why `mayLower` is false, in words; empty otherwise. */
  readonly doubt: string;
}

/** What the monitor remembers from tick to tick. */
export interface MonitorState {
  readonly startup: StartupEstimate;
  readonly warmup: WarmupEstimate;
  readonly meter: RequestMeter;
  readonly saturation: SaturationEvidence;
}

/** Raw observations become numbers with their quality; start-up times are learned on the way. */
export function monitor(
  spec: PolicySpec,
  observation: Observation,
  target: TargetView,
  state: MonitorState,
): Monitoring {
  const { startup, warmup, meter, saturation } = state;
  observeStartups(startup, target.pods);
  const objective = spec.objective?.requests;
  const requests = objective && observeRequests(meter, objective, observation.requests, observation.now);
  if (requests !== undefined) learnLoad(saturation, requests, { spec, observation, target });
  const { signals } = observation;
  const measured = spec.metrics.map((metric, index): MetricReport => {
    const seen = observation.metrics[index];
    const demand = metricDemand(metric, seen, target, { warmup, signals });
    return {
      name: metricName(metric),
      type: metric.type,
      ...demand,
      lagSeconds: (seen?.averagedSeconds ?? 0) / 2,
    };
  });
  const metrics = requests === undefined ? measured : [...measured, requestsAsMetric(requests)];
  const doubts = [...metrics.map(doubtOf), requests && badDoubtOf(requests)].filter(
    (doubt) => doubt !== undefined,
  );
  return {
    metrics,
    requests,
    objectiveViolated: objectiveViolated(spec.objective, observation.indicators, requests),
    startup: startupSummary(startup, spec.forecast.startupSeconds),
    mayLower: doubts.length === 0,
    doubt: doubts.join('; '),
  };
}

interface LoadFacts {
  readonly spec: PolicySpec;
  readonly observation: Observation;
  readonly target: TargetView;
}

/** What so much load on each replica did to the requests. */
function learnLoad(
  saturation: SaturationEvidence,
  requests: RequestReport,
  { spec, observation, target }: LoadFacts,
): void {
  const throttledShare = observation.signals?.cpuThrottledShare;
  const { indicators, now } = observation;
  const badShare = badShareNow(spec.objective, { requests, indicators, throttledShare });
  // Two revisions share the load: what it does to them says little about either.
  if (badShare === undefined || requests.total.quality !== 'Fresh' || target.rolloutInProgress) return;
  observeLoad(saturation, {
    now,
    demand: requests.total.value,
    badShare,
    readyReplicas: target.readyReplicas,
    averagedSeconds: 2 * requests.lagSeconds,
  });
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

/** Without the measured truth nobody knows whether fewer replicas would do. */
function badDoubtOf({ bad }: RequestReport): string | undefined {
  if (bad === undefined || bad.quality === 'Fresh') return undefined;
  const what = bad.quality === 'Stale' ? `stale since ${new Date(bad.at).toISOString()}` : bad.message;
  return `bad requests of the objective are not known (${what}; where no series means none, end badQuery with 'or vector(0)')`;
}

function doubtOf({ name, total, coverage }: MetricReport): string | undefined {
  if (total.quality === 'Missing') return `${name} is missing (${total.message})`;
  if (total.quality === 'Stale') return `${name} is stale since ${new Date(total.at).toISOString()}`;
  if (coverage < MIN_COVERAGE) return `${name} covers only ${Math.floor(coverage * 100)} % of the ready pods`;
  return undefined;
}
