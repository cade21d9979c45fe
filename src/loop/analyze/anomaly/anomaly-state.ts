import type { PastIncident } from './attribution/similar-incidents.ts';
import { NO_EPISODES, type Episodes } from './episodes.ts';
import { createAlarmLadder, type AlarmLadder } from './fleet/alarm-ladder.ts';
import type { Behaviour } from './behaviour.ts';
import type { Degradation } from './shape/degradation.ts';
import { createMinuteMeans, type MinuteMeans } from './minute-means.ts';
import { createRecentSurprises, type RecentSurprises } from './recent-surprises.ts';
import type { SignalWatch } from './signal-watch.ts';
import type { LeakWatch } from './trend/leak.ts';
import { WATCHED_SIGNALS } from './watched-signals.ts';

/** What the detectors remember of one workload. Changed in place by its single owner. */
export interface AnomalyState {
  readonly minutes: MinuteMeans;
  /** Of this tick, and of the last whole minute. */
  readonly values: Float64Array;
  readonly means: Float64Array;
  /** In the order of `WATCHED_SIGNALS`; a signal that was never seen has none. */
  readonly signals: (SignalWatch | undefined)[];
  /** How unusual each of them was lately. */
  readonly recent: RecentSurprises;
  /** These are made when there is something for them: memory, a latency, two signals. */
  leak: LeakWatch | undefined;
  degradation: Degradation | undefined;
  behaviour: Behaviour | undefined;
  /** How often it was how unusual, whatever the signal. */
  ladder: AlarmLadder;
  episodes: Episodes;
  /** What is over, oldest first. */
  past: readonly PastIncident[];
}

export function createAnomalyState(): AnomalyState {
  return {
    minutes: createMinuteMeans(WATCHED_SIGNALS.length),
    values: new Float64Array(WATCHED_SIGNALS.length),
    means: new Float64Array(WATCHED_SIGNALS.length),
    signals: WATCHED_SIGNALS.map(() => undefined),
    recent: createRecentSurprises(WATCHED_SIGNALS.length),
    leak: undefined,
    degradation: undefined,
    behaviour: undefined,
    ladder: createAlarmLadder(),
    episodes: NO_EPISODES,
    past: [],
  };
}
