import fc from 'fast-check';
import { createPodCounters, observePodCounters, type PodRates, type PodReading } from './pod-counters.ts';

const START = Date.UTC(2026, 4, 4, 9);
const OLD = START - 3_600_000;
const at = (seconds: number): number => START + 1000 * seconds;

interface Sketch {
  readonly ready?: boolean;
  readonly createdAt?: number;
  readonly part?: number;
}

/** A pod that tells so many requests, or nothing. */
function pod(uid: string, total?: number, { ready = true, createdAt = OLD, part }: Sketch = {}) {
  return (now: number): PodReading => ({
    uid,
    ready,
    createdAt,
    ...(total === undefined ? {} : { answer: { at: now, total, ...(part === undefined ? {} : { part }) } }),
  });
}

type Round = readonly ReturnType<typeof pod>[];

/** Rates after each round of 15 s. */
function rounds(...list: readonly Round[]): PodRates[] {
  const memory = createPodCounters();
  return list.map((pods, i) => {
    const now = at(15 * i);
    return observePodCounters(
      memory,
      now,
      pods.map((reading) => reading(now)),
    );
  });
}

const last = (...list: readonly Round[]): PodRates => rounds(...list).at(-1)!;
const total = (...list: readonly Round[]): number | undefined => last(...list).rates?.total;

describe('the requests that pods have counted', () => {
  test('are known from the second round on', () => {
    const found = rounds([pod('a', 1000), pod('b', 500)], [pod('a', 1150), pod('b', 530)]);
    expect(found).toEqual([
      { rates: undefined, ready: 2, known: 0 },
      { rates: { total: 12, part: 0 }, ready: 2, known: 2 },
    ]);
  });

  test('of one part are counted beside them', () => {
    const found = last([pod('a', 100, { part: 90 })], [pod('a', 130, { part: 105 })]);
    expect(found.rates).toEqual({ total: 2, part: 1 });
  });

  test.each<[string, number | undefined, ...Round[]]>([
    ['zero where nothing was requested', 0, [pod('a', 5)], [pod('a', 5)]],
    ['unknown without a ready pod', undefined, [pod('a', 5)], [pod('a', 20, { ready: false })]],
    ['unknown without any pod', undefined, [pod('a', 5)], []],
    ['what a restarted process has counted since', 2, [pod('a', 9000)], [pod('a', 30)]],
    ['unknown where a series went away', undefined, [pod('a', 9000)], [pod('a', 8000)]],
    [
      'all that a pod tells that was made since',
      4,
      [pod('a', 0)],
      [pod('a', 30), pod('b', 30, { createdAt: at(5) })],
    ],
    [
      'nothing of a pod that was there before and is seen for the first time: it serves what the others do',
      4,
      [pod('a', 0), ...['b', 'c', 'd', 'e'].map((uid) => pod(uid, 0))],
      [pod('a', 10), ...['b', 'c', 'd', 'e'].map((uid) => pod(uid, 10)), pod('f', 1e9)],
    ],
    [
      'all of a pod that was not ready before, in the time since',
      4,
      [pod('a', 0), pod('b', undefined, { ready: false })],
      [pod('a', 0), pod('b', undefined, { ready: false })],
      [pod('a', 30), pod('b', 30)],
    ],
    ['as the others where one in five is silent', 10, five(0), five(30, 'a')],
    ['unknown where one in four is silent', undefined, five(0).slice(1), five(30, 'a').slice(1)],
    ['a mean over the time of silence where a pod is back', 1, [pod('a', 0)], [pod('a')], [pod('a', 30)]],
    [
      'all since the round in which it was silent where a pod was restarted',
      2,
      [pod('a', 9000)],
      [pod('a')],
      [pod('a')],
      [pod('a', 30)],
    ],
    [
      'unknown after a minute of silence',
      undefined,
      [pod('a', 0)],
      [pod('a')],
      [pod('a')],
      [pod('a')],
      [pod('a')],
      [pod('a', 99)],
    ],
    [
      'also those of pods that are going',
      4,
      [pod('a', 0), pod('b', 0)],
      [pod('a', 30), pod('b', 30, { ready: false })],
    ],
    ['without those of pods that are gone', 2, [pod('a', 0), pod('b', 0)], [pod('a', 30)]],
  ])('are %s', (_name, expected, ...list) => {
    const found = total(...list);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(expected, 9);
  });

  /** Of which some are silent. */
  function five(value: number, silent = ''): Round {
    return ['e', 'a', 'b', 'c', 'd'].map((uid) => (silent.includes(uid) ? pod(uid) : pod(uid, value)));
  }

  test('of a pod that has the name of one before are its own', () => {
    const found = last([pod('web-0, first', 500)], [pod('web-0, second', 30, { createdAt: at(3) })]);
    expect(found.rates).toEqual({ total: 2, part: 0 });
  });

  test('that fall again and again to a little less are no counter', () => {
    const gauge = [10, 9, 10, 9, 10, 9, 10, 9, 10, 9, 10].map((value) => [pod('a', value)]);
    expect(
      rounds(...gauge)
        .slice(7)
        .map(({ rates }) => rates),
    ).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('are kept for the pods that are there, and for no others', () => {
    const memory = createPodCounters();
    observePodCounters(memory, START, [pod('a', 1)(START), pod('b', 1)(START)]);
    observePodCounters(memory, at(15), [pod('b', 1)(at(15))]);
    expect([...memory.pods.keys()]).toEqual(['b']);
  });
});

/** A workload of pods that come, restart, and go in rounds of 15 s, and what each round served. */
interface Life {
  /** By pod: the round in which it is made, that after which it is gone, and requests by round. */
  readonly pods: readonly {
    readonly from: number;
    readonly to: number;
    readonly served: readonly number[];
  }[];
  readonly restarts: ReadonlySet<string>;
  readonly silent: ReadonlySet<string>;
}

const ROUNDS = 12;
const lives: fc.Arbitrary<Life> = fc.record({
  pods: fc.array(
    fc
      .record({
        from: fc.integer({ min: -1, max: ROUNDS - 1 }),
        length: fc.integer({ min: 1, max: ROUNDS }),
        served: fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: ROUNDS, maxLength: ROUNDS }),
      })
      .map(({ from, length, served }) => ({ from, to: from + length, served })),
    { minLength: 1, maxLength: 8 },
  ),
  restarts: fc.constant(new Set<string>()),
  silent: fc.constant(new Set<string>()),
});
const events = fc
  .array(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: ROUNDS })), { maxLength: 10 })
  .map((pairs) => new Set(pairs.map((pair) => pair.join('/'))));

interface Lived {
  readonly found: PodRates;
  /** Requests per second of the pods that were there at the end of the round. */
  readonly served: number;
}

/** Every answer comes at the moment of its round; a pod is ready as soon as it is there. */
function live({ pods, restarts, silent }: Life): Lived[] {
  const memory = createPodCounters();
  const counters = pods.map(() => 0);
  return Array.from({ length: ROUNDS }, (_, round) => {
    const now = at(15 * round);
    let served = 0;
    const readings = pods.flatMap(({ from, to, served: requests }, index) => {
      if (round < from || round >= to) return [];
      const grown = requests[round] ?? 0;
      served += grown / 15;
      const restarted = restarts.has(`${index}/${round}`);
      counters[index] = (restarted ? 0 : (counters[index] ?? 0)) + grown;
      const told = silent.has(`${index}/${round}`) ? undefined : counters[index];
      const createdAt = from < 0 ? OLD : now - 15_000 * (round - from) - 5000;
      return [pod(String(index), told, { createdAt })(now)];
    });
    return { found: observePodCounters(memory, now, readings), served };
  });
}

describe('whatever happens to pods', () => {
  test('their rate is the true one as long as nothing is lost', () => {
    fc.assert(
      fc.property(lives, (life) => {
        live(life).forEach(({ found, served }, round) => {
          if (round === 0 || found.ready === 0) expect(found.rates).toBeUndefined();
          else expect(found.rates?.total).toBeCloseTo(served, 6);
        });
      }),
    );
  });

  test('it is never negative, no number or above what the counters show, with restarts and silence', () => {
    const lossy = fc
      .tuple(lives, events, events)
      .map(([life, restarts, silent]) => ({ ...life, restarts, silent }));
    fc.assert(
      fc.property(lossy, (life) => {
        for (const { found } of live(life)) {
          const { rates, ready, known } = found;
          expect(known).toBeLessThanOrEqual(ready);
          if (rates === undefined) continue;
          expect(known).toBeGreaterThanOrEqual(0.8 * ready);
          expect(rates.total).toBeGreaterThanOrEqual(0);
          // All that any of the pods can have counted by then, in one round.
          expect(rates.total).toBeLessThanOrEqual(8 * 10_000 * ROUNDS);
        }
      }),
    );
  });

  test('a restart loses what was served before it and no more', () => {
    fc.assert(
      fc.property(lives, events, (life, restarts) => {
        for (const { found, served } of live({ ...life, restarts })) {
          // A fall to more than half is not believed to be a restart, and then the round is unknown or made up for.
          if (found.rates === undefined || found.known < found.ready) continue;
          expect(found.rates.total).toBeLessThanOrEqual(served * (1 + 1e-9) + 1e-6);
        }
      }),
    );
  });
});
