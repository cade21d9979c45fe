// Loaded before the process that is to be killed (node --import): kills it before or after a system call with which
// a checkpoint reaches the disk, as a kill -9 would. KILL_AT: call, its count, before or after.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type fs from 'node:fs/promises';

const [, call = '', count = '', when = ''] =
  /^(.+) (\d+) (before|after)$/.exec(process.env['KILL_AT'] ?? '') ?? [];
const promises = createRequire(import.meta.url)('node:fs/promises') as typeof fs;
const directories = new WeakSet();
let left = Number.parseInt(count, 10);

/** Runs the call, and dies before or after it when it is the one. */
async function reach<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
  const hit = name === call && (left -= 1) === 0;
  if (hit && when === 'before') process.kill(process.pid, 'SIGKILL');
  const result = await run();
  if (hit) process.kill(process.pid, 'SIGKILL');
  return result;
}

const { open, rename } = promises;
const probe = await open('/dev/null');
const prototype = Object.getPrototypeOf(probe) as fs.FileHandle;
await probe.close();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own handle below
const { sync, write } = prototype;

promises.rename = (from, to) => reach('rename', () => rename(from, to));
promises.open = async (path, flags, mode) => {
  if (flags === 'w') return reach('open', () => open(path, flags, mode));
  const handle = await open(path, flags, mode);
  directories.add(handle);
  return handle;
};
prototype.sync = function (this: fs.FileHandle) {
  return reach(directories.has(this) ? 'directory sync' : 'sync', () => sync.call(this));
};
prototype.write = function (this: fs.FileHandle, ...args: unknown[]) {
  return reach('write', () => write.apply(this, args as Parameters<typeof write>));
};
syncBuiltinESMExports();
