import type { DecisionStatus, WorkloadStatus } from './explained-policy.ts';
import { labelled, wrappedTable } from './layout.ts';
import { minuteText } from './phrases.ts';

type Memory = NonNullable<WorkloadStatus['memory']> | NonNullable<DecisionStatus['memory']>;
type Neighbour = Memory['neighbours'][number];

const HEADER = ['WHEN', 'POLICY', 'SIMILAR', 'REPLICAS', 'RESULT', 'WHAT CAME OF IT'];

/** What is remembered of situations like one, with those that it is remembered from. */
export function memoryView(memory: Memory, width: number): readonly string[] {
  return [...memorySummary(memory, width), ...neighbourTable(memory.neighbours, width)];
}

/** The same in a sentence or two. */
export function memorySummary({ message, bestArm }: Memory, width: number): readonly string[] {
  const best = bestArm === undefined ? '' : ` Cheapest in them would have been ${armText(bestArm)}.`;
  return labelled('Memory', `${message}${best}`, width);
}

/** The memories tell of the same past situations. */
export function saysNoMore(memory: Memory, than: Memory | undefined): boolean {
  const key = ({ time, policy, workload }: Neighbour): string => `${time} ${policy} ${workload}`;
  const known = new Set(than?.neighbours.map(key));
  return memory.neighbours.every((neighbour) => known.has(key(neighbour)));
}

function neighbourTable(neighbours: readonly Neighbour[], width: number): readonly string[] {
  if (neighbours.length === 0) return [];
  const indent = '    ';
  const rows = neighbours.map((neighbour) => [
    minuteText(neighbour.time),
    neighbour.policy,
    `${neighbour.similarityPercent} %`,
    `${neighbour.from}→${neighbour.to}`,
    neighbour.result,
    newsOf(neighbour.message),
  ]);
  return wrappedTable(HEADER, rows, width - indent.length).map((line) => indent + line);
}

/** `4 → 9 replicas by way of 12 (Calm), succeeded: …`, whose numbers and verdict stand in columns of their own. */
const DEED =
  /^(?:\d+ → \d+ replicas|\d+ replicas kept)( by way of \d+)? \(([^()]+)\), (succeeded|failed|not judged)(?:: (.+?))?\.?$/su;

/** The sentence without what the other columns say; all of it when it is of another form. */
function newsOf(message: string): string {
  const match = DEED.exec(message);
  if (match === null) return message;
  const [, by = '', arm = '', verdict = '', facts = 'nothing was measured'] = match;
  return `as ${arm}${by}${verdict === 'not judged' ? ', not judged' : ''}: ${facts}`;
}

function armText(arm: string): string {
  const [, kind, percent] = /^(Quantile|Utilization)(\d+)$/.exec(arm) ?? [];
  if (kind === 'Quantile') return `${arm}, the forecast's ${percent ?? ''} % quantile`;
  if (kind === 'Utilization') return `${arm}, an HPA at ${percent ?? ''} % of the capacity`;
  return `the profile ${arm}`;
}
