import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const REFERENCE = 'see docs/reference/configuration.md';
const ADDRESS = 'prometheus: {url: "http://prometheus:9090"}';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-flags-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The operator with these arguments; it is expected to end by itself. */
function run(args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', timeout: 60_000 });
}

function expectRefusal(args: readonly string[], parts: readonly string[]): string {
  const { status, stderr } = run(args);
  expect(stderr).toMatch(/^autonomic-operator: .+\n$/);
  for (const part of parts) expect(stderr).toContain(part);
  expect(status).toBe(2);
  return stderr;
}

test.each([
  ['no flag at all', [], ['--config is missing', 'name the configuration file']],
  ['an unknown flag', ['--confg=x'], ["'--confg'", 'see --help']],
  ['a flag without its value', ['--config'], ["'--config <value>'", 'see --help']],
  ['a flag with another as its value', ['--config', '--context', 'x'], ["'--config'", 'see --help']],
  ['a stray word', ['operator.yaml'], ["'operator.yaml'", 'see --help']],
  [
    'a file that is not there',
    ['--config', '/nowhere/operator.yaml'],
    ['--config /nowhere/operator.yaml', 'no such file', 'name a file that can be read'],
  ],
  ['a folder', ['--config', tmpdir()], [`--config ${tmpdir()}`, 'name a file that can be read']],
])('%s ends the operator with code 2 and one line that helps', (_what, args, parts) => {
  expectRefusal(args, parts);
});

test.each([
  ['what is not YAML', 'prometheus: [1\n  b: {', ['is not valid YAML', 'line 1']],
  ['an empty file', '', ['(top level)', 'expected object', REFERENCE]],
  [
    'an unknown field',
    `${ADDRESS}\ntickSecond: 3`,
    ['tickSecond: there is no such field, remove it', REFERENCE],
  ],
  ['a field with a line break', `${ADDRESS}\n"a\\nb": 3`, ['there is no such field, remove it', REFERENCE]],
  ['a text for a number', `${ADDRESS}\ntickSeconds: fast`, ['tickSeconds', 'expected number', REFERENCE]],
  ['a number that is none', `${ADDRESS}\ntickSeconds: .nan`, ['tickSeconds', 'expected number', REFERENCE]],
  ['too small a number', `${ADDRESS}\ntickSeconds: 0`, ['tickSeconds', '>=1', REFERENCE]],
  ['no address', 'tickSeconds: 3', ['prometheus', REFERENCE]],
  ['a bad address', 'prometheus: {url: prometheus}', ['prometheus.url', 'must be a URL such as http://']],
  [
    'an address of another scheme',
    'prometheus: {url: "ftp://p"}',
    ['prometheus.url', 'must begin with http://'],
  ],
])(
  'as configuration, %s ends the operator with code 2 and one line that helps',
  async (_what, text, parts) => {
    const file = join(directory, 'operator.yaml');
    await writeFile(file, text);
    expectRefusal(['--config', file], [`--config ${file}: `, ...parts]);
  },
);

test('credentials in the address are refused without being repeated', async () => {
  const file = join(directory, 'operator.yaml');
  await writeFile(file, 'prometheus: {url: "http://reader:s3cret@prometheus:9090"}');
  const parts = ['prometheus.url', 'must not carry a user or password: use bearerTokenFile'];
  expect(expectRefusal(['--config', file], parts)).not.toContain('s3cret');
});
