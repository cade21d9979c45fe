import type { BacktestConfig, BacktestResult } from '../backtest-result.ts';
import { SCRAPE_AGE_SECONDS } from '../metric-path.ts';
import { formatCount, formatDuration, formatLimit, formatPlural } from './format.ts';
import { markup, type Markup } from './markup.ts';

const ARRIVALS: Readonly<Record<BacktestConfig['arrivals']['process'], string>> = {
  linear: 'the straight line between samples, without noise (which flatters whoever extrapolates)',
  poisson: 'a Poisson process around the straight line between samples',
  overdispersed: 'bursts (negative binomial) around the straight line between samples',
  rough: 'a Poisson process around a random path between samples as rough as the workload itself',
};

/** How the figures came about, and what they do not show. */
export function methodSection(result: BacktestResult): Markup {
  const { config, traces } = result;
  return markup`<section><h2>How this was computed</h2>
<ul>${howComputed(config).map((line) => markup`<li>${line}</li>`)}</ul>
<h3>What the simulation does not know</h3>
<ul>${notModelled(config).map((line) => markup`<li>${line}</li>`)}</ul>
</section>
<section><h2>Data and configuration</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Workloads used"><table><thead><tr><th scope="col">Workload</th><th scope="col">Origin</th><th scope="col">Begins (UTC)</th><th scope="col">Days</th><th scope="col">Of them warm-up</th><th scope="col">Gaps bridged</th><th scope="col">Rows left out</th><th scope="col">SHA-256 of the samples</th></tr></thead><tbody>
${traces.map(
  (trace) =>
    markup`<tr><th scope="row">${trace.name}</th><td class="words">${trace.group}</td><td>${trace.startAt.slice(0, 16).replace('T', ' ')}</td><td>${formatCount(trace.days)}</td><td>${formatDuration(trace.warmupSeconds)}</td><td>${trace.gapSeconds === 0 ? 'none' : formatDuration(trace.gapSeconds)}</td><td>${formatCount(trace.skippedRows)}</td><td class="words"><code title="${trace.digest}">${trace.digest.slice(0, 16)}…</code></td></tr>
`,
)}</tbody></table></div>
<h3>Rules and defaults of the contenders</h3>
<ul>${result.summary.map(({ title, source }) => markup`<li><b>${title}</b>: ${source}</li>`)}</ul>
<details><summary>Configuration, whole</summary><pre>${JSON.stringify(config, undefined, 2)}</pre></details>
</section>`;
}

function howComputed({ warmupSeconds, objective, startup, ...config }: BacktestConfig): string[] {
  const { service, demand, arrivals, metrics } = config;
  return [
    `Each workload's own history is replayed in steps of ${formatDuration(config.tickSeconds)}; every contender decides every ${formatDuration(config.decisionSeconds)} on measurements that are ${formatDuration(metrics.ageSeconds)} old, and never sees anything later.${scrapesPods(config) ? ` Who reads the pods' own counters sees requests that are ${formatDuration(Math.min(SCRAPE_AGE_SECONDS, metrics.ageSeconds))} old.` : ''}`,
    `The first ${formatDuration(warmupSeconds)} (at most 40 % of a short history) are warm-up: there every contender's setting is tuned to the same rule (the cheapest value that keeps the objective, else the one with the fewest slow requests). Only the rest is scored.`,
    `Objective: at most ${formatLimit(objective.slowShare)} of all requests wait longer than ${formatDuration(objective.waitSeconds)}. A request that is turned away counts as slow.`,
    `Requests arrive as ${ARRIVALS[arrivals.process]}. ${demand.replicaCapacity === undefined ? `Every workload is scaled so that ${formatLimit(demand.peakQuantile)} of the time at most ${formatPlural(demand.peakReplicas, 'replica')} would be busy.` : `One replica serves ${formatCount(demand.replicaCapacity)} units of the workload at its limit.`}`,
    `A replica completes ${formatCount(service.requestsPerSecond)} requests per second; waiting times follow queueing theory (Erlang's C${service.discipline === 'split' ? ', one queue for each replica' : ', one queue for all'}), at most ${formatDuration(service.queueSeconds)} of work wait, the rest is turned away.`,
    `A replica serves ${formatDuration(startup.medianSeconds)} after it was asked for (median, lognormal with σ = ${startup.sigma}), and is paid for from its creation to the end of its termination.`,
    `The oracle knows the future: the fewest replicas that keep the objective at every moment. Its demand is what cost is divided by.`,
    `The middle of all workloads is shown, with a 95 % interval from ${formatCount(4000)} draws of whole origins: workloads of one origin are not independent. p is the chance of a difference in cost as large as this one if there were none (sign flips of whole origins, adjusted by Holm for the number of comparisons).`,
  ];
}

function scrapesPods({ contenders, policy }: Pick<BacktestConfig, 'contenders' | 'policy'>): boolean {
  return (
    policy?.objective?.requests?.scrape !== undefined ||
    contenders.some((name) => name.startsWith('autonomic-scrape'))
  );
}

function notModelled({ nodes, memory, faults }: BacktestConfig): string[] {
  return [
    'Users who give up or try again: demand is the same whatever the contender does.',
    'Other services, databases and networks behind this one; a new version, a cold cache, a noisy neighbour: each replica is as fast as the others, always.',
    'What happened between two samples of the history: it is assumed, as said above.',
    ...(nodes === undefined ? ['Full clusters: there is always a node with room.'] : []),
    ...(memory === undefined ? ['Memory: it is never short.'] : []),
    ...(faults === undefined
      ? ['Failures: no node is lost, no metric is missing, no write is refused.']
      : []),
  ];
}
