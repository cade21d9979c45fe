import type { PolicySpec } from '../../api/policy-spec.ts';
import { isForecast, type Analysis } from '../analyze/analyze.ts';
import type { TargetView } from '../monitor/observation.ts';
import { capacityPerReplica } from './capacity.ts';
import { forecastReplicas } from './forecast-replicas.ts';
import type { Proposal } from './proposal.ts';
import { saturatingCeil, type Tolerance } from './replica-arithmetic.ts';
import { short } from '../short.ts';

export interface ForecastInputs {
  readonly spec: PolicySpec;
  readonly target: TargetView;
  readonly analysis: Analysis;
  readonly tolerance: Tolerance;
}

/** A forecast that does not keep its promises proposes nothing: demand as measured decides until it does. */
export function forecastProposals({
  spec,
  target,
  analysis,
  tolerance,
}: ForecastInputs): readonly Proposal[] {
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
    return [{ source: 'Forecast', metric: forecast.metric, replicas, detail }];
  });
}
