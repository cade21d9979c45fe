import type { Anomaly, AnomalyEnding } from '../anomaly.ts';
import type { RecentSurprises } from '../recent-surprises.ts';
import type { Attribution } from './attribution.ts';
import { fingerprint, firstMoved } from './first-moved.ts';
import { nearestIncident, rememberIncident, type PastIncident } from './similar-incidents.ts';

/** What the workload itself tells of an anomaly that begins: what moved before it, and when it was like this. */
export function attribute(
  anomaly: Anomaly,
  recent: RecentSurprises,
  past: readonly PastIncident[],
): Attribution {
  const { kind, signal, surprise, actual = NaN, expected = NaN } = anomaly;
  const own = actual < expected ? `-${signal}` : signal;
  const surprises = { ...fingerprint(recent), [own]: surprise };
  const nearest = nearestIncident(past, { kind, signal, surprises });
  return {
    surprises,
    firstMoved: firstMoved(recent, anomaly),
    similar: nearest && { at: nearest.at, durationMs: nearest.durationMs, ending: nearest.ending },
    suspects: [],
  };
}

/** What was closed becomes a part of the past: what people were told of, and of which it is known how it ended. */
export function rememberClosed(
  past: readonly PastIncident[],
  closed: readonly { readonly anomaly: Anomaly; readonly ending: AnomalyEnding }[],
): readonly PastIncident[] {
  let remembered = past;
  for (const { anomaly, ending } of closed) {
    const { kind, signal, since, seenAt, told, fleetWide, attribution } = anomaly;
    if (!told || fleetWide || ending === 'Unknown' || attribution === undefined) continue;
    const { surprises } = attribution;
    const durationMs = Math.max(0, seenAt - since);
    remembered = rememberIncident(remembered, { kind, signal, surprises, at: since, durationMs, ending });
  }
  return remembered;
}
