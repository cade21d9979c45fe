import { ConfigError, parseOperatorConfig } from './config.ts';

const SOURCE = '--config /etc/operator.yaml';
const prometheus = { url: 'http://prometheus:9090' };

test('what is left out has its default', () => {
  const config = parseOperatorConfig({ prometheus }, SOURCE);
  expect(config).toMatchObject({ tickSeconds: 15, leaderElection: { enabled: true }, http: { port: 8080 } });
  expect(config.knowledge).toMatchObject({ runbooks: { enabled: false } });
  expect(config.knowledge.embeddings).toBeUndefined();
});

test.each([
  ['an empty file', null, ['(top level): ', 'expected object']],
  ['an unknown field', { prometheus, tick: 3 }, ['tick: there is no such field, remove it']],
  [
    'an unknown field of a part',
    { prometheus: { ...prometheus, urll: '' } },
    ['prometheus.urll: there is no such field'],
  ],
  ['a text for a number', { prometheus, tickSeconds: 'fast' }, ['tickSeconds: ', 'expected number']],
  ['a number out of range', { prometheus, tickSeconds: 0 }, ['tickSeconds: ', '>=1']],
  ['no address', { prometheus: {} }, ['prometheus.url: ']],
  [
    'several mistakes',
    { prometheus, tickSeconds: 0, log: { level: 'loud' } },
    ['tickSeconds: ', '; log.level: ', '"debug"'],
  ],
])('%s is refused on one line with the field and where to read on', (_what, value, parts) => {
  const message = refusal(value);
  for (const part of [`${SOURCE}: `, ...parts, '(see docs/reference/configuration.md)'])
    expect(message).toContain(part);
  expect(message).not.toContain('\n');
});

test('a password in the address is refused and not repeated', () => {
  const message = refusal({ prometheus: { url: 'http://user:s3cret@prometheus:9090' } });
  expect(message).toContain('prometheus.url: must not carry a user or password: use bearerTokenFile');
  expect(message).not.toContain('s3cret');
});

function refusal(value: unknown): string {
  try {
    parseOperatorConfig(value, SOURCE);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}
