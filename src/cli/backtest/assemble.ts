import type { BacktestConfig, BacktestResult, TraceResult } from '../../simulate/backtest-result.ts';
import { summarize } from '../../simulate/score/summary.ts';
import type { JobResult } from './job.ts';
import type { Plan } from './plan.ts';

/**
 * The document of a run. Of an interrupted one it has the traces that were begun, and a summary over those that were
 * finished: over others it would compare contenders on different traces.
 * @param results in the order of the plan's jobs
 */
export function assemble(
  plan: Plan,
  results: readonly (JobResult | undefined)[],
  config: BacktestConfig,
): BacktestResult {
  const width = plan.contenders.length;
  const traces = plan.traces.map((trace, index): TraceResult => {
    const own = results.slice(index * width, (index + 1) * width);
    return { ...trace, contenders: own.filter((result) => result !== undefined) };
  });
  const whole = traces.filter(({ contenders }) => contenders.length === width);
  const done = results.filter((result) => result !== undefined).length;
  const planned = plan.jobs.length;
  return {
    config,
    traces: traces.filter(({ contenders }) => contenders.length > 0),
    summary: summarize(whole, plan.contenders, config.seed),
    ...(done === planned
      ? {}
      : { partial: { done, planned, message: partialMessage(plan, whole.length, done) } }),
  };
}

function partialMessage({ jobs, traces }: Plan, whole: number, done: number): string {
  const complete =
    whole === 0
      ? 'no trace is complete, so there is no summary'
      : `${whole} of ${traces.length} traces are complete, and the summary is of these`;
  return `interrupted after ${done} of ${jobs.length} simulations; ${complete}`;
}
