import type { AnomalyState } from './anomaly-state.ts';
import { createAlarmLadder } from './fleet/alarm-ladder.ts';
import { judgeMinute } from './judge-minute.ts';

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
    for (const [signal, all] of values.entries()) {
      state.values[signal] = state.means[signal] = all[i] ?? NaN;
    }
    judgeMinute(state, firstMinute + i, Infinity);
  }
}
