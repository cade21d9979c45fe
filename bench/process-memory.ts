import { setTimeout as sleep } from 'node:timers/promises';
import { processTree, type ProcessMemory } from './memory.ts';
import type { OperatorProcess } from './operator-run.ts';

export interface MemoryWatch {
  /** Sums over all processes while LanceDB's was there; none when it was never seen. */
  readonly storing: readonly number[];
  /** Sums over all processes while it was not. */
  readonly rss: readonly number[];
  readonly pss: readonly number[];
  readonly processes: readonly ProcessMemory[];
}

/** The first decisions are stored after half a minute; LanceDB's process leaves ten seconds later. */
const SETTLE_MS = 90_000;
const IDLE_WATCHED_MS = 60_000;
const MEMORY_POLL_MS = 2_000;

export async function watchMemory({ pid }: OperatorProcess): Promise<MemoryWatch> {
  const storing: number[] = [];
  const [rss, pss]: [number[], number[]] = [[], []];
  let processes: readonly ProcessMemory[] = [];
  const startedAt = performance.now();
  for (let elapsed = 0; elapsed < SETTLE_MS + IDLE_WATCHED_MS; elapsed = performance.now() - startedAt) {
    const tree = processTree(pid);
    const sum = (field: 'rss' | 'pss'): number => tree.reduce((total, each) => total + each[field], 0);
    if (tree.some(({ command }) => command.includes('store-process'))) storing.push(sum('rss'));
    else if (elapsed >= SETTLE_MS) {
      rss.push(sum('rss'));
      pss.push(sum('pss'));
      processes = tree;
    }
    await sleep(MEMORY_POLL_MS);
  }
  return { storing, rss, pss, processes };
}
