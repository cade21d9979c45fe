import { formatQuantity, parseQuantity } from '../../src/api/quantity.ts';
import { apply, testCluster } from '../support/cluster.ts';
import { DryRun } from '../support/dry-run.ts';

const GROUP = 'quantity.test';
const text = { type: 'string', maxLength: 40 };

/** Lets the API server's own library compare what was written with what we made of it. */
const PROBE = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `probes.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Cluster',
    names: { kind: 'Probe', plural: 'probes' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { written: text, read: text },
            'x-kubernetes-validations': [
              { rule: 'isQuantity(self.written)', message: 'not a quantity' },
              {
                rule: '!isQuantity(self.written) || quantity(self.written).compareTo(quantity(self.read)) == 0',
                message: 'not equal',
              },
            ],
          },
        },
      },
    ],
  },
};

let server: DryRun;

beforeAll(async () => {
  await apply(PROBE);
  await testCluster().kubectl(['wait', '--for=condition=Established', `crd/probes.${GROUP}`]);
  server = new DryRun(testCluster());
});

afterAll(async () => {
  await server.close();
  await testCluster().kubectl(['delete', 'crd', `probes.${GROUP}`]);
});

async function serverSays(written: string, read: string): Promise<string> {
  const probe = { apiVersion: `${GROUP}/v1`, kind: 'Probe', metadata: { name: 'probe' }, written, read };
  return (await server.create(`/apis/${GROUP}/v1/probes`, probe)) || 'equal';
}

test.each([
  ...['0', '-0', '1', '+1', '-1', '007', '.5', '5.', '0.1', '1.5', '250m', '1500m', '1000', '-250m', '1500k'],
  ...['1E', '3u', '100n', '0.5n', '-0.5n', '0.0000000001', '1e3', '1E3', '12e-1', '5e-10', '1e-30', '0e99'],
  ...['1Ki', '1.5Gi', '512Mi', '0.5Ki', '1Pi', '2Ei', '1.1Mi', '-1Ki', '1234567.125', '0.123456789', '2.5G'],
])('%p means what Kubernetes says it means', async (written) => {
  expect(await serverSays(written, formatQuantity(parseQuantity(written)))).toBe('equal');
});

it('the comparison would notice a difference', async () => {
  expect(await serverSays('1Ki', '1k')).toContain('not equal');
});

test.each([
  '',
  ' 1',
  '1 ',
  '1K',
  '1ki',
  '1mi',
  '1e',
  '1e1.5',
  '1,5',
  '80%',
  'NaN',
  '1kk',
  '0x1',
  '--1',
  '1.1.1',
])('%p is a quantity neither to Kubernetes nor here', async (written) => {
  expect(await serverSays(written, '0')).toContain('not a quantity');
  expect(() => parseQuantity(written)).toThrow('not a quantity');
});
