import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { request } from 'undici';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { DEFAULT_PROMQL_LIMITS } from '../../src/adapters/prometheus/promql-limits.ts';
import { scopeToNamespace } from '../../src/adapters/prometheus/promql.ts';
import { promqlExpression } from '../support/promql-arbitrary.ts';

/** Long enough for a build of the tools on a machine that has none. */
const START_TIMEOUT_MS = 30 * 60_000;

describe("confined queries, read by Prometheus's own parser", () => {
  let directory: string;
  let server: PrometheusServer;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'autonomic-promql-'));
    server = await startPrometheus({ dir: directory, scrape: [], scrapeIntervalSeconds: 60 });
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test('what the rewritten queries select is confined by the parser of the server, too', async () => {
    const limits = { ...DEFAULT_PROMQL_LIMITS, maxSubquerySteps: 1e9, maxSelectors: 1000, maxLength: 1e6 };
    let understood = 0;
    await fc.assert(
      fc.asyncProperty(promqlExpression, async (query) => {
        const scoped = scopeToNamespace(query, 'shop', limits);
        if (!scoped.ok) return;
        for (const text of [scoped.value.text, ...scoped.value.inputs]) {
          const selectors = await selectorsByServer(server.url, text);
          if (selectors === undefined) continue;
          understood += 1;
          expect(selectors.length).toBeGreaterThan(0);
          for (const matchers of selectors) expect(matchers.filter(onNamespace)).toEqual([OWN_NAMESPACE]);
        }
      }),
      { numRuns: 300 },
    );
    expect(understood).toBeGreaterThan(100);
  });

  test('a comment that the server ends at a carriage return hides nothing', async () => {
    const query = 'requests # \r or requests{namespace="other"}';
    // The premise: the server sees two selectors here.
    await expect(selectorsByServer(server.url, query)).resolves.toHaveLength(2);
    const scoped = scopeToNamespace(query, 'shop');
    const sent = scoped.ok ? await selectorsByServer(server.url, scoped.value.text) : undefined;
    expect(sent).toHaveLength(1);
    expect(sent?.[0]).toContainEqual(OWN_NAMESPACE);
  });
});

interface ServerMatcher {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

const OWN_NAMESPACE: ServerMatcher = { name: 'namespace', type: '=', value: 'shop' };
const onNamespace = (matcher: ServerMatcher): boolean => matcher.name === 'namespace';

/** The matchers of each selector as Prometheus's own parser finds them; undefined when it refuses the query. */
async function selectorsByServer(url: string, query: string): Promise<ServerMatcher[][] | undefined> {
  const answer = JSON.parse(await ask(url, query)) as {
    status: string;
    data?: unknown;
  };
  if (answer.status !== 'success') return undefined;
  const found: ServerMatcher[][] = [];
  JSON.stringify(answer.data, (_key, value: unknown) => {
    const node = value as { type?: unknown; matchers?: ServerMatcher[] } | null;
    if ((node?.type === 'vectorSelector' || node?.type === 'matrixSelector') && node.matchers !== undefined) {
      found.push(node.matchers);
    }
    return value;
  });
  return found;
}

async function ask(url: string, query: string): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ query }).toString();
  const response = await request(`${url}/api/v1/parse_query`, { method: 'POST', headers, body });
  return response.body.text();
}
