import { request } from 'undici';
import { freePort } from '../../hack/controlplane/ports.ts';
import {
  installChart,
  runHelm,
  startOperatorProcess,
  type Release,
} from '../../hack/demo/operator-process.ts';
import type { LeashedProcess } from '../../hack/controlplane/process.ts';
import { ensureTools } from '../../hack/tools/tools.ts';
import { apply, createNamespace, stateDirectory, testCluster, waitFor } from '../support/cluster.ts';
import { respond, startHttpFixture, type HttpFixture, type Reply } from '../support/http-fixture.ts';

const KEY = 'sk-for-the-test';
const TEXT = 'Limit the load at the ingress.';

let endpoint: HttpFixture;
let helm: string;
let release: Release;
let operator: LeashedProcess;
let metricsUrl: string;
let shop: string;

/** The same vector for every text. */
const embed: Reply = (received, response) => {
  const { input } = JSON.parse(received.body) as { readonly input: readonly string[] };
  const data = input.map((_text, index) => ({ index, embedding: [1, 0] }));
  respond(JSON.stringify({ data }))(received, response);
};

beforeAll(async () => {
  endpoint = await startHttpFixture(embed);
  ({ helm } = await ensureTools());
  const namespace = await createNamespace('autonomic-runbooks');
  release = { name: namespace, namespace };
  shop = await createNamespace('shop');
  const cluster = testCluster();
  const embeddings = {
    url: `${endpoint.url}/v1`,
    model: 'tiny',
    dimensions: 2,
    apiKeyVariable: 'EMBEDDINGS_KEY',
  };
  await installChart(cluster, {
    helm,
    // Nobody is there: runbooks do not depend on Prometheus.
    prometheusUrl: 'http://127.0.0.1:9',
    release,
    config: { tickSeconds: 1, historyDays: 0, knowledge: { runbooks: { enabled: true }, embeddings } },
    values: { crds: { enabled: false } },
  });
  const httpPort = await freePort();
  metricsUrl = `http://127.0.0.1:${httpPort}/metrics`;
  operator = await startOperatorProcess(cluster, {
    keeper: cluster.coordinates.tools.keeper,
    release,
    stateDirectory: stateDirectory('runbooks'),
    httpPort,
    env: { EMBEDDINGS_KEY: KEY },
  });
});

afterAll(async () => {
  await operator.stop();
  await endpoint.stop();
  const cluster = testCluster();
  await runHelm(cluster, helm, ['uninstall', release.name, '--namespace', release.namespace]);
  await cluster.kubectl(['delete', 'namespace', release.namespace, shop, '--wait=false']);
});

async function metric(name: string): Promise<string | undefined> {
  const answer = await request(metricsUrl).catch(() => undefined);
  const text = await answer?.body.text();
  return new RegExp(`^${name} (.*)$`, 'm').exec(text ?? '')?.[1];
}

test('the operator reads runbooks with the rights that the chart gives it, and has them embedded where it is told to', async () => {
  const metadata = { name: 'runbooks', namespace: shop, labels: { 'autonomic.dev/runbook': 'true' } };
  const data = { 'flood.md': `# Spike of load\n${TEXT}`, huge: 'x'.repeat(70_000) };
  await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
  await waitFor(
    'the passage to be searched',
    async () => (await metric('autonomic_runbook_passages')) === '1',
  );
  expect(await metric('autonomic_runbooks_refused')).toBe('1');
  await waitFor('the passage to be embedded', () => endpoint.requests.length > 0);
  const [asked] = endpoint.requests;
  expect(asked?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(JSON.parse(asked?.body ?? '')).toMatchObject({ input: [expect.stringContaining(TEXT)] });
  await testCluster().kubectl(['delete', 'configmap', 'runbooks', `--namespace=${shop}`]);
  await waitFor('the passage to go', async () => (await metric('autonomic_runbook_passages')) === '0');
  expect(await metric('autonomic_runbooks_refused')).toBe('0');
});
