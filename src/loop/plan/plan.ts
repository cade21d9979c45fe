import type { PolicySpec } from '../../api/policy-spec.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { isForecast, type Analysis, type ForecastSummary } from '../analyze/analyze.ts';
import type { Observation, TargetView } from '../monitor/observation.ts';
import { capacityPerReplica } from './capacity.ts';
import { forecastReplicas } from './forecast-replicas.ts';
import type { MetricResult } from './metric-result.ts';
import { metricsProposal, type MetricsProposal } from './metrics-proposal.ts';
import type { Proposal } from './proposal.ts';
import { saturatingCeil, type Tolerance } from './replica-arithmetic.ts';

export interface Plan {
  readonly proposals: readonly Proposal[];
  /** What demand as measured asks for; undefined when no metric speaks. */
  readonly reactive: number | undefined;
  /** The larger of reactive and forecast; undefined when no metric speaks: a forecast alone decides nothing. */
  readonly proposed: number | undefined;
  /** The forecast behind `proposed`, or the one that came nearest to it. */
  readonly leading: ForecastSummary | undefined;
  /** Which metrics cannot speak and why, in words; empty when all do. */
  readonly doubt: string;
  /** Every metric's own answer, in the order of the spec. */
  readonly results: readonly MetricResult[];
}

export interface PlanInputs {
  readonly spec: PolicySpec;
  readonly observation: Observation;
  readonly target: TargetView;
  readonly analysis: Analysis;
  readonly now: number;
}

/** `desired = max(forecast, reactive)`: a forecast can only bring capacity earlier, never take it away. */
export function plan({ spec, observation, target, analysis, now }: PlanInputs): Plan {
  const tolerance = toleranceOf(spec);
  const measured = metricsProposal({
    metrics: spec.metrics,
    observations: observation.metrics,
    pods: target.pods,
    currentReplicas: target.specReplicas,
    tolerance,
    now,
  });
  const ahead = forecastProposals({ spec, target, analysis, tolerance });
  const reactive = measured.outcome === 'Unknown' ? undefined : measured.replicas;
  const leading = largest(ahead);
  return {
    proposals: [...reactiveProposals(measured), ...ahead.map(({ proposal }) => proposal)],
    reactive,
    proposed: reactive === undefined ? undefined : Math.max(reactive, leading?.proposal.replicas ?? 0),
    leading: leading?.forecast ?? analysis.forecasts.find(isForecast),
    doubt: measured.metrics
      .flatMap(({ metric, result }) => (result.usable ? [] : [`${metric}: ${result.message}`]))
      .join('; '),
    results: measured.metrics.map(({ result }) => result),
  };
}

export function toleranceOf({ horizontal: { behavior } }: PolicySpec): Tolerance {
  return {
    up: parseQuantity(behavior.scaleUp.tolerance),
    down: parseQuantity(behavior.scaleDown.tolerance),
  };
}

function reactiveProposals({ metrics }: MetricsProposal): readonly Proposal[] {
  return metrics.flatMap(({ metric, result }) =>
    result.usable
      ? [{ source: 'Reactive', metric, replicas: result.replicas, detail: result.detail } as const]
      : [],
  );
}

interface Ahead {
  readonly proposal: Proposal;
  readonly forecast: ForecastSummary;
}

interface ForecastInputs {
  readonly spec: PolicySpec;
  readonly target: TargetView;
  readonly analysis: Analysis;
  readonly tolerance: Tolerance;
}

/** A forecast that does not keep its promises proposes nothing: demand as measured decides until it does. */
function forecastProposals({ spec, target, analysis, tolerance }: ForecastInputs): readonly Ahead[] {
  return analysis.forecasts.flatMap((forecast, index) => {
    const metric = spec.metrics[index];
    if (!isForecast(forecast) || !forecast.reliable || metric === undefined) return [];
    const capacity = capacityPerReplica(metric, target.pods);
    if (capacity === undefined) return [];
    const { upper } = forecast;
    const replicas = forecastReplicas({
      upper,
      capacityPerReplica: capacity,
      currentReplicas: target.specReplicas,
      tolerance,
    });
    const wanted = saturatingCeil(upper / capacity);
    const terms = `${short(upper)} ÷ ${short(capacity)}`;
    const detail =
      replicas === wanted ? `ceil(${terms}) = ${replicas}` : `${replicas}: ${terms} is within the tolerance`;
    return [{ proposal: { source: 'Forecast', metric: forecast.metric, replicas, detail }, forecast }];
  });
}

function largest(ahead: readonly Ahead[]): Ahead | undefined {
  return ahead.reduce<Ahead | undefined>(
    (best, next) => (best === undefined || next.proposal.replicas > best.proposal.replicas ? next : best),
    undefined,
  );
}

/** Three significant digits: enough to understand, short enough to read. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
