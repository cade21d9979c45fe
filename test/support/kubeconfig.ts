import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directories: string[] = [];

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Writes a kubeconfig for a plain HTTP server on this machine; `user` as in a kubeconfig. It goes after the test file. Returns its path. */
export function writeKubeconfig(server: string, user: Record<string, unknown> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  directories.push(directory);
  const path = join(directory, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    // KubeConfig refuses plain HTTP without this.
    clusters: [{ name: 'local', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'local', user }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local' } }],
    'current-context': 'local',
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
