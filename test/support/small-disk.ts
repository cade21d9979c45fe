import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** A file system of its own with so many bytes (tmpfs); undefined where this process may not mount one. */
export async function smallDisk(bytes: number): Promise<SmallDisk | undefined> {
  const path = await mkdtemp(join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    await rm(path, { recursive: true });
    return undefined;
  }
  return {
    path,
    remove: async () => {
      execFileSync('umount', ['--lazy', path], { stdio: 'ignore' });
      await rm(path, { recursive: true });
    },
  };
}
