import type { AnomalyState } from './anomaly-state.ts';
import { createAlarmLadder, observeLadder } from './fleet/alarm-ladder.ts';
import { MINUTE_MS } from './minute-means.ts';
import { createSignalWatch, observeSignal, type WatchedMinute } from './signal-watch.ts';
import { SIGNAL, WATCHED_SIGNALS } from './watched-signals.ts';

/** A stretch of the past of all signals of a workload, minute by minute. */
export interface SignalHistory {
  /** Minutes since the epoch. */
  readonly firstMinute: number;
  /** In the order of `WATCHED_SIGNALS`, all equally long; NaN where nothing is known. */
  readonly values: readonly Float64Array[];
  /** What was learned before counts no more: the history is of all that is known. */
  readonly anew: boolean;
}

/** Learns what is usual. Nothing that was unusual then becomes an anomaly now. */
export function learnHistory(state: AnomalyState, { firstMinute, values, anew }: SignalHistory): void {
  if (anew) {
    state.signals.fill(undefined);
    state.ladder = createAlarmLadder();
  }
  const minutes = values[0]?.length ?? 0;
  for (let i = 0; i < minutes; i += 1) {
    const seen = WATCHED_SIGNALS.map((signal, index) =>
      learnMinute(state, { minute: firstMinute + i, signal, value: values[index]?.[i] ?? NaN }),
    );
    const known = seen.filter((surprise) => !Number.isNaN(surprise));
    observeLadder(state.ladder, known.length === 0 ? NaN : Math.max(...known), MINUTE_MS / 1000);
  }
}

function learnMinute(state: AnomalyState, seen: Omit<WatchedMinute, 'threshold'>): number {
  const index = SIGNAL[seen.signal];
  if (Number.isNaN(seen.value) && state.signals[index] === undefined) return NaN;
  const watch = (state.signals[index] ??= createSignalWatch());
  return observeSignal(watch, { ...seen, threshold: Infinity }).surprise;
}
