import type { AnomalyStatus } from './explained-policy.ts';
import { labelled } from './layout.ts';
import { agoText, minuteText } from './phrases.ts';

/** An open anomaly, what may be behind it, and what the runbooks say. */
export function anomalyView(anomaly: AnomalyStatus, now: number, width: number): readonly string[] {
  const { kind, signal, severity, since, holds, message, probability } = anomaly;
  const held = holds ? '; nothing is lowered while it lasts' : '';
  const chance = probability === undefined ? '' : ` (by chance with a probability of ${probability})`;
  return [
    ...labelled(
      kind,
      `${signal}, severity ${severity}, since ${minuteText(since)} (${agoText(since, now)})${held}`,
      width,
    ),
    ...labelled('', `${message}${chance}`, width),
    ...behindLines(anomaly, width),
    ...runbookLines(anomaly, width),
  ];
}

function behindLines(
  { firstMoved, suspects = [], similar }: AnomalyStatus,
  width: number,
): readonly string[] {
  return [
    ...(firstMoved === undefined
      ? []
      : labelled('', `First moved: ${firstMoved.signal}, at ${minuteText(firstMoved.time)}`, width)),
    ...suspects.flatMap((suspect) =>
      labelled('', `Suspected is ${suspect.workload}: ${suspect.message}`, width),
    ),
    ...(similar === undefined ? [] : labelled('', `Seen before: ${similar.message}`, width)),
  ];
}

function runbookLines({ runbook }: AnomalyStatus, width: number): readonly string[] {
  if (runbook === undefined) return [];
  return [
    ...labelled('', `Runbook: ${runbook.title} (${runbook.source})`, width),
    ...labelled('', runbook.text, width - 2).map((line) => `  ${line}`),
  ];
}
