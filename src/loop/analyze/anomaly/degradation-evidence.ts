import type { Evidence } from './anomaly.ts';
import type { AnomalyState } from './anomaly-state.ts';
import { observeDegradation } from './shape/degradation.ts';
import { hasBaseline } from './signal-watch.ts';
import { signalText } from './signal-text.ts';
import { SIGNAL } from './watched-signals.ts';

/** A latency that the load does not explain: learns the minute, and tells when it is unusual. */
export function degradationEvidence(
  { degradation, means, signals }: AnomalyState,
  threshold: number,
): Evidence | undefined {
  const latency = means[SIGNAL.latency] ?? NaN;
  const { surprise, expected } = observeDegradation(degradation, latency, means[SIGNAL.load] ?? NaN);
  const watch = signals[SIGNAL.latency];
  // A few hours of latencies know no night and no morning.
  if (!(surprise >= threshold) || watch === undefined || !hasBaseline(watch)) return undefined;
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
