import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { RUN_PREFIX } from '../../hack/controlplane/run-directory.ts';
import { waitFor } from '../support/wait-for.ts';

const bare = { without: ['kube-controller-manager', 'kube-scheduler', 'kwok'] } as const;

test('two control planes run at once and know nothing of each other', async () => {
  const both = await Promise.all([startControlPlane(bare), startControlPlane(bare)]);
  try {
    await both[0].kubectl(['create', 'namespace', 'only-in-the-first']);
    const names = (controlPlane: ControlPlane): Promise<string> =>
      controlPlane.kubectl(['get', 'namespaces', '-o', 'name']);
    expect(await names(both[0])).toContain('only-in-the-first');
    expect(await names(both[1])).not.toContain('only-in-the-first');
    expect(() => both[0].pid('kwok')).toThrow('kwok was left out');
  } finally {
    await Promise.all(both.map((controlPlane) => controlPlane.stop()));
  }
  expect(both.map(({ dir }) => existsSync(dir))).toEqual([false, false]);
});

test('a server that was killed comes back at its address with its data', async () => {
  const controlPlane = await startControlPlane(bare);
  try {
    await controlPlane.kubectl(['create', 'namespace', 'kept']);
    for (const component of ['etcd', 'kube-apiserver'] as const) {
      const before = controlPlane.pid(component);
      controlPlane.signal(component, 'SIGKILL');
      await controlPlane.restart(component);
      expect(controlPlane.pid(component)).not.toBe(before);
    }
    const kept = await waitFor('the namespace', () =>
      controlPlane.kubectl(['get', 'namespace', 'kept', '-o', 'name']),
    );
    expect(kept.trim()).toBe('namespace/kept');
  } finally {
    await controlPlane.stop();
  }
});

test('the directory of a dead owner is swept at the next start, that of a living one is not', async () => {
  const dead = join(tmpdir(), `${RUN_PREFIX}of-a-dead-owner-${process.pid}`);
  await mkdir(dead);
  // Our own id, but of a process that started at another time.
  await writeFile(join(dead, 'owner.json'), JSON.stringify({ pid: process.pid, startTicks: '1' }));
  const living = await startControlPlane(bare);
  const second = await startControlPlane(bare);
  try {
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(living.dir)).toBe(true);
  } finally {
    await Promise.all([living.stop(), second.stop()]);
  }
});
