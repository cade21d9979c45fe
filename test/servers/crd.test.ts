import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parsePolicy } from '../../src/api/parse-policy.ts';
import { policySpecSchema } from '../../src/api/policy-spec.ts';
import { policyStatusSchema } from '../../src/api/policy-status.ts';
import { apply, createNamespace, testCluster } from '../support/cluster.ts';
import { DryRun } from '../support/dry-run.ts';
import { withFields } from '../support/with-fields.ts';
import { COMPLETE_POLICY, INVALID_POLICIES } from './invalid-policies.ts';
import { COMPLETE_STATUS } from './complete-status.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'docs/examples');

interface PolicyObject {
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, unknown>;
}

let namespace: string;
let server: DryRun;

beforeAll(async () => {
  namespace = await createNamespace('crd');
  server = new DryRun(testCluster());
});

afterAll(async () => {
  // The operators of other tests serve the whole cluster, and these policies are no work for them.
  await testCluster().kubectl(['delete', 'apol', '--all', '--namespace', namespace]);
  await server.close();
});

const kubectl = (...args: string[]): Promise<string> =>
  testCluster().kubectl([...args, `--namespace=${namespace}`]);

/** Merges into the status of a policy, as the operator does. */
const patchStatus = (name: string, status: object): Promise<string> =>
  kubectl('patch', 'apol', name, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status }));

/** Why the API server refuses a policy, in the words that kubectl shows; empty when it does not. */
const refusal = (policy: object): Promise<string> =>
  server.create(`/apis/autonomic.dev/v1alpha1/namespaces/${namespace}/autonomicpolicies`, policy);

/** The object with the metadata that only the server gives. */
function stored(policy: Record<string, unknown>): Record<string, unknown> {
  const metadata = {
    namespace: 'default',
    uid: '1',
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: '2026-05-01T12:00:00Z',
  };
  return { ...policy, metadata: { ...(policy['metadata'] as object), ...metadata } };
}

const operatorAccepts = (policy: Record<string, unknown>): boolean => parsePolicy(stored(policy)).ok;

describe('the examples', () => {
  const examples = readdirSync(EXAMPLES).filter((file) => file.endsWith('.yaml'));

  it('are several, and each has its own name', () => {
    const names = examples.map(
      (file) => (parse(readFileSync(join(EXAMPLES, file), 'utf8')) as PolicyObject).metadata.name,
    );
    expect(new Set(names).size).toBeGreaterThanOrEqual(6);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(examples)(
    '%s is accepted, and stored with the defaults that the operator would apply',
    async (file) => {
      const path = join(EXAMPLES, file);
      const answer = await kubectl('apply', '-f', path, '-o', 'json');
      const { spec } = JSON.parse(answer) as PolicyObject;
      const written = parse(readFileSync(path, 'utf8')) as PolicyObject;
      expect(policySpecSchema.parse(spec)).toEqual(policySpecSchema.parse(written.spec));
      // The server has filled in everything: the operator has no default left to add.
      const asText = (_: string, value: unknown): unknown =>
        typeof value === 'number' ? String(value) : value;
      expect(JSON.parse(JSON.stringify(spec, asText))).toEqual(
        JSON.parse(JSON.stringify(policySpecSchema.parse(written.spec), asText)),
      );
    },
  );
});

describe('what a person sees', () => {
  it('kubectl get shows target, mode, replicas, recommendation, readiness and age', async () => {
    await apply({ ...COMPLETE_POLICY, metadata: { name: 'seen', namespace } });
    await patchStatus('seen', policyStatusSchema.parse(COMPLETE_STATUS));
    const [head = '', row = ''] = (await kubectl('get', 'apol', 'seen')).split('\n');
    expect(head.trim().split(/\s+/)).toEqual([
      'NAME',
      'TARGET',
      'MODE',
      'REPLICAS',
      'RECOMMENDED',
      'READY',
      'AGE',
    ]);
    expect(row.trim().split(/\s+/).slice(0, -1)).toEqual(['seen', 'web', 'Apply', '4', '6', 'True']);
    const [, wide = ''] = (await kubectl('get', 'apol', 'seen', '-o', 'wide')).split('\n');
    expect(wide).toMatch(/True\s+Operating\s+571\s/);
  });

  it('the category finds policies', async () => {
    expect(await kubectl('get', 'autonomic', '-o', 'name')).toContain('autonomicpolicy.autonomic.dev/seen');
  });

  it('the status is stored as it was written: no field of it is unknown to the server', async () => {
    const answer = await kubectl('get', 'apol', 'seen', '-o', 'json');
    expect((JSON.parse(answer) as { status: unknown }).status).toEqual(COMPLETE_STATUS);
  });

  it('a status that is not understood is refused, so that it cannot mislead the operator later', async () => {
    const answer = patchStatus('seen', { decisions: [{ id: 7 }] });
    await expect(answer).rejects.toThrow('status.decisions[0].time: Required value');
  });

  it('a word that another version of the operator writes in the status is kept', async () => {
    const [workload] = COMPLETE_STATUS.workloads;
    const workloads = [{ ...workload, startup: { ...workload?.startup, source: 'Divined' } }];
    await patchStatus('seen', { workloads });
    expect(await kubectl('get', 'apol', 'seen', '-o', 'jsonpath={.status.workloads[0].startup.source}')).toBe(
      'Divined',
    );
    await patchStatus('seen', COMPLETE_STATUS);
  });

  it('kubectl explain knows every field', async () => {
    const text = await kubectl('explain', 'apol.spec.horizontal.behavior.scaleDown');
    expect(text).toContain('How far back proposals are looked at before scaling down');
  });

  test.each([
    ['an unknown field', 'spec.horizontal.minReplica', 1, 'unknown field "spec.horizontal.minReplica"'],
    ['a name that is no name', 'metadata.name', 'Web', 'a lowercase RFC 1123 subdomain must consist of'],
  ])('the server alone refuses %s', async (_, path, value, says) => {
    expect(await refusal(withFields(COMPLETE_POLICY, { [path]: value }))).toContain(says);
  });
});

describe('invalid policies', () => {
  it('are at least sixty, all different, made from a valid one', async () => {
    const cases = INVALID_POLICIES.map(({ field, value }) => JSON.stringify([field, value ?? 'removed']));
    expect(new Set(cases).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(60);
    expect(await refusal(COMPLETE_POLICY)).toBe('');
    expect(operatorAccepts(COMPLETE_POLICY)).toBe(true);
  });

  const show = (value: unknown): string =>
    value === undefined ? 'removed' : JSON.stringify(value).slice(0, 60);
  test.each(INVALID_POLICIES.map((one) => [one.field, show(one.value), one] as const))(
    '%s = %s is refused by server and operator, naming the field and what is allowed',
    async (_, __, { field, value, says, names = field }) => {
      const policy = withFields(COMPLETE_POLICY, { [field]: value });
      const message = await refusal(policy);
      // One problem of possibly several: "[spec.a: Invalid value: …, spec.b: Required value]".
      const problems = message.split(/, (?=spec[.:]|<nil>)/);
      expect(problems.filter((text) => text.includes(`${names}: `) && text.includes(says))).toHaveLength(1);

      const parsed = parsePolicy(stored(policy));
      expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toContain(names);
    },
  );
});

describe('server and operator agree', () => {
  test.each([
    ['a name of one letter', { 'spec.targetRef.name': 'a' }],
    ['a name as long as allowed', { 'spec.targetRef.name': 'a'.repeat(253) }],
    ['a name with dots', { 'spec.targetRef.name': 'web.v2-1' }],
    ['equal bounds', { 'spec.horizontal.minReplicas': 10 }],
    [
      'the largest bounds',
      { 'spec.horizontal.minReplicas': 100_000, 'spec.horizontal.maxReplicas': 100_000 },
    ],
    ['an integer quantity', { 'spec.metrics[1].prometheus.target.averageValue': 100 }],
    ['a binary quantity', { 'spec.metrics[1].prometheus.target.averageValue': '1.5Gi' }],
    ['an exponent', { 'spec.metrics[1].prometheus.target.averageValue': '5e-3' }],
    [
      'a quantity that rounds up to one billionth',
      { 'spec.metrics[1].prometheus.target.averageValue': '0.1n' },
    ],
    ['the largest quantity', { 'spec.metrics[1].prometheus.target.averageValue': '1E' }],
    ['a negative threshold', { 'spec.objective.indicators[0].threshold': '-5' }],
    ['zero tolerance', { 'spec.horizontal.behavior.scaleUp.tolerance': 0 }],
    ['a price of nothing', { 'spec.objective.replicaHourPrice': '0' }],
    ['no objective', { 'spec.objective': undefined }],
    ['a port by its number', { 'spec.objective.requests.scrape.port': 65_535 }],
    [
      'requests read from pods that do not tell bad ones',
      { 'spec.objective.requests.scrape.bad': undefined },
    ],
    ['a query of as many characters as allowed', { 'spec.metrics[1].prometheus.query': '😀'.repeat(4096) }],
    ['a query of characters beyond ASCII', { 'spec.metrics[1].prometheus.query': 'ü{a="é"}' }],
    [
      'memory by amount',
      {
        'spec.metrics[0].resource': { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
      },
    ],
  ])('on accepting %s', async (_, changes) => {
    const policy = withFields(COMPLETE_POLICY, changes);
    expect(await refusal(policy)).toBe('');
    expect(operatorAccepts(policy)).toBe(true);
  });

  // What the one knows and the other cannot; everything else must be judged alike.
  test.each([
    ['the server drops null, the operator never sees it', { 'spec.objective': null }, true, false],
    ['the server checks names of objects', { 'metadata.name': 'Web' }, false, true],
  ])('but for this: %s', async (_, changes, byServer, byOperator) => {
    const policy = withFields(COMPLETE_POLICY, changes);
    expect((await refusal(policy)) === '').toBe(byServer);
    expect(operatorAccepts(policy)).toBe(byOperator);
  });

  it('on policies with fields set at random', async () => {
    const paths = INVALID_POLICIES.map(({ field }) => field);
    const values = fc.oneof(
      fc.constantFrom<unknown>(
        undefined,
        '',
        'cpu',
        'a-b',
        '1',
        '0',
        '-1',
        '1e3',
        '1e-9',
        '2k',
        '0.5',
        'Max',
        'Apply',
        'Utilization',
        {},
        [],
        true,
      ),
      fc.integer({ min: -2, max: 120_000 }),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -2, max: 2 }),
      fc.stringMatching(/^[+-]?[0-9]{0,3}[.]?[0-9]{0,3}(m|k|Ki|e[0-9]{1,2}|E)?$/),
      fc.constantFrom(...INVALID_POLICIES.map(({ value }) => value)),
    );
    const change = fc.record({ path: fc.constantFrom(...paths), value: values });
    await fc.assert(
      fc.asyncProperty(change, async ({ path, value }) => {
        const policy = withFields(COMPLETE_POLICY, { [path]: value });
        expect({ path, value, accepted: operatorAccepts(policy) }).toEqual({
          path,
          value,
          accepted: (await refusal(policy)) === '',
        });
      }),
      { numRuns: 500, seed: 20_260_501 },
    );
  }, 120_000);
});
