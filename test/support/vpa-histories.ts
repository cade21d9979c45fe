import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import { VpaAggregate, type VpaAmounts } from '../../src/simulate/sizing/vpa-aggregate.ts';
import { VpaContainer } from '../../src/simulate/sizing/vpa-container.ts';
import { vpaRecommendation } from '../../src/simulate/sizing/vpa-recommender.ts';
import type { Usage } from './usage-shapes.ts';

/** The input of hack/vpa-recommender: what the recommender hears of, in that order. Millicores, bytes, ms since the epoch. */
export interface History {
  readonly containers: number;
  readonly events: readonly HistoryEvent[];
}

interface HistoryEvent {
  readonly at: number;
  readonly kind: 'cpu' | 'memory' | 'oom' | 'replace' | 'ask';
  readonly amount?: number;
}

/** Its output, one for each `ask`. */
export interface Answer {
  readonly at: number;
  readonly target: VpaAmounts;
  readonly lower: VpaAmounts;
  readonly upper: VpaAmounts;
}

const HOUR_MS = 3_600_000;

/**
 * @param limit bytes: a container that uses more is killed and says so instead of sending a sample.
 * @param replaceHours after so many hours another pod takes over.
 */
export function historyOf(
  usage: readonly Usage[],
  { containers = 1, limit = Infinity, replaceHours = Infinity } = {},
): History {
  const events: HistoryEvent[] = [];
  let askAt = 0;
  let replaceAt = (usage[0]?.at ?? 0) + replaceHours * HOUR_MS;
  for (const { at, cpu, memory } of usage) {
    if (at >= replaceAt) {
      events.push({ at, kind: 'replace' });
      replaceAt += replaceHours * HOUR_MS;
    }
    events.push({ at, kind: 'cpu', amount: Math.round(cpu * 1000) });
    if (memory > limit) events.push({ at, kind: 'oom', amount: Math.round(limit) });
    else events.push({ at, kind: 'memory', amount: Math.round(memory) });
    if (at < askAt) continue;
    events.push({ at, kind: 'ask' });
    askAt = at + HOUR_MS;
  }
  return { containers, events };
}

/** The answers of this project's port. */
export function portAnswers({ containers, events }: History): Answer[] {
  const aggregate = new VpaAggregate();
  let container = new VpaContainer(aggregate);
  const answers: Answer[] = [];
  for (const { at, kind, amount = 0 } of events) {
    if (kind === 'cpu') container.addCpu(at, amount);
    else if (kind === 'memory') container.addMemory(at, amount);
    else if (kind === 'oom') container.recordOutOfMemory(at, amount);
    else if (kind === 'replace') container = new VpaContainer(aggregate);
    else answers.push({ at, ...vpaRecommendation(aggregate, containers) });
  }
  return answers;
}

/** The answers of the real recommender, for each history. @param program path of the vpa-recommender tool. */
export async function realAnswers(program: string, histories: readonly History[]): Promise<Answer[][]> {
  const recommender = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(recommender, 'exit') as Promise<[number | null]>;
  const output = text(recommender.stdout);
  recommender.stdin.end(histories.map((history) => `${JSON.stringify(history)}\n`).join(''));
  const [code] = await exit;
  if (code !== 0) throw new Error(`vpa-recommender ended with exit code ${code}`);
  const lines = (await output).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Answer[]);
}
