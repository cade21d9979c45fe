import type { Change, RecordedBacktest } from './recorded-backtest.ts';
import type { LiveRun } from './live-replay.ts';

/** Every way in which a live run differs from the backtest of the same policy on the same past; empty when in none. */
export function differences(backtest: RecordedBacktest, live: LiveRun): readonly string[] {
  const { ticks, changes, spec } = backtest;
  const measured = ticks.flatMap((tick, i) => {
    const one = spec.metrics.length > 0 ? tick.demand : tick.requests;
    const other = live.measured[i];
    const same = one === undefined ? typeof other === 'string' : Object.is(one, other);
    return same ? [] : [`measured at ${iso(tick.now)}: backtest ${one}, live ${other}`];
  });
  const length = Math.max(changes.length, live.changes.length);
  const decisions = Array.from({ length }, (_, i) => [changes[i], live.changes[i]] as const)
    .filter(([one, other]) => JSON.stringify(one) !== JSON.stringify(other))
    .map(([one, other]) => `decision: backtest ${told(one)}, live ${told(other)}`);
  const bounds = ticks.flatMap(({ now }, i) => {
    const [one, other] = [backtest.bounds[i], live.bounds[i]];
    return Object.is(one, other) ? [] : [`forecast at ${iso(now)}: backtest ${one}, live ${other}`];
  });
  const strayed = live.strayed === 0 ? [] : [`other replicas at ${live.strayed} of ${ticks.length} ticks`];
  return [...measured, ...decisions, ...bounds, ...strayed];
}

function told(change: Change | undefined): string {
  return change === undefined ? 'none' : `${iso(change.at)} ${change.from} → ${change.to}: ${change.message}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
