import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Beginning of every run directory's name. */
export const RUN_PREFIX = 'autonomic-run-';
const OWNER_FILE = 'owner.json';
/** A directory without an owner file is one that is being made, unless it is older than this. */
const UNOWNED_GRACE_MS = 60_000;

/** A process, told apart from a later one with the same id by the time when it started. */
interface Owner {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks since boot. */
  readonly startTicks: string;
}

export interface RunDirectory {
  readonly path: string;
  /** Removes the directory and resolves when it is gone. */
  remove(): Promise<void>;
}

/**
 * Makes a directory under the system's temporary folder that goes when this process ends, however it ends: a janitor
 * process holds a pipe from us and removes the directory at its end. Also removes directories whose owner is dead,
 * which only a janitor that was killed as well can leave.
 * @param keeper path of the keeper binary.
 */
export async function createRunDirectory(keeper: string): Promise<RunDirectory> {
  await sweepRunDirectories();
  const path = await mkdtemp(join(tmpdir(), RUN_PREFIX));
  const janitor = spawn(keeper, ['janitor', path], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const exited = once(janitor, 'exit');
  await once(janitor, 'spawn');
  const owner: Owner = { pid: process.pid, startTicks: (await startTicks(process.pid)) ?? '' };
  await writeFile(join(path, OWNER_FILE), JSON.stringify(owner));
  return {
    path,
    remove: async () => {
      janitor.stdin.end();
      await exited;
      // Nothing is left to remove unless the janitor itself was killed.
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Removes the run directories of dead owners. */
async function sweepRunDirectories(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(RUN_PREFIX)) continue;
    const path = join(tmpdir(), name);
    if (await isStale(path)) await rm(path, { recursive: true, force: true });
  }
}

async function isStale(path: string): Promise<boolean> {
  let owner: Owner;
  try {
    owner = JSON.parse(await readFile(join(path, OWNER_FILE), 'utf8')) as Owner;
  } catch {
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    return age > UNOWNED_GRACE_MS;
  }
  return (await startTicks(owner.pid)) !== owner.startTicks;
}

/** undefined when there is no such process. */
async function startTicks(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may hold spaces; 20 fields follow it up to the start time.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
