import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RUN_PREFIX } from '../../hack/controlplane/run-directory.ts';
import { processesWith } from '../support/processes.ts';
import { waitFor } from '../support/wait-for.ts';

const RUNNER = join(import.meta.dirname, '../support/control-plane-runner.ts');

function startRunner(): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', RUNNER], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Without jest's own options.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

async function started(runner: ChildProcess): Promise<{ dir: string; pids: number[] }> {
  const [line] = (await once(createInterface({ input: runner.stdout! }), 'line')) as [string];
  return JSON.parse(line) as { dir: string; pids: number[] };
}

async function expectNothingLeft(dir: string): Promise<void> {
  await waitFor('every process to end', async () => (await processesWith(dir)).length === 0);
  await waitFor('the directory to go', () => !existsSync(dir));
}

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'nothing is left when the runner gets %s',
  async (signal) => {
    const runner = startRunner();
    const ended = once(runner, 'exit');
    const { dir, pids } = await started(runner);
    const running = await processesWith(dir);
    // etcd, kube-apiserver, controller manager, scheduler, kwok, Prometheus, and the janitor.
    expect(running).toHaveLength(7);
    expect(running).toEqual(expect.arrayContaining(pids));
    runner.kill(signal);
    expect(await ended).toEqual([null, signal]);
    await expectNothingLeft(dir);
  },
);

test('nothing is left when the runner is killed while it starts', async () => {
  const runner = startRunner();
  const ended = once(runner, 'exit');
  const dir = await waitFor('its run directory with etcd running', async () => {
    const own = await runDirectoryOf(runner.pid!);
    return own !== undefined && existsSync(join(own, 'log', 'kube-apiserver.log')) ? own : undefined;
  });
  runner.kill('SIGKILL');
  await ended;
  await expectNothingLeft(dir);
});

async function runDirectoryOf(pid: number): Promise<string | undefined> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(RUN_PREFIX)) continue;
    const path = join(tmpdir(), name);
    const owner = await readFile(join(path, 'owner.json'), 'utf8').catch(() => '{}');
    if ((JSON.parse(owner) as { pid?: number }).pid === pid) return path;
  }
  return undefined;
}
