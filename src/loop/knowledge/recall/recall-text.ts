import { short } from '../../short.ts';
import type { RecalledSituation } from './evidence.ts';
import type { Recall } from './recall.ts';

/** One sentence about how similar situations ended: `of 7 similar situations 6 succeeded; confidence Medium`. */
export function recallSentence({ found, similar, confidence }: Recall): string {
  if (found === 0) return 'nothing like it is remembered';
  const { judged, succeeded, unjudged } = similar;
  if (judged + unjudged === 0) return 'nothing similar is remembered';
  const aside = unjudged === 0 ? '' : ` (${unjudged} more cannot be judged)`;
  return `of ${judged} similar situations ${succeeded} succeeded${aside}; confidence ${confidence.band}`;
}

/** When, where, what was done and what came of it: `2h ago, shop/web: 4 → 7 replicas (Balanced), succeeded: …`. */
export function neighbourSentence(neighbour: RecalledSituation, now: number): string {
  const { at, policy } = neighbour;
  return `${ago(now - at)} ago, ${policy.namespace}/${policy.name}: ${deedOf(neighbour)}`;
}

/** What was done and what came of it. */
export function deedOf(neighbour: RecalledSituation): string {
  const { action } = neighbour;
  const { from, to, peak } = action;
  const by = peak > Math.max(from, to) ? ` by way of ${peak}` : '';
  const done = from === to && by === '' ? `${from} replicas kept` : `${from} → ${to} replicas${by}`;
  return `${done} (${action.arm}), ${cameOf(neighbour)}`;
}

function cameOf({ succeeded, censored, outcome }: RecalledSituation): string {
  const verdict = { true: 'succeeded', false: 'failed', null: 'not judged' }[String(succeeded) as 'true'];
  const { violatedShare, costOverOracle, rollbacks } = outcome;
  const facts = [
    ...censored,
    violatedShare === null ? '' : `objective violated ${short(100 * violatedShare)} % of the time`,
    costOverOracle === null ? '' : `cost ${short(costOverOracle)} × what was needed`,
    rollbacks === 0 ? '' : `${rollbacks} undone`,
  ].filter((fact) => fact !== '');
  return facts.length === 0 ? verdict : `${verdict}: ${facts.join(', ')}`;
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
] as const;

function ago(ms: number): string {
  const unit = UNITS.find(([size]) => ms >= size);
  return unit === undefined ? '0m' : `${Math.floor(ms / unit[0])}${unit[1]}`;
}
