import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MIB = 2 ** 20;

/** This process's memory, MiB. */
export function memoryInUse(): { heap: number; buffers: number; resident: number } {
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed / MIB, buffers: arrayBuffers / MIB, resident: rss / MIB };
}

/** Twice, with a pause: array buffers are freed after the collection that finds them. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 2; i += 1) {
    collect();
    await sleep(50);
  }
}

export interface ProcessMemory {
  readonly pid: number;
  readonly command: string;
  /** Resident pages, shared ones counted in full: MiB. */
  readonly rss: number;
  /** Resident pages, shared ones divided among the processes that share them: MiB. */
  readonly pss: number;
}

/** A process and all that descend from it. Those that end while they are looked at are left out. */
export function processTree(pid: number): readonly ProcessMemory[] {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const own = { pid, command, rss: kibibytes(rollup, 'Rss') / 1024, pss: kibibytes(rollup, 'Pss') / 1024 };
    return [own, ...childrenOf(pid).flatMap(processTree)];
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function kibibytes(rollup: string, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1];
  if (found === undefined) throw new Error(`/proc/…/smaps_rollup has no ${field}`);
  return Number.parseInt(found, 10);
}

/** Each thread lists the children that it made. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter((text) => text !== '')
      .map((text) => Number.parseInt(text, 10)),
  );
}
