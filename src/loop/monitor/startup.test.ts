import fc from 'fast-check';
import { HOUR, MINUTE, NOW, podsFixture, SECOND } from '../../../test/support/loop-fixtures.ts';
import type { PodView } from './observation.ts';
import {
  createStartupEstimate,
  observeStartups,
  startupSeconds,
  startupSummary,
  type StartupEstimate,
} from './startup.ts';

function started(name: string, seconds: number, createdAt = NOW): PodView {
  const [pod] = podsFixture(1);
  return { ...pod!, name, createdAt, readyChangedAt: createdAt + seconds * SECOND };
}

const pods = (...seconds: number[]): PodView[] => seconds.map((s, index) => started(`web-${index}`, s));

function learned(...looks: (readonly PodView[])[]): StartupEstimate {
  const estimate = createStartupEstimate();
  for (const look of looks) observeStartups(estimate, look);
  return estimate;
}

const starts = ({ watched, doubtful }: StartupEstimate): number => watched.total + doubtful.count;

const estimateOf = (...looks: (readonly PodView[])[]): number => startupSeconds(learned(...looks), undefined);

describe('the start-up time', () => {
  test.each([
    ['is the user’s own where the policy says it', learned(pods(10, 10, 10)), 45, 45],
    ['is a minute before anything is known', learned(), undefined, 60],
    ['is a minute still with two pods', learned(pods(10, 12)), undefined, 60],
    ['is the slowest of three', learned(pods(10, 40, 12)), undefined, 40],
    [
      'leaves out the slowest tenth of many',
      learned(pods(...new Array<number>(19).fill(20), 600)),
      undefined,
      20,
    ],
    ['is at least a second', learned(pods(0, 0, 0)), undefined, 1],
  ])('%s', (_name, estimate, override, seconds) => {
    expect(startupSeconds(estimate, override)).toBe(seconds);
  });

  test('counts each pod once, however often it is seen', () => {
    const estimate = learned(pods(10, 12), pods(10, 12), pods(10, 12));
    expect(starts(estimate)).toBe(2);
  });

  test('does not take a pod that became ready again for one that started slowly', () => {
    const before = pods(10, 12, 14);
    const failing = before.map((pod) => ({ ...pod, ready: false, readyChangedAt: NOW + 20 * MINUTE }));
    const again = before.map((pod) => ({ ...pod, readyChangedAt: NOW + 25 * MINUTE }));
    expect(estimateOf(before, failing, again)).toBe(14);
  });

  test('counts the next pod of the same name, as a StatefulSet makes them', () => {
    expect(
      estimateOf(
        [started('web-0', 10)],
        [started('web-0', 20, NOW + HOUR)],
        [started('web-0', 30, NOW + 2 * HOUR)],
      ),
    ).toBe(30);
  });

  test.each([
    ['not ready', { ready: false }],
    ['ready at no known time', { readyChangedAt: undefined }],
    ['ready before it was made', { readyChangedAt: NOW - SECOND }],
    ['ready for the last time more than an hour after it was made', { readyChangedAt: NOW + HOUR + SECOND }],
  ])('learns nothing from a pod that is %s', (_name, change) => {
    const [pod] = pods(10);
    const { readyChangedAt, ...rest } = { ...pod!, ...change };
    const seen = readyChangedAt === undefined ? rest : { ...rest, readyChangedAt };
    expect(starts(learned([seen]))).toBe(0);
  });

  test('forgets what is longer ago than 32 starts, and which pods are gone', () => {
    const estimate = createStartupEstimate();
    for (let i = 0; i < 100; i++) observeStartups(estimate, [started(`web-${i}`, i < 60 ? 500 : 20)]);
    expect(startupSeconds(estimate, undefined)).toBe(20);
    expect(estimate.started.size).toBe(1);
  });

  test('trusts what it heard of only until it has watched three starts', () => {
    const heardOf = pods(900, 1100, 1000, 1200);
    const watched = [20, 22, 24].map((seconds, index) => started(`new-${index}`, seconds, NOW + HOUR));
    expect(estimateOf(heardOf)).toBe(1200);
    expect(estimateOf(heardOf, watched)).toBe(24);
  });

  test('does not learn from a pod that first failed, unless there are no others', () => {
    const failing = [90, 95, 99].map((s, index) => ({ ...started(`bad-${index}`, s), restarts: 2 }));
    expect(estimateOf([], failing)).toBe(99);
    expect(estimateOf([], failing, pods(20, 22, 24))).toBe(24);
  });

  test('knows a pod that was ready before anybody looked by when its readiness changed', () => {
    const down = (name: string, readyChangedAt: number): PodView => ({
      ...started(name, 0, NOW - HOUR),
      ready: false,
      startedAt: NOW - HOUR + SECOND,
      readyChangedAt,
    });
    const starting = down('starting', NOW - HOUR + SECOND);
    const failed = down('failed', NOW - MINUTE);
    const up = [starting, failed].map((pod) => ({ ...pod, ready: true, readyChangedAt: NOW - 30 * MINUTE }));
    expect(starts(learned([starting, failed], up))).toBe(1);
  });

  test('never leaves 1 … 3600 s, whatever pods say', () => {
    const anyTime = fc.oneof(
      fc.double(),
      fc.constantFrom(NOW, NOW + HOUR),
      fc.integer({ min: 0, max: 2 * NOW }),
    );
    const anyPod = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      ready: fc.boolean(),
      createdAt: anyTime,
      readyChangedAt: anyTime,
      scheduledAt: anyTime,
      node: fc.constantFrom('n1', 'n2'),
      image: fc.constantFrom('web:1', 'web:2'),
      restarts: fc.integer({ min: 0, max: 3 }),
    });
    const looks = fc.array(fc.uniqueArray(anyPod, { selector: ({ name }) => name }), { maxLength: 12 });
    const [pod] = podsFixture(1);
    fc.assert(
      fc.property(looks, (seen) => {
        const estimate = createStartupEstimate();
        for (const look of seen) {
          observeStartups(
            estimate,
            look.map((facts) => ({ ...pod!, ...facts })),
          );
          const { seconds, medianSeconds } = startupSummary(estimate, undefined);
          expect(medianSeconds).toBeGreaterThanOrEqual(1);
          expect(seconds).toBeGreaterThanOrEqual(medianSeconds);
          expect(seconds).toBeLessThanOrEqual(3600);
        }
      }),
    );
  });
});

describe('the causes of a start', () => {
  /** Created `after` seconds from now on a node, with the image of the workload. */
  function on(node: string, name: string, { after = 0, seconds = 20, wait = 0 }): PodView {
    const createdAt = NOW + after * SECOND;
    const scheduledAt = createdAt + wait * SECOND;
    return { ...started(name, seconds, createdAt), node, image: 'web:1', scheduledAt };
  }

  const causes = (...looks: (readonly PodView[])[]): Record<string, number> =>
    Object.fromEntries(
      startupSummary(learned([], ...looks), undefined).causes.map(({ cause, starts: count }) => [
        cause,
        count,
      ]),
    );

  const first = on('n1', 'a', { seconds: 60 });

  test.each<[string, PodView, string]>([
    ['a warm image where a pod has run before', on('n1', 'b', { after: 100 }), 'WarmImage'],
    ['a cold image while another pod still pulls it', on('n1', 'b', { after: 30, seconds: 40 }), 'ColdImage'],
    ['a cold image on another node', on('n2', 'b', { after: 100 }), 'ColdImage'],
    ['a cold image there, however quick', on('n2', 'b', { after: 100, seconds: 0 }), 'ColdImage'],
    ['a cold image of a new revision', { ...on('n1', 'b', { after: 100 }), image: 'web:2' }, 'ColdImage'],
    ['a new node where it waited for one', on('n1', 'b', { after: 100, wait: 40 }), 'NewNode'],
    [
      'a node younger than the pod',
      { ...on('n1', 'b', { after: 100 }), nodeCreatedAt: NOW + HOUR },
      'NewNode',
    ],
    ['nothing that the pod tells', started('b', 20, NOW + HOUR), 'Unknown'],
  ])('are known: %s', (_name, pod, cause) => {
    const alone = causes([first]);
    const both = causes([first], [first, pod]);
    expect((both[cause] ?? 0) - (alone[cause] ?? 0)).toBe(1);
  });

  test('do not depend on the order in which pods are listed', () => {
    const warm = on('n1', 'b', { after: 100 });
    expect(causes([first, warm])).toEqual(causes([warm, first]));
  });

  test('count a node as having the image when its pods ran before anybody watched', () => {
    const estimate = learned([on('n1', 'a', {})], [on('n1', 'b', { after: 100 })]);
    expect(startupSummary(estimate, undefined).causes).toMatchObject([{ cause: 'WarmImage', starts: 1 }]);
  });

  test('each keep their own times, and the next start is a mixture of the recent ones', () => {
    const warm = Array.from({ length: 34 }, (_, i) => on('n1', `w${i}`, { after: 100 + i, seconds: 20 }));
    const fresh = Array.from({ length: 6 }, (_, i) =>
      on('n2', `f${i}`, { after: 100, seconds: 200, wait: 150 }),
    );
    const summary = startupSummary(learned([], [first], warm, fresh), undefined);
    expect(summary).toMatchObject({ source: 'Measured', medianSeconds: 20 });
    expect(summary.seconds).toBeCloseTo(200, 9);
    expect(summary.causes).toEqual([
      { cause: 'WarmImage', starts: 32, share: 26 / 32, medianSeconds: 20, slowSeconds: 20 },
      { cause: 'ColdImage', starts: 1, share: 0, medianSeconds: 60, slowSeconds: 60 },
      { cause: 'NewNode', starts: 6, share: 6 / 32, medianSeconds: 200, slowSeconds: 200 },
    ]);
  });

  test('change the plan gradually as new nodes become more frequent', () => {
    let before = 0;
    for (const share of [1, 2, 3, 4]) {
      const looks = Array.from({ length: 32 }, (_, i) => [
        i < share
          ? on('n2', `p${i}`, { after: 100, seconds: 220, wait: 150 })
          : on('n1', `p${i}`, { after: 100, seconds: 20 }),
      ]);
      const seconds = estimateOf([], [first], ...looks);
      expect(seconds).toBeGreaterThanOrEqual(before);
      expect(seconds - before).toBeLessThan(100);
      before = seconds;
    }
    expect(before).toBeGreaterThan(120);
  });

  test('are listed beside what the user says, which counts', () => {
    expect(startupSummary(learned([], [first]), 45)).toMatchObject({
      seconds: 45,
      medianSeconds: 45,
      source: 'Specified',
      causes: [{ cause: 'ColdImage', starts: 1 }],
    });
    expect(startupSummary(learned(), undefined)).toEqual({
      seconds: 60,
      medianSeconds: 60,
      slowSeconds: 60,
      source: 'Assumed',
      causes: [],
    });
  });

  test('remember a bounded number of nodes', () => {
    const estimate = learned([]);
    for (let i = 0; i < 700; i++) observeStartups(estimate, [on(`n${i}`, `p${i}`, { after: i })]);
    expect(estimate.images.size).toBe(512);
    expect(structuredClone(estimate)).toEqual(estimate);
  });
});
