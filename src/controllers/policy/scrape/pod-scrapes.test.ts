import { podsFixture, policyFixture } from '../../../../test/support/loop-fixtures.ts';
import type { PodRecord } from '../../../adapters/kubernetes/records.ts';
import { fail, ok } from '../../../adapters/prometheus/result.ts';
import type { PodAnswer, PodRequest, PodScraper } from '../../../adapters/scrape/pod-scraper.ts';
import { compileSelector, type SeriesSelector } from '../../../adapters/scrape/series-selector.ts';
import type { ScrapedRequests } from '../../../loop/monitor/scraped-requests.ts';
import type { ScrapeQueries } from '../policy-entry.ts';
import type { PolicyView } from '../../../loop/policy-view.ts';
import { PodScrapes, type ScrapingPolicy } from './pod-scrapes.ts';

const START = Date.UTC(2026, 4, 4, 9);
const ROUND_MS = 15_000;

function selector(text: string): SeriesSelector {
  const compiled = compileSelector(text);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value;
}

const plain: ScrapeQueries = { port: 9102, path: '/metrics', total: selector('all'), part: undefined };
const of = (part: 'good' | 'bad'): ScrapeQueries => ({
  ...plain,
  part: { of: part, selector: selector(part) },
});

function policy(scrape: ScrapeQueries | undefined, uid = 'u'): ScrapingPolicy {
  return { uid, view: policyFixture({}, { uid }), queries: { scrape } };
}

/** Sums of the counters, or why there are none. */
type Told = readonly (number | undefined)[] | string;

/** Pods that tell what a test says, in rounds of 15 s. */
class Bench {
  readonly scrapes: PodScrapes;
  /** How many were asked in each round. */
  readonly asked: number[] = [];
  done = 0;
  #now = START;
  #told: readonly Told[] = [];

  constructor() {
    const scrape: PodScraper['scrape'] = (requests, tell) => {
      for (const [index, answer] of this.#answer(requests).entries()) tell(index, answer);
      return Promise.resolve();
    };
    this.scrapes = new PodScrapes({ scrape }, { now: () => this.#now });
  }

  /** One round; what each pod tells, by its place. */
  async round(of: ScrapingPolicy, ...told: Told[]): Promise<ScrapedRequests> {
    this.#told = told;
    const pods = podsFixture(told.length).map((pod, i): PodRecord => {
      return { ...pod, namespace: 'shop', uid: String(i), ip: `10.0.0.${i}`, createdAt: START - 3_600_000 };
    });
    await this.scrapes.round(
      [of],
      { podsOf: () => pods, done: () => this.done++ },
      new AbortController().signal,
    );
    this.#now += ROUND_MS;
    const latest = this.scrapes.latest(of);
    if (latest === undefined) throw new Error('nothing is known of the policy');
    return latest;
  }

  #answer(requests: readonly PodRequest[]): PodAnswer[] {
    this.asked.push(requests.length);
    return requests.map(({ endpoint }) => {
      const told = this.#told[Number.parseInt(endpoint.ip.split('.')[3] ?? '', 10)] ?? 'not there';
      const counters =
        typeof told === 'string' ? fail({ kind: 'Unreachable' as const, message: told }) : ok(told);
      return { at: this.#now, counters };
    });
  }
}

describe('requests that pods tell', () => {
  test('are known from the second round on', async () => {
    const [bench, web] = [new Bench(), policy(plain)];
    expect(await bench.round(web, [100], [50])).toMatchObject({ newest: undefined, current: false });
    expect(await bench.round(web, [250], [80])).toEqual({
      newest: { at: START + ROUND_MS, averagedSeconds: 15, total: 12, bad: undefined },
      current: true,
      ready: 2,
      answered: 2,
    });
  });

  test.each<[string, ScrapeQueries, Told[][], number | undefined]>([
    ['all that are not good', of('good'), [[[100, 90]], [[400, 360]]], 2],
    [
      'none where more are good than there were, which is a matter of moments',
      of('good'),
      [[[0, 0]], [[30, 31]]],
      0,
    ],
    ['those that are bad', of('bad'), [[[100, 1]], [[400, 31]]], 2],
    ['no more than all', of('bad'), [[[100, 1]], [[115, 31]]], 1],
    [
      'none on a pod that has had no bad one',
      of('bad'),
      [
        [
          [0, 3],
          [0, undefined],
        ],
        [
          [30, 3],
          [30, undefined],
        ],
      ],
      0,
    ],
    [
      'all of a first one',
      of('bad'),
      [
        [
          [0, 3],
          [0, undefined],
        ],
        [
          [30, 3],
          [30, 15],
        ],
      ],
      1,
    ],
    ['unknown while no pod has had one', of('bad'), [[[0, undefined]], [[30, undefined]]], undefined],
    ['unknown where nobody counts them', plain, [[[0]], [[30]]], undefined],
  ])('that were bad are %s', async (_name, scrape, rounds, bad) => {
    const [bench, web] = [new Bench(), policy(scrape)];
    let found: ScrapedRequests | undefined;
    for (const told of rounds) found = await bench.round(web, ...told);
    expect(found?.current).toBe(true);
    expect(found?.newest?.bad).toBe(bad);
  });

  test('are none on a pod that has no series of them yet, while others have', async () => {
    const [bench, web] = [new Bench(), policy(plain)];
    await bench.round(web, [100], [undefined]);
    expect((await bench.round(web, [130], [undefined])).newest?.total).toBe(2);
    expect((await bench.round(web, [130], [30])).newest?.total).toBe(2);
  });

  test('are those of before while too few pods answer, and that is said with the most common reason', async () => {
    const [bench, web] = [new Bench(), policy(plain)];
    await bench.round(web, [0], [0], [0], [0]);
    const { newest } = await bench.round(web, [30], [30], [30], [30]);
    expect(
      await bench.round(web, [60], 'connection refused', 'HTTP status 401', 'connection refused'),
    ).toEqual({
      newest,
      current: false,
      ready: 4,
      answered: 1,
      failure: { rounds: 1, message: '3 of 4 pods did not answer on :9102/metrics: connection refused' },
    });
    expect((await bench.round(web, [90], 'x', 'x', 'x')).failure?.rounds).toBe(2);
    expect(await bench.round(web, [120], [120], [120], [120])).toMatchObject({
      current: true,
      newest: { total: 8 },
    });
    expect(await bench.round(web, [150], [150], [150], [150])).not.toHaveProperty('failure');
  });

  test.each<[string, ScrapeQueries, Told[][], string]>([
    [
      'no series matches',
      plain,
      [[[undefined], [undefined]]],
      'no series of 2 pods at :9102/metrics matches scrape.total all (labels that Prometheus adds, such as job, namespace and pod, are not there)',
    ],
    [
      'no series of good requests matches',
      of('good'),
      [[[0, undefined]], [[30, undefined]]],
      'no series of 1 pod at :9102/metrics matches scrape.good good (labels that',
    ],
    [
      'what is counted falls again and again',
      plain,
      [[[100]], [[90]]],
      'by how much all grew is not known for 1 of 1 pod: they have just been seen for the first time, or it is no counter',
    ],
  ])('are doubted, with the reason, where %s', async (_name, scrape, rounds, message) => {
    const [bench, web] = [new Bench(), policy(scrape)];
    let found: ScrapedRequests | undefined;
    for (const told of rounds) found = await bench.round(web, ...told);
    expect(found?.failure?.message).toContain(message);
  });

  test('are nobody’s fault where there is no pod', async () => {
    expect(await new Bench().round(policy(plain))).toEqual({
      newest: undefined,
      current: false,
      ready: 0,
      answered: 0,
    });
  });

  test('that another question is answered with are another matter', async () => {
    const bench = new Bench();
    await bench.round(policy(plain), [100]);
    expect(bench.scrapes.latest(policy({ ...plain, path: '/other' }))).toBeUndefined();
    expect(bench.scrapes.latest(policy(undefined))).toBeUndefined();
    const other = policy({ ...plain, total: selector('others') });
    expect(await bench.round(other, [5000])).toMatchObject({ newest: undefined });
  });

  test('of a policy that is gone are forgotten', async () => {
    const bench = new Bench();
    await bench.round(policy(plain), [100]);
    await bench.round(policy(plain, 'other'), [100]);
    expect(bench.scrapes.latest(policy(plain))).toBeUndefined();
  });
});

test('after three silent rounds a few pods are asked, others each time, until one answers', async () => {
  const [bench, web] = [new Bench(), policy(plain)];
  const silent = Array<Told>(8).fill('x');
  for (let i = 0; i < 6; i++) await bench.round(web, ...silent);
  expect(bench.asked).toEqual([8, 8, 8, 3, 3, 3]);
  const back = Array<Told>(8).fill([100]);
  for (let i = 0; i < 2; i++) await bench.round(web, ...back);
  expect(bench.asked.slice(6)).toEqual([3, 8]);
});

test('a policy is done when its own pods have answered, and silent ones are asked last', async () => {
  const order: string[] = [];
  const isSilent = (ip: string): boolean => ip.startsWith('10.1.');
  const scrape: PodScraper['scrape'] = (requests, tell) => {
    requests.forEach(({ endpoint: { ip } }, index) => {
      order.push(ip);
      const counters = isSilent(ip) ? fail({ kind: 'Timeout' as const, message: 'x' }) : ok([1]);
      tell(index, { at: START, counters });
    });
    return Promise.resolve();
  };
  const scrapes = new PodScrapes({ scrape }, { now: () => START });
  const policies = ['silent', 'web', 'empty'].map((uid) => policy(plain, uid));
  const pods = (net: number, count: number): PodRecord[] =>
    podsFixture(count).map((pod, i) => ({
      ...pod,
      namespace: 'shop',
      uid: `${net}.${i}`,
      ip: `10.${net}.0.${i}`,
    }));
  const podsOf = ({ uid }: PolicyView) => (uid === 'silent' ? pods(1, 2) : uid === 'web' ? pods(2, 3) : []);
  const done = ({ uid }: ScrapingPolicy) => void order.push(`${uid} done`);
  const { signal } = new AbortController();
  await scrapes.round(policies, { podsOf, done }, signal);
  expect(order.splice(0)).toEqual([
    'empty done',
    ...['10.1.0.0', '10.2.0.0', '10.1.0.1', 'silent done', '10.2.0.1', '10.2.0.2', 'web done'],
  ]);
  await scrapes.round(policies, { podsOf, done }, signal);
  expect(order).toEqual([
    'empty done',
    ...['10.2.0.0', '10.2.0.1', '10.2.0.2', 'web done', '10.1.0.0', '10.1.0.1', 'silent done'],
  ]);
});
