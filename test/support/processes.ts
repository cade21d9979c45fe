import { readdir, readFile } from 'node:fs/promises';

/** Ids of all processes of this machine with `text` in their command line; this process does not count. */
export async function processesWith(text: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    ids.map(async (id) => {
      // A process may end between the listing and the look.
      const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
      return command.includes(text) ? [id] : [];
    }),
  );
  return found.flat().filter((id) => id !== process.pid);
}
