import type { Evidence } from './anomaly.ts';
import type { AnomalyState } from './anomaly-state.ts';
import { createDegradation, observeDegradation } from './shape/degradation.ts';
import { hasBaseline } from './signal-watch.ts';
import { signalText } from './signal-text.ts';
import { SIGNAL } from './watched-signals.ts';

/** A latency that the load does not explain: learns the minute, and tells when it is unusual. */
export function degradationEvidence(state: AnomalyState, threshold: number): Evidence | undefined {
  const { means, signals } = state;
  const latency = means[SIGNAL.latency] ?? NaN;
  if (Number.isNaN(latency)) return undefined;
  state.degradation ??= createDegradation();
  const load = means[SIGNAL.load] ?? NaN;
  const { surprise, expected, isBack } = observeDegradation(state.degradation, latency, load);
  const watch = signals[SIGNAL.latency];
  // A few hours of latencies know no night and no morning.
  if (!(surprise >= threshold) || isBack || watch === undefined || !hasBaseline(watch)) return undefined;
  return {
    kind: 'Degradation',
    signal: 'latency',
    surprise,
    onset: true,
    expected,
    actual: latency,
    message: `${signalText('latency', latency, expected)} at this load`,
  };
}
