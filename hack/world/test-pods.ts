import type { WorldPod } from './cluster.ts';

/** A ready pod of the Deployment shop/web with one core, but for what is said otherwise. */
export function testPod(name: string, change: Partial<WorldPod> = {}): WorldPod {
  return {
    namespace: 'shop',
    name,
    uid: `uid-of-${name}`,
    labels: { app: 'web' },
    owner: { kind: 'ReplicaSet', name: 'web-abc' },
    workload: 'web',
    node: 'node-1',
    running: true,
    ready: true,
    deleting: false,
    finished: false,
    containers: [
      {
        name: 'app',
        image: 'web:1',
        requests: { cpu: 1, memory: 2 ** 28 },
        limits: { cpu: 1, memory: 2 ** 29 },
        restarts: 0,
      },
    ],
    ...change,
  };
}
