import type { ForecastSummary } from './analyze/analyze.ts';
import type { Decision } from './execute/decision.ts';
import type { GuardTrace } from './guard/chain.ts';
import { REQUESTS } from './monitor/requests.ts';
import { short } from './short.ts';
import type { Proposal } from './plan/proposal.ts';

/** Of the newest value: a hundredth is not seen. */
const LEAST_PART = 0.01;

export interface Explanation {
  readonly from: number;
  readonly to: number;
  readonly proposals: readonly Proposal[];
  readonly guards: readonly GuardTrace[];
  readonly forecast: ForecastSummary | undefined;
  readonly stock?: Decision['stock'];
  readonly memory?: Decision['memory'];
}

/** Fewer are anecdotes, and not worth a sentence. */
const LEAST_SIMILAR = 3;

/** One deterministic sentence or two that a person who has never seen the project understands. */
export function explain({ from, to, proposals, guards, forecast, stock, memory }: Explanation): string {
  const direction = to > from ? 'Up' : 'Down';
  const leading = proposals.reduce<Proposal | undefined>(
    (best, proposal) => (best === undefined || proposal.replicas > best.replicas ? proposal : best),
    undefined,
  );
  const sentences = [
    `${direction} from ${from} to ${to}: ${leading === undefined ? 'no metric speaks' : because(leading, forecast)}.`,
  ];
  const reactive = largest(proposals, 'Reactive');
  if (leading !== undefined && leading.source !== 'Reactive' && reactive !== undefined) {
    sentences.push(`Demand as measured asks for ${reactive}.`);
  }
  if (leading?.source === 'Forecast' && leading.metric === REQUESTS && stock !== undefined) {
    sentences.push(neighboursOf(stock));
  }
  const clamps = guards.filter((guard) => guard.outcome === 'Clamp' && guard.before !== guard.after);
  if (clamps.length > 0) {
    sentences.push(
      `Then ${clamps.map((g) => `${g.guard} made ${g.before} into ${g.after} (${g.message ?? ''})`).join(', ')}.`,
    );
  }
  return [...sentences, ...remembered(memory)].join(' ');
}

function remembered(memory: Decision['memory']): readonly string[] {
  return memory !== undefined && memory.similar >= LEAST_SIMILAR ? [memory.message] : [];
}

function because(leading: Proposal, forecast: ForecastSummary | undefined): string {
  if (leading.source !== 'Forecast' || forecast === undefined)
    return `${leading.metric} asks for ${leading.detail}`;
  return (
    `${leading.metric} is forecast to peak at ${short(forecast.upper)} or less within ${forecast.horizonSeconds} s ` +
    `(${forecast.confidencePercent} % bound, median ${short(forecast.peak)}; ${partsOf(forecast)}), which asks for ${leading.detail}`
  );
}

/** How the expected peak is made up; what adds nothing that a person would see is left out. */
function partsOf({ parts }: ForecastSummary): string {
  const { newest, ...rest } = parts;
  const visible = Object.entries<number>(rest)
    .filter(([, part]) => Math.abs(part) >= LEAST_PART * Math.abs(newest) && part !== 0)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .map(([name, part]) => `${part > 0 ? '+' : '−'}${short(Math.abs(part))} by ${name}`);
  return [`now ${short(newest)}`, ...visible].join(', ');
}

/** The choices beside the one made, and what a dearer bad request would have changed. */
function neighboursOf({ outcomes, dearer }: NonNullable<Explanation['stock']>): string {
  const expected = outcomes.map(({ replicas, slowShare }) => `with ${replicas} ${short(100 * slowShare)} %`);
  return `Expected to be bad are ${expected.join(', ')} of the requests; at twice the price of a bad one it would be ${dearer.replicas}.`;
}

function largest(proposals: readonly Proposal[], source: Proposal['source']): number | undefined {
  const values = proposals
    .filter((proposal) => proposal.source === source)
    .map((proposal) => proposal.replicas);
  return values.length === 0 ? undefined : Math.max(...values);
}
