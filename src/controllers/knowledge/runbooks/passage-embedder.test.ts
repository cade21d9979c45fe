import { setImmediate } from 'node:timers/promises';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { createTextIndex, putDocument, removeDocument } from '../../../loop/knowledge/text/text-index.ts';
import { PassageEmbedder } from './passage-embedder.ts';

const ID = 'ConfigMap/shop/runbooks/slow';

interface Request {
  readonly texts: readonly string[];
  readonly answer: (vectors: readonly Float32Array[]) => void;
  readonly fail: (error: Error) => void;
}

let stop: AbortController;
let running: Promise<void>;

afterEach(async () => {
  stop.abort();
  await running;
});

function start() {
  stop = new AbortController();
  const library = { index: createTextIndex(), changes: 0, changed: () => (library.changes += 1) };
  const requests: Request[] = [];
  const problems: string[] = [];
  const clock = new ManualClock();
  const embedder = new PassageEmbedder({
    embedder: {
      space: 'm/2',
      dimensions: 2,
      embed: (texts, signal) =>
        new Promise((answer, fail) => {
          signal.addEventListener('abort', () => fail(signal.reason as Error), { once: true });
          requests.push({ texts, answer, fail });
        }),
    },
    library,
    clock,
    onProblem: (problem) => problems.push(problem),
  });
  running = embedder.run(stop.signal);
  const put = (text: string): void => {
    putDocument(library.index, { id: ID, namespace: 'shop', title: 'Slow', text });
    embedder.add(ID);
  };
  return { library, requests, problems, clock, embedder, put };
}

/** A few turns of the event loop: everything here is in memory. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

const embedded = ({ library }: ReturnType<typeof start>): readonly number[] =>
  [...library.index.shelves.values()].flatMap(({ embedded: found }) => [
    ...(found?.table.values.subarray(0, 2) ?? []),
  ]);

describe('embedding of passages and queries', () => {
  it('gives a passage its vector when the endpoint answers, and says that what is found may be another', async () => {
    const all = start();
    all.put('Look at the database.');
    await turns();
    expect(all.requests.map(({ texts }) => texts)).toEqual([['Slow\nSlow\nLook at the database.']]);
    expect(embedded(all)).toEqual([]);
    all.requests[0]!.answer([Float32Array.of(0, 3)]);
    await turns();
    expect(embedded(all)).toEqual([0, 1]);
    expect(all.library.changes).toBe(1);
  });

  it('gives nothing for a query until it is answered, and asks only once', async () => {
    const { embedder, requests } = start();
    expect(embedder.vectorOf('slow')).toBeUndefined();
    expect(embedder.vectorOf('slow')).toBeUndefined();
    await turns();
    requests[0]!.answer([Float32Array.of(1, 0)]);
    await turns();
    expect(embedder.vectorOf('slow')).toEqual({ space: 'm/2', vector: Float32Array.of(1, 0) });
    expect(embedder.vectorOf('slow')).toBe(embedder.vectorOf('slow'));
    await turns();
    expect(requests).toHaveLength(1);
  });

  it('drops the vectors of a text that changed meanwhile, and embeds it as it now is', async () => {
    const all = start();
    all.put('Old.');
    await turns();
    all.put('New.');
    all.requests[0]!.answer([Float32Array.of(1, 0)]);
    await turns();
    expect(embedded(all)).toEqual([]);
    expect(all.requests[1]?.texts).toEqual(['Slow\nSlow\nNew.']);
  });

  it('drops the vectors of a text that is gone', async () => {
    const all = start();
    all.put('Old.');
    await turns();
    removeDocument(all.library.index, ID);
    all.requests[0]!.answer([Float32Array.of(1, 0)]);
    await turns();
    expect(all.library.changes).toBe(0);
    expect(all.problems).toEqual([]);
  });

  it('leaves an endpoint that fails alone for a minute, and gives a text up after five times', async () => {
    const all = start();
    all.put('Look at the database.');
    for (let failure = 1; failure <= 5; failure += 1) {
      await turns();
      all.requests[failure - 1]!.fail(new Error('away'));
      await turns();
      expect(all.requests).toHaveLength(failure);
      await all.clock.advance(60_000);
    }
    await turns();
    expect(all.requests).toHaveLength(5);
    expect(all.problems[0]).toBe('texts could not be embedded: Error: away');
    all.put('Look at the queue.');
    await turns();
    expect(all.requests).toHaveLength(6);
  });

  it('refuses vectors of the wrong kind, and says so', async () => {
    const all = start();
    all.put('Look at the database.');
    await turns();
    all.requests[0]!.answer([Float32Array.of(NaN, 1)]);
    await turns();
    expect(all.problems).toEqual([expect.stringContaining('must each be 2 finite numbers')]);
    expect(all.library.changes).toBe(0);
  });
});
