import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, open, readFile, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';

import { JournalError } from './journal-error.ts';
import { parseObject } from './record-codec.ts';

/** Who holds the journal. `startTime` is the process's, in clock ticks after boot: pids are used again. */
export interface LockOwner {
  readonly host: string;
  readonly pid: number;
  readonly startTime: string | null;
  readonly token: string;
}

/**
 * One writer for each journal. A lock whose process is gone is taken over, and so is one from another host
 * (a pod that was replaced), whose processes nobody here can see. Should that holder still live, it finds
 * out at its next commit, because `isHeld` compares the file with the own token.
 */
export class JournalLock {
  readonly takenFrom: LockOwner | undefined;
  readonly #path: string;
  readonly #token: string;

  private constructor(path: string, token: string, takenFrom: LockOwner | undefined) {
    this.#path = path;
    this.#token = token;
    this.takenFrom = takenFrom;
  }

  /** @throws JournalError Locked when a live process of this host has it. */
  static async acquire(path: string): Promise<JournalLock> {
    const own: LockOwner = {
      host: hostname(),
      pid: process.pid,
      startTime: startTime(process.pid),
      token: randomUUID(),
    };
    const temporary = `${path}.${own.token}`;
    try {
      await writeDurably(temporary, JSON.stringify(own));
      if (await linked(temporary, path)) return new JournalLock(path, own.token, undefined);
      const holder = await readOwner(path);
      if (holder !== undefined && isAlive(holder)) {
        throw new JournalError(
          'Locked',
          `the journal is open in process ${holder.pid} on ${holder.host}; one process may write it: stop that one, or use another directory`,
        );
      }
      await rename(temporary, path);
      return new JournalLock(path, own.token, holder);
    } finally {
      await unlink(temporary).catch(() => undefined);
    }
  }

  async isHeld(): Promise<boolean> {
    return (await readOwner(this.#path))?.token === this.#token;
  }

  async release(): Promise<void> {
    if (await this.isHeld()) await unlink(this.#path).catch(() => undefined);
  }
}

/** `link` creates the lock with its content in one step, and fails when there is one. */
async function linked(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readOwner(path: string): Promise<LockOwner | undefined> {
  try {
    const owner = parseObject(await readFile(path, 'utf8'));
    return typeof owner?.['pid'] === 'number' ? (owner as unknown as LockOwner) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return owner.startTime === startTime(owner.pid);
}

/** Field 22 of /proc/pid/stat; null where there is no /proc, and then the pid alone decides. */
function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold spaces: count after the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
