import {
  respond,
  startHttpFixture,
  type HttpFixture,
  type Reply,
} from '../../../test/support/http-fixture.ts';
import { EmbeddingsClient, type EmbeddingsSurroundings } from './embeddings-client.ts';
import { embeddingsOptionsSchema } from './options.ts';

const KEY = 'sk-very-secret';

let server: HttpFixture;
let client: EmbeddingsClient | undefined;
let waits: number[];

beforeEach(async () => {
  waits = [];
  server = await startHttpFixture(embed);
});

afterEach(async () => {
  await client?.close();
  client = undefined;
  await server.stop();
});

interface Asked {
  readonly model: string;
  readonly input: readonly string[];
  readonly dimensions?: number;
}

/** A tiny model: the length of a text, its first letter, and 1. Answers in reverse, as the protocol allows. */
const embed: Reply = ({ body }, response) => {
  const { input } = JSON.parse(body) as Asked;
  const data = input.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: [text.length, text.charCodeAt(0), 1],
  }));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ object: 'list', data: data.toReversed() }));
};

function open(change: object = {}, surroundings: Partial<EmbeddingsSurroundings> = {}): EmbeddingsClient {
  const options = { url: `${server.url}/v1`, model: 'tiny', dimensions: 3, ...change };
  client = new EmbeddingsClient(embeddingsOptionsSchema.parse(options), {
    environment: { EMBEDDINGS_KEY: KEY },
    random: () => 0.5,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    ...surroundings,
  });
  return client;
}

const never = new AbortController().signal;

/** Answers each request with the next of `replies`, and from then on as usual. */
function first(...replies: readonly Reply[]): void {
  const left = [...replies];
  server.reply((request, response) => (left.shift() ?? embed)(request, response));
}

const vectors = (body: unknown): Reply => respond(JSON.stringify(body));
const failure = (status: number, message: string, headers: Record<string, string> = {}): Reply =>
  respond(JSON.stringify({ error: { message } }), status, headers);

describe('texts become vectors', () => {
  test('in their own order, in batches, with the key in the header and nowhere else', async () => {
    const embedder = open({ batchSize: 2, apiKeyVariable: 'EMBEDDINGS_KEY' });
    const found = await embedder.embed(['a', 'bb', 'ccc'], never);
    expect(found.map((vector) => [...vector])).toEqual([
      [1, 97, 1],
      [2, 98, 1],
      [3, 99, 1],
    ]);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/embeddings',
      'POST /v1/embeddings',
    ]);
    const asked = server.requests.map(({ body }) => JSON.parse(body) as Asked);
    expect(asked.map(({ input }) => input)).toEqual([['a', 'bb'], ['ccc']]);
    expect(asked[0]).toEqual({ model: 'tiny', input: ['a', 'bb'], encoding_format: 'float' });
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(embedder).toMatchObject({ space: 'tiny/3', dimensions: 3 });
  });

  test('without a key no header is sent, and no text is no request', async () => {
    const embedder = open();
    expect(await embedder.embed([], never)).toEqual([]);
    await embedder.embed(['a'], never);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('a model that can give fewer dimensions is asked for them', async () => {
    await open({ requestDimensions: true }).embed(['a'], never);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({ dimensions: 3 });
  });
});

const one = (embedding: unknown, index: unknown = 0): object => ({ data: [{ index, embedding }] });

describe('an answer that cannot be used is refused at once', () => {
  test.each<readonly [string, Reply, string]>([
    ['no JSON', respond('<html>'), 'the answer is not JSON: check that the address is that of an OpenAI-'],
    ['no list', vectors({ data: 'x' }), 'the answer has no list "data" of objects'],
    ['too few vectors', vectors({ data: [] }), 'asked for 1 vectors, found 0'],
    ['a wrong index', vectors(one([1, 2, 3], 1)), 'data[].index must be a whole number below 1, found 1'],
    ['no index', vectors(one([1, 2, 3], null)), 'data[].index must be a whole number below 1, found null'],
    ['other dimensions', vectors(one([1, 2])), 'vector 0 has 2 dimensions, configured are 3'],
    ['base64', vectors(one('AACAPw==')), 'vector 0 is no list of numbers'],
    ['null', vectors(one([1, null, 3])), 'vector 0 is not finite in dimension 1'],
    ['no number', vectors(one([1, 2, '3'])), 'vector 0 is not finite in dimension 2'],
    ['more than a float32', vectors(one([1, 2, 1e39])), 'vector 0 is not finite in dimension 2'],
    ['too many bytes', respond(' '.repeat(2000)), 'the answer exceeds 1000 bytes: make batchSize smaller'],
    ['a redirect', respond('', 302, { location: '/other' }), 'the endpoint answers 302'],
    [
      'a wrong key',
      failure(401, `Incorrect API key: ${KEY}`),
      '401: Incorrect API key: <key>; check the key',
    ],
    ['no such model', failure(404, 'no model tiny'), '404: no model tiny; check url and model'],
  ])('%s', async (_, reply, message) => {
    server.reply(reply);
    const embedder = open({ maxAnswerBytes: 1000, apiKeyVariable: 'EMBEDDINGS_KEY' });
    await expect(embedder.embed(['a'], never)).rejects.toThrow(message);
    expect(server.requests).toHaveLength(1);
  });

  test('two vectors for one text', async () => {
    const twice = { index: 0, embedding: [1, 2, 3] };
    server.reply(vectors({ data: [twice, twice] }));
    await expect(open().embed(['a', 'b'], never)).rejects.toThrow('two vectors have the index 0');
  });
});

describe('an endpoint in trouble', () => {
  const hangUp: Reply = (_, response) => void response.socket?.destroy();

  test.each<readonly [string, readonly Reply[], readonly number[]]>([
    ['that fails', [failure(500, 'oops'), failure(502, 'oops')], [250, 500]],
    ['that hangs up', [hangUp], [250]],
    ['that is busy for a time it names', [failure(429, 'slow down', { 'retry-after': '7' })], [7000]],
    ['that names a time beyond all patience', [failure(503, 'away', { 'retry-after': '86400' })], [60_000]],
  ])('%s is asked again, each time after longer', async (_, replies, expected) => {
    first(...replies);
    const found = await open().embed(['a'], never);
    expect(found).toHaveLength(1);
    expect(waits).toEqual(expected);
  });

  test('is given up after as many attempts as configured, with its own words', async () => {
    server.reply(failure(500, 'out of\nmemory'));
    await expect(open({ attempts: 2 }).embed(['a'], never)).rejects.toThrow(
      'the endpoint answers 500: out of memory',
    );
    expect(server.requests).toHaveLength(2);
  });

  test('that never ends its answer is left at the deadline', async () => {
    server.reply((_, response) => void response.writeHead(200).write('{'));
    const embedder = open({ deadlineSeconds: 0.1, attempts: 1 });
    await expect(embedder.embed(['a'], never)).rejects.toMatchObject({ code: 'Timeout' });
  });

  test('that is not there is named by the error of the system', async () => {
    const embedder = open({ url: 'http://127.0.0.1:9/v1', attempts: 1 });
    await expect(embedder.embed(['a'], never)).rejects.toThrow('the request failed: ECONNREFUSED');
  });

  test('keeps nobody waiting who has given up', async () => {
    const abort = new AbortController();
    server.reply(() => abort.abort(new Error('the operator ends')));
    await expect(open().embed(['a'], abort.signal)).rejects.toThrow('the operator ends');
    expect(server.requests).toHaveLength(1);
  });
});

test.each([
  ['is not set', {}],
  ['is not set', { EMBEDDINGS_KEY: ' ' }],
  ['holds characters that no key has', { EMBEDDINGS_KEY: 'a\nb' }],
])(
  'a key that %s is said by the name of its variable, before anything is sent',
  async (problem, environment) => {
    const embedder = open({ apiKeyVariable: 'EMBEDDINGS_KEY' }, { environment });
    await expect(embedder.embed(['a'], never)).rejects.toThrow(
      `the environment variable EMBEDDINGS_KEY ${problem}`,
    );
    expect(server.requests).toEqual([]);
  },
);

test('an empty text is refused before anything is sent', async () => {
  await expect(open().embed(['a', ' '], never)).rejects.toThrow('text 1 is empty');
  expect(server.requests).toEqual([]);
});

test.each([
  [{ url: 'localhost' }, 'must be a URL such as https://api.openai.com/v1'],
  [{ url: 'https://user:pw@host/v1' }, 'must not carry a user or password: use apiKeyVariable'],
  [{ url: 'ftp://host/v1' }, 'must begin with http:// or https://, found ftp://'],
  [{ url: 'https://host/v1?key=1' }, 'must not carry a query or fragment'],
  [{ apiKeyVariable: 'sk-abc' }, 'must be the name of an environment variable'],
  [{ dimensions: 0 }, 'expected number to be >=1'],
])('options %j are refused', (change, message) => {
  const options = { url: 'https://host/v1', model: 'tiny', dimensions: 3, ...change };
  const found = embeddingsOptionsSchema.safeParse(options);
  expect(found.error?.issues[0]?.message).toContain(message);
});
