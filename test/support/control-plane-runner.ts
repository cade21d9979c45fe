// A program that starts a control plane and a Prometheus and then waits to be killed; cleanup.test.ts does that. Prints
// what it started as one line of JSON.
import { join } from 'node:path';
import { startControlPlane } from '../../hack/controlplane/control-plane.ts';
import { startPrometheus } from '../../hack/controlplane/prometheus.ts';

const controlPlane = await startControlPlane({ nodes: 1 });
const prometheus = await startPrometheus({
  dir: join(controlPlane.dir, 'prometheus'),
  scrape: [],
  scrapeIntervalSeconds: 15,
});
const started = { dir: controlPlane.dir, pids: [controlPlane.pid('etcd'), prometheus.pid] };
process.stdout.write(`${JSON.stringify(started)}\n`);
