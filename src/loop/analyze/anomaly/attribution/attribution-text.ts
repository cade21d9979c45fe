import { signalName } from '../signal-text.ts';
import type { Attribution, FirstMoved, SimilarAnomaly, Suspect } from './attribution.ts';

/** What is told of what may be behind an anomaly: nothing, or up to three phrases. Of the suspects, the first. */
export function attributionTexts({ firstMoved, suspects, similar }: Attribution): readonly string[] {
  const [suspect] = suspects;
  return [
    ...(firstMoved === undefined ? [] : [firstMovedText(firstMoved)]),
    ...(suspect === undefined ? [] : [`suspected is ${suspect.workload}: ${suspectText(suspect)}`]),
    ...(similar === undefined ? [] : [similarText(similar)]),
  ];
}

/** `the queue moved first, 4 min before`. */
function firstMovedText({ signal, leadMs }: FirstMoved): string {
  return `${signalName(signal)} moved first, ${minutes(leadMs)} before`;
}

/** `the latency became unusual 4 min before, along the calls web → cart → db`. */
export function suspectText({ signal, leadMs, path }: Suspect): string {
  const moved = `${signalName(signal)} became unusual ${leadText(leadMs)}`;
  return path === undefined ? moved : `${moved}, along the calls ${path.join(' → ')}`;
}

function leadText(leadMs: number): string {
  if (leadMs === 0) return 'in the same minute';
  return leadMs > 0 ? `${minutes(leadMs)} before` : `${minutes(-leadMs)} later`;
}

/** `like that of 2026-11-12 14:03, which was over after 12 min`. */
export function similarText({ at, durationMs, ending }: SimilarAnomaly): string {
  const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const how = ending === 'Over' ? 'was over after' : 'counted as usual after';
  return `like that of ${when} UTC, which ${how} ${minutes(durationMs)}`;
}

function minutes(ms: number): string {
  const whole = Math.round(ms / 60_000);
  return whole >= 120 ? `${Math.round(whole / 60)} h` : `${whole} min`;
}
