import { parse } from 'yaml';
import { explainedObject, statusFixture } from '../../../test/support/explain-fixture.ts';
import {
  respond,
  startHttpFixture,
  type HttpFixture,
  type Reply,
} from '../../../test/support/http-fixture.ts';
import { writeKubeconfig } from '../../../test/support/kubeconfig.ts';
import { run } from '../program.ts';

const PATH = '/apis/autonomic.dev/v1alpha1/namespaces/shop/autonomicpolicies';

let server: HttpFixture;
let kubeconfig: string;

beforeAll(async () => {
  server = await startHttpFixture(respond('{}'));
  kubeconfig = writeKubeconfig(server.url);
});

afterAll(() => server.stop());

async function explain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  return { code: await run(['explain', ...args], terminal), out, err };
}

function inShop(...args: string[]): ReturnType<typeof explain> {
  return explain(...args, '-n', 'shop', '--kubeconfig', kubeconfig);
}

/** As an API server says that it has something else. */
function failure(code: number, reason: string, message: string): Reply {
  return respond(
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code }),
    code,
  );
}

/** An API server with these policies in the namespace. */
function serving(...policies: Record<string, unknown>[]): Reply {
  return (request, response) => {
    const [path, query = ''] = request.path.split('?');
    if (path === PATH) {
      // One on each page, and without kind, as the items of a real list are.
      const page = Number(new URLSearchParams(query).get('continue') ?? '0');
      const items = policies
        .slice(page, page + 1)
        .map(({ metadata, spec, status }) => ({ metadata, spec, status }));
      const metadata = page + 1 < policies.length ? { continue: String(page + 1) } : {};
      respond(JSON.stringify({ metadata, items }))(request, response);
      return;
    }
    const name = path?.slice(PATH.length + 1);
    const found = policies.find(({ metadata }) => (metadata as { name: string }).name === name);
    const reply =
      found === undefined
        ? failure(404, 'NotFound', `autonomicpolicies.autonomic.dev "${name}" not found`)
        : respond(JSON.stringify(found));
    reply(request, response);
  };
}

const unknownKind: Reply = (_request, response) => {
  // Of a group that it does not know, an API server speaks in plain text.
  response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
};

describe('a policy of the cluster', () => {
  beforeEach(() =>
    server.reply(serving(explainedObject(), explainedObject({}, { name: 'api', mode: 'Preview' }))),
  );

  test('is explained', async () => {
    const { code, out, err } = await inShop('web');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^shop\/web \(Deployment web\)\n\nNOW\n/);
    for (const heading of [
      'LAST DECISION',
      'SITUATIONS LIKE THE PRESENT ONE',
      'UNUSUAL NOW',
      'NEXT SEVEN DAYS',
    ])
      expect(out).toContain(`\n${heading}\n`);
  });

  test('is for programs what the status says, in JSON as in YAML', async () => {
    const { out } = await inShop('web', '-o', 'json');
    const document = JSON.parse(out) as Record<string, unknown>;
    expect(document).toMatchObject({
      policy: { namespace: 'shop', name: 'web', generation: 3, observedGeneration: 3 },
      target: { kind: 'Deployment', name: 'web' },
      mode: 'Apply',
      attention: [{ type: 'ScaleDownHeld', reason: 'AnomalyHold' }, { type: 'Degraded' }],
      workloads: statusFixture.workloads,
      decisions: statusFixture.decisions,
    });
    const yaml = await inShop('web', '-o', 'yaml');
    expect(parse(yaml.out)).toEqual(document);
  });

  test('is one line of several where none is named, and says how to go on', async () => {
    const { code, out } = await inShop();
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^POLICY +MODE +REPLICAS +WANTED +LAST DECISION +NOT AS IT SHOULD BE$/);
    expect(out).toMatch(/\nweb +Apply +10 +10 +5→10 .*: Met +ScaleDownHeld: AnomalyHold, Degraded/);
    expect(out).toMatch(/\napi +Preview +\? +\? +none yet +Not looked at yet\n/);
    expect(out).toContain('kubectl autonomic explain web -n shop');
    const json = await inShop('-o', 'json');
    expect(JSON.parse(json.out)).toMatchObject({
      policies: [{ policy: { name: 'web' } }, { policy: { name: 'api' } }],
    });
  });

  test('that is not there is told with those that are', async () => {
    expect(await inShop('wbe')).toEqual({
      code: 2,
      out: '',
      err: 'error: there is no AutonomicPolicy "wbe" in namespace "shop"; there are: web, api\n',
    });
  });

  test('does not keep every decision, and says which, and where older ones are', async () => {
    const { code, err } = await inShop('web', '--decision', 'd9');
    expect(code).toBe(2);
    expect(err).toContain(
      'does not keep the decision "d9": it keeps 0f3c9a1e-77; older ones: kubectl autonomic decisions',
    );
  });

  test('that cannot be understood does not hide the others', async () => {
    server.reply(serving({ ...explainedObject(), spec: { mode: 'Maybe' } }, explainedObject()));
    const { code, out, err } = await inShop();
    expect(code).toBe(0);
    expect(err).toContain('warning: policy shop/web: spec.');
    expect(out).toMatch(/\nweb +Apply/);
  });
});

test('a namespace without policies says so on standard error, and is an empty list for a program', async () => {
  server.reply(serving());
  const { code, out, err } = await inShop();
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(err).toContain('No AutonomicPolicy in namespace "shop": "kubectl get autonomicpolicies -A"');
  expect(JSON.parse((await inShop('-o', 'json')).out)).toEqual({ policies: [] });
});

test.each<readonly [string, readonly string[], Reply, string]>([
  [
    'of none, where there is none',
    ['web'],
    serving(),
    'there is none in it: "kubectl get autonomicpolicies -A"',
  ],
  [
    'without the kind',
    ['web'],
    unknownKind,
    'does not know the kind AutonomicPolicy (autonomic.dev/v1alpha1): install the chart',
  ],
  ['of all, without the kind', [], unknownKind, 'install the chart, or choose the cluster with --context'],
  [
    'without the right',
    ['web'],
    failure(403, 'Forbidden', 'autonomicpolicies.autonomic.dev "web" is forbidden'),
    'you need get and list of autonomicpolicies.autonomic.dev in namespace "shop"',
  ],
  [
    'without a name',
    ['web'],
    failure(401, 'Unauthorized', 'Unauthorized'),
    'log in again, or choose another --context',
  ],
  [
    'of a broken server',
    [],
    failure(500, 'InternalError', 'oops'),
    'check that the API server can be reached',
  ],
])('%s: exit code 2, and what to do', async (_, args, reply, message) => {
  server.reply(reply);
  const { code, out, err } = await inShop(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test.each([
  [['web', 'api'], 'unexpected argument "api" after the name of the policy'],
  [['Web'], 'the name of a policy must be lower-case letters, digits'],
  [['web', '-n', 'a/b'], '--namespace must be lower-case letters'],
  [['web', '--all', '--decision', 'd1'], '--decision and --all cannot be combined'],
  [['--all'], '--all is about the decisions of one policy: name it'],
  [['--decision', 'd1'], '--decision is about the decisions of one policy: name it'],
  [['web', '-o', 'table'], '--output must be text, json or yaml, found "table"'],
  [['web', '--store', 'x'], "Unknown option '--store'"],
  [['web', '--kubeconfig', '/nowhere'], '/nowhere'],
])('%j is refused with exit code 2 and one line', async (args, message) => {
  const { code, out, err } = await explain(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('--help explains every flag and section', async () => {
  const { code, out } = await explain('--help');
  expect(code).toBe(0);
  for (const word of ['--decision', '--all', '--output', '--namespace', 'Balance', 'SIMILAR', 'UNUSUAL NOW'])
    expect(out).toContain(word);
});
