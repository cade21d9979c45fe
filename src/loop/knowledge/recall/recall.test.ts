import fc from 'fast-check';
import {
  pointAt,
  recallQueryFixture,
  situationFixture,
  WINDOW_MS,
  WINDOW_START,
} from '../../../../test/support/situation-fixture.ts';
import type { ArmOutcome, Situation } from '../situation.ts';
import { createHotIndex, type HotIndex } from './hot-index.ts';
import { recall, type Recall } from './recall.ts';
import { rememberSituation } from './remember.ts';

const NOW = WINDOW_START + 1000 * WINDOW_MS;
const query = recallQueryFixture({ knownBy: NOW });

/** Ends so many windows ago. */
const endedAgo = (windows: number): number => NOW - (windows + 1) * WINDOW_MS;

const arms = (lean: number, safe: number): readonly ArmOutcome[] =>
  [
    ['lean', lean],
    ['safe', safe],
  ].map(([arm, cost]) => ({
    arm: String(arm),
    replicaSeconds: 3600 * Number(cost),
    badRequests: 0,
    violatedSeconds: 0,
    replicasChanged: 0,
  }));

type Told = readonly [Situation, boolean | null];

function indexOf(told: readonly Told[]): HotIndex {
  const index = createHotIndex({ capacity: Math.max(1, told.length) });
  for (const [situation, succeeded] of told) rememberSituation(index, { ...situation, succeeded });
  return index;
}

const many = (count: number, make: (place: number) => Told): readonly Told[] =>
  Array.from({ length: count }, (_, place) => make(place));

const priorOf = ({ priors }: Recall, arm: string) => priors.find((prior) => prior.arm === arm);

describe('what the past says', () => {
  test('is nothing where nothing is remembered', () => {
    expect(recall(indexOf([]), query)).toEqual({
      knownBy: NOW,
      searched: 0,
      found: 0,
      own: 0,
      effective: 0,
      distance: 0,
      confidence: { score: 0, band: 'None' },
      similar: { judged: 0, succeeded: 0, unjudged: 0 },
      priors: [],
      neighbours: [],
    });
  });

  test('counts of the similar ones those that succeeded, and those that cannot be judged for neither', () => {
    const index = indexOf([
      ...many(6, (place): Told => [situationFixture({ at: endedAgo(place) }), true]),
      [situationFixture({ at: endedAgo(6) }), false],
      [situationFixture({ at: endedAgo(7) }), null],
      [situationFixture({ at: endedAgo(8), censored: ['Rollout'] }), true],
      [situationFixture({ at: endedAgo(9), embedding: pointAt(3, 3, 3) }), false],
    ]);
    expect(recall(index, query).similar).toEqual({ judged: 7, succeeded: 6, unjudged: 2 });
  });

  test('tells of the nearest when, where, what was done and what came of it', () => {
    const situation = situationFixture({
      at: endedAgo(3),
      policyUid: 'uid-api',
      summary: 'demand rising',
      action: { from: 2, to: 5, peak: 6, arm: 'Calm' },
      outcome: { violatedSeconds: 90, requests: null, rollbacks: 1 },
      censored: ['NodeLoss', 'Override'],
      embedding: pointAt(1),
    });
    expect(recall(indexOf([[situation, true]]), query).neighbours).toEqual([
      {
        id: situation.id,
        at: situation.at,
        policy: { namespace: 'shop', name: 'policy-of-uid-api' },
        workload: { kind: 'Deployment', name: 'workload-of-uid-api' },
        own: false,
        distance: 1.3,
        summary: 'demand rising',
        action: { from: 2, to: 5, peak: 6, arm: 'Calm' },
        outcome: {
          violatedShare: Math.fround(0.05),
          badShare: null,
          costOverOracle: 1.5,
          rollbacks: 1,
        },
        succeeded: null,
        censored: ['Override', 'NodeLoss'],
      },
    ]);
  });

  test('stays small however much is remembered', () => {
    const index = indexOf(many(500, (place): Told => [situationFixture({ at: endedAgo(place) }), true]));
    const result = recall(index, query);
    expect(result).toMatchObject({ searched: 500, found: 30, own: 30 });
    expect(result.neighbours).toHaveLength(5);
    expect(JSON.stringify(result).length).toBeLessThan(5000);
  });
});

describe('what is to be expected of an arm', () => {
  /** Where the first dimension is 2 the lean arm does well, where it is −2 the safe one. */
  const twoWorlds = (ofEach: number): readonly Told[] =>
    many(2 * ofEach, (place): Told => {
      const calm = place % 2 === 0;
      const situation = situationFixture({
        at: endedAgo(place),
        embedding: pointAt(calm ? 2 : -2),
        arms: calm ? arms(1, 2) : arms(3, 2),
      });
      return [situation, true];
    });

  test.each([
    ['calm', pointAt(2), 'lean'],
    ['rough', pointAt(-2), 'safe'],
  ])('follows the neighbours in a %s situation', (_, embedding, best) => {
    const { priors } = recall(indexOf(twoWorlds(200)), { ...query, embedding });
    expect(priors.toSorted((a, b) => a.mean - b.mean)[0]!.arm).toBe(best);
  });

  test('is mostly what is usual while neighbours are few', () => {
    const told = many(101, (place): Told => [
      situationFixture({
        at: endedAgo(place),
        embedding: pointAt(place === 0 ? 0 : 3, 3),
        arms: arms(place === 0 ? 5 : 1, 2),
      }),
      true,
    ]);
    const result = recall(indexOf(told), query, { count: 1 });
    // 20 windows of what is usual, about 1, against one neighbour.
    expect(priorOf(result, 'lean')!.mean).toBeGreaterThan(1);
    expect(priorOf(result, 'lean')!.mean).toBeLessThan(1.4);
    expect(priorOf(result, 'lean')!.weight).toBeCloseTo(1, 0);
  });

  test('weighs violated time by the penalty, and no window beyond the most', () => {
    const violated = [{ ...arms(1.5, 1)[0]!, violatedSeconds: 180 }];
    const index = indexOf([[situationFixture({ at: endedAgo(0), arms: violated }), true]]);
    const mean = (penalty: number, most: number) =>
      priorOf(recall(index, query, { weights: { penalty, most } }), 'lean')!.mean;
    expect(mean(5, 100)).toBeCloseTo(2, 6);
    expect(mean(20, 100)).toBeCloseTo(3.5, 6);
    expect(mean(100, 8)).toBe(8);
  });

  test('leans on the fleet while a workload has no windows of its own', () => {
    const fleet = many(40, (place): Told => [
      situationFixture({ at: endedAgo(place), policyUid: 'uid-api', arms: arms(1.25, 2) }),
      true,
    ]);
    const own = many(400, (place): Told => [
      situationFixture({ at: endedAgo(place), arms: arms(4, 2) }),
      true,
    ]);
    const usual = (told: readonly Told[]) =>
      priorOf(recall(indexOf(told), query, { count: 0 }), 'lean')!.mean;
    expect(usual(fleet)).toBeCloseTo(1.25, 6);
    expect(usual([...fleet, ...own])).toBeGreaterThan(3.5);
  });

  test('of windows that lie long ago counts less than of those of today', () => {
    const told = many(800, (place): Told => [
      situationFixture({
        at: endedAgo(place),
        embedding: pointAt(3, 3, 3),
        arms: arms(place < 400 ? 1 : 3, 2),
      }),
      true,
    ]);
    expect(priorOf(recall(indexOf(told), query, { count: 0 }), 'lean')!.mean).toBeLessThan(1.3);
  });

  test('is said of no arm that was never replayed', () => {
    const index = indexOf([[situationFixture({ at: endedAgo(0), arms: [], oracleReplicaSeconds: 0 }), null]]);
    const result = recall(index, query);
    expect(result.priors).toEqual([]);
    expect(result.found).toBe(1);
    expect(result.confidence).toEqual({ score: 0, band: 'None' });
  });
});

describe('confidence', () => {
  const likely = (count: number, x: number, spread: number): Recall =>
    recall(
      indexOf(
        many(count, (place): Told => [
          situationFixture({
            at: endedAgo(place),
            embedding: pointAt(x),
            arms: arms(1.5 + (place % 2 === 0 ? spread : -spread), 4),
          }),
          true,
        ]),
      ),
      query,
    );

  test('is high where many near ones agree', () => {
    expect(likely(60, 0, 0).confidence.band).toBe('High');
  });

  test.each([
    ['they are few', likely(5, 0, 0)],
    ['they are far away', likely(60, 3, 0)],
    ['they disagree', likely(60, 0, 1.4)],
  ])('is less where %s', (_, { confidence }) => {
    expect(confidence.score).toBeLessThan(likely(60, 0, 0).confidence.score);
    expect(confidence.band).not.toBe('High');
  });

  test('is none where there are but two', () => {
    expect(likely(2, 0, 0).confidence.band).toBe('None');
  });
});

const finite = (limit: number) => fc.double({ min: 0, max: limit, noNaN: true });
const anySituation = fc.record({
  at: fc.integer({ min: 0, max: 50 }),
  own: fc.boolean(),
  x: fc.double({ min: -3, max: 3, noNaN: true }),
  lean: finite(1e6),
  safe: finite(1e6),
  violatedSeconds: finite(1800),
  succeeded: fc.option(fc.boolean()),
});

test('is plain, bounded and finite whatever is remembered', () => {
  fc.assert(
    fc.property(fc.array(anySituation, { maxLength: 40 }), (members) => {
      const told = members.map(({ at, own, x, lean, safe, violatedSeconds, succeeded }): Told => [
        situationFixture({
          at: endedAgo(at),
          policyUid: own ? 'uid-web' : 'uid-api',
          embedding: pointAt(x),
          arms: arms(lean, safe).map((arm) => ({ ...arm, violatedSeconds })),
        }),
        succeeded,
      ]);
      const result = recall(indexOf(told), query);
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      expect(result.confidence.score).toBeGreaterThanOrEqual(0);
      expect(result.confidence.score).toBeLessThanOrEqual(1);
      expect(result.similar.succeeded).toBeLessThanOrEqual(result.similar.judged);
      for (const { mean, variance, weight } of result.priors) {
        expect(mean).toBeGreaterThanOrEqual(0);
        expect(mean).toBeLessThanOrEqual(8);
        expect(variance).toBeGreaterThanOrEqual(0);
        expect(weight).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
