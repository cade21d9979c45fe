import type { ForecastSummary } from './analyze/analyze.ts';
import type { GuardTrace } from './guard/chain.ts';
import { short } from './plan/short.ts';
import type { Proposal } from './plan/proposal.ts';

export interface Explanation {
  readonly from: number;
  readonly to: number;
  readonly proposals: readonly Proposal[];
  readonly guards: readonly GuardTrace[];
  readonly forecast: ForecastSummary | undefined;
}

/** One deterministic sentence or two that a person who has never seen the project understands. */
export function explain({ from, to, proposals, guards, forecast }: Explanation): string {
  const direction = to > from ? 'Up' : 'Down';
  const leading = proposals.reduce<Proposal | undefined>(
    (best, proposal) => (best === undefined || proposal.replicas > best.replicas ? proposal : best),
    undefined,
  );
  const sentences = [
    `${direction} from ${from} to ${to}: ${leading === undefined ? 'no metric speaks' : because(leading, forecast)}.`,
  ];
  const reactive = largest(proposals, 'Reactive');
  if (leading?.source === 'Forecast' && reactive !== undefined) {
    sentences.push(`Demand as measured asks for ${reactive}.`);
  }
  const clamps = guards.filter((guard) => guard.outcome === 'Clamp' && guard.before !== guard.after);
  if (clamps.length > 0) {
    sentences.push(
      `Then ${clamps.map((g) => `${g.guard} made ${g.before} into ${g.after} (${g.message ?? ''})`).join(', ')}.`,
    );
  }
  return sentences.join(' ');
}

function because(leading: Proposal, forecast: ForecastSummary | undefined): string {
  if (leading.source === 'Reactive' || forecast === undefined)
    return `${leading.metric} asks for ${leading.detail}`;
  return (
    `${leading.metric} is forecast to peak at ${short(forecast.upper)} or less within ${forecast.horizonSeconds} s ` +
    `(${forecast.confidencePercent} % bound, median ${short(forecast.peak)}), which asks for ${leading.detail}`
  );
}

function largest(proposals: readonly Proposal[], source: Proposal['source']): number | undefined {
  const values = proposals
    .filter((proposal) => proposal.source === source)
    .map((proposal) => proposal.replicas);
  return values.length === 0 ? undefined : Math.max(...values);
}
