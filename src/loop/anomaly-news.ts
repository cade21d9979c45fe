import type { Anomaly } from './analyze/anomaly/anomaly.ts';
import type { AnomalyReport } from './analyze/anomaly/observe-anomalies.ts';
import { byGravity } from './analyze/anomaly/episodes.ts';
import { attributionTexts } from './analyze/anomaly/attribution/attribution-text.ts';
import type { Effect } from './execute/effect.ts';

type News = Extract<Effect, { type: 'Announce' }>;

/** What people should hear of at once: what began in the same minute in one piece, and that it is over. */
export function anomalyNews({ opened, closed }: AnomalyReport): readonly News[] {
  const news: News[] = [];
  const own = opened.toSorted(byGravity);
  if (own.length > 0) {
    const level = own.some(({ severity }) => severity !== 'Low') ? 'Warning' : 'Normal';
    news.push({ type: 'Announce', level, reason: 'AnomalyDetected', note: own.map(sentence).join('; ') });
  }
  const ended = closed.filter(({ anomaly }) => anomaly.told && !anomaly.fleetWide);
  if (ended.length > 0) {
    const note = ended
      .map(({ anomaly, ending }) => `${anomaly.kind} of ${anomaly.signal} ${ENDINGS[ending]}`)
      .join('; ');
    news.push({ type: 'Announce', level: 'Normal', reason: 'AnomalyOver', note });
  }
  return news;
}

const ENDINGS = {
  Over: 'is over',
  NewNormal: 'has lasted for an hour and counts as usual now',
  Unknown: 'cannot be told any more',
} as const;

function sentence({ kind, severity, message, holds, attribution }: Anomaly): string {
  const held = holds ? ', nothing is lowered until it is over' : '';
  const behind = attribution === undefined ? [] : attributionTexts(attribution);
  return [`${kind} (${severity}): ${message}${held}`, ...behind].join(', ');
}
