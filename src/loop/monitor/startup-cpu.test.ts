import fc from 'fast-check';
import { NOW, podsFixture, SECOND, targetFixture } from '../../../test/support/loop-fixtures.ts';
import { demandOf } from './demand.ts';
import type { PodUsage, PodView } from './observation.ts';
import { missing, type Reading } from './reading.ts';
import {
  createWarmupEstimate,
  observeWarmup,
  warmupSeconds,
  withoutWarmup,
  type WarmupEstimate,
} from './startup-cpu.ts';

/** Pods by the seconds since they became ready, each with its cores. */
type Fleet = readonly (readonly [age: number, cores: number | Reading])[];

const podsOf = (fleet: Fleet): PodView[] =>
  podsFixture(fleet.length).map((pod, index) => ({
    ...pod,
    readyChangedAt: NOW - (fleet[index]?.[0] ?? 0) * SECOND,
  }));

const usageOf = (fleet: Fleet): PodUsage[] =>
  fleet.map(([, cores], index) => ({
    pod: `web-${index}`,
    reading: typeof cores === 'number' ? { quality: 'Fresh', value: cores, at: NOW } : cores,
  }));

const cores = (usage: readonly PodUsage[]): (number | undefined)[] =>
  usage.map(({ reading }) => (reading.quality === 'Missing' ? undefined : reading.value));

const discounted = (fleet: Fleet, seconds: number): (number | undefined)[] =>
  cores(withoutWarmup(usageOf(fleet), podsOf(fleet), seconds));

/** A new pod beside two settled ones of half a core, looked at every 15 s, `starts` times. */
function learned(usageAtAge: (age: number) => number, starts = 3): WarmupEstimate {
  const estimate = createWarmupEstimate();
  for (let start = 0; start < starts; start += 1) {
    for (let age = 0; age < 900; age += 15) {
      const fleet: Fleet = [
        [5000, 0.5],
        [5000, 0.5],
        [age, usageAtAge(age)],
      ];
      observeWarmup(estimate, podsOf(fleet), usageOf(fleet));
    }
  }
  return estimate;
}

describe('the warm-up of a pod', () => {
  test.each<[string, (age: number) => number, number]>([
    ['is over when its CPU is like its neighbours’', (age) => (age < 150 ? 1.5 : 0.5), 150],
    ['is none when it never differs', () => 0.55, 0],
    ['is too when its samples do not contain all of its work yet', (age) => (age < 60 ? 0.1 : 0.5), 60],
    ['ends after ten minutes even where the pod differs for ever', () => 2, 600],
  ])('%s', (_name, usageAtAge, seconds) => {
    expect(warmupSeconds(learned(usageAtAge))).toBe(seconds);
  });

  test('is taken to be a minute before it was seen', () => {
    expect(warmupSeconds(createWarmupEstimate())).toBe(60);
    expect(warmupSeconds(learned(() => 0.5, 1))).toBe(60);
  });

  test('is learned anew for a new revision', () => {
    const estimate = learned((age) => (age < 300 ? 2 : 0.5));
    const fleet = (age: number): Fleet => [
      [5000, 0.5],
      [age, 0.5],
    ];
    for (let i = 0; i < 100; i += 1) {
      for (const age of [15, 45]) observeWarmup(estimate, podsOf(fleet(age)), usageOf(fleet(age)));
    }
    expect(warmupSeconds(estimate)).toBe(0);
  });

  test.each<[string, Fleet]>([
    [
      'without settled pods',
      [
        [20, 3],
        [20, 3],
      ],
    ],
    [
      'beside settled pods that do nothing',
      [
        [5000, 0],
        [20, 3],
      ],
    ],
    [
      'of a pod without a sample',
      [
        [5000, 0.5],
        [20, missing('NoData', 'none')],
      ],
    ],
  ])('is not learned %s', (_name, fleet) => {
    const estimate = createWarmupEstimate();
    for (let i = 0; i < 10; i += 1) observeWarmup(estimate, podsOf(fleet), usageOf(fleet));
    expect(estimate).toEqual(createWarmupEstimate());
  });
});

describe('usage without warm-up', () => {
  test.each<[string, Fleet, readonly (number | undefined)[]]>([
    [
      'takes the median of the others for a young pod',
      [
        [500, 0.4],
        [500, 0.6],
        [20, 3],
      ],
      [0.4, 0.6, 0.5],
    ],
    [
      'takes it for one that shows too little as well',
      [
        [500, 0.4],
        [20, 0],
      ],
      [0.4, 0.4],
    ],
    [
      'leaves pods that have warmed up as they are',
      [
        [500, 0.1],
        [90, 3],
        [500, 0.2],
      ],
      [0.1, 3, 0.2],
    ],
    [
      'leaves young pods as they are without any other',
      [
        [20, 3],
        [30, 1],
      ],
      [3, 1],
    ],
    [
      'does not invent what was not measured',
      [
        [500, 0.4],
        [20, missing('NoData', 'none')],
      ],
      [0.4, undefined],
    ],
    [
      'does not measure by pods whose samples are stale',
      [
        [500, { quality: 'Stale', value: 9, at: NOW }],
        [20, 3],
      ],
      [9, 3],
    ],
    ['is nothing for no pods', [], []],
  ])('%s', (_name, fleet, expected) => {
    const usage = discounted(fleet, 90);
    expect(usage).toHaveLength(expected.length);
    for (const [index, value] of expected.entries()) {
      if (value === undefined) expect(usage[index]).toBeUndefined();
      else expect(usage[index]).toBeCloseTo(value, 12);
    }
  });

  test('is the demand that a scale-up of ten compiling pods leaves as it was', () => {
    const settled: Fleet = new Array<readonly [number, number]>(10).fill([3000, 0.5]);
    const compiling: Fleet = new Array<readonly [number, number]>(10).fill([20, 2]);
    const fleet = [...settled, ...compiling];
    const pods = podsOf(fleet);
    const usage = withoutWarmup(usageOf(fleet), pods, 60);
    const target = targetFixture(20, { pods });
    expect(demandOf({ type: 'Resource', usage }, target).total).toMatchObject({
      quality: 'Fresh',
      value: 10,
    });
    expect(demandOf({ type: 'Resource', usage: usageOf(fleet) }, target).total).toMatchObject({ value: 25 });
  });

  test('stays within what the pods use, and is never NaN', () => {
    const amount = fc.oneof(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.constant(1e308));
    const fleet = fc.array(fc.tuple(fc.double({ min: -100, max: 1000, noNaN: true }), amount), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(fleet, fc.integer({ min: 0, max: 600 }), (pods, seconds) => {
        const all = pods.map(([, value]) => value);
        for (const value of discounted(pods, seconds)) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...all));
          expect(value).toBeLessThanOrEqual(Math.max(...all));
        }
        const estimate = createWarmupEstimate();
        observeWarmup(estimate, podsOf(pods), usageOf(pods));
        expect(Number.isFinite(warmupSeconds(estimate))).toBe(true);
        for (const ratio of estimate.learned ?? []) expect(ratio).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
