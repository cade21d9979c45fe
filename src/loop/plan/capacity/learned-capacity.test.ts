import fc from 'fast-check';
import { NOW, SECOND } from '../../../../test/support/loop-fixtures.ts';
import { createSaturationEvidence, observeLoad, type SaturationEvidence } from '../../monitor/saturation.ts';
import { learnedCapacity } from './learned-capacity.ts';

/** Loads per replica with their share of bad requests, so many ticks each, on four replicas. */
type Past = readonly (readonly [load: number, badShare: number, ticks: number])[];

function evidenceOf(past: Past): SaturationEvidence {
  const evidence = createSaturationEvidence();
  let now = NOW;
  const tick = (load: number, badShare: number): void => {
    now += 15 * SECOND;
    observeLoad(evidence, { now, demand: 4 * load, badShare, readyReplicas: 4, averagedSeconds: 0 });
  };
  // The first tick only says how many replicas there are.
  tick(past[0]?.[0] ?? 1, 0);
  // From low to high, so that no tick comes while a larger load drains.
  for (const [load, badShare, ticks] of past) for (let i = 0; i < ticks; i += 1) tick(load, badShare);
  return evidence;
}

const capacityOf = (past: Past, slowShare = 0.01): ReturnType<typeof learnedCapacity> =>
  learnedCapacity(evidenceOf(past), slowShare);

describe('the learned capacity of a replica', () => {
  test.each<[string, Past, number]>([
    [
      'lies between the last good load and the first bad one',
      [
        [40, 0, 50],
        [60, 0.02, 50],
      ],
      50,
    ],
    [
      'is nearer to the good load the worse the bad one is',
      [
        [40, 0, 50],
        [60, 0.2, 50],
      ],
      41,
    ],
    [
      'does not fall for a bad hour at a load below others that went well',
      [
        [30, 0, 100],
        [40, 0.015, 100],
        [50, 0, 100],
        [80, 0.1, 20],
      ],
      50 + (30 * 0.0025) / 0.0925,
    ],
    [
      'takes a load of a few moments together with the one below',
      [
        [40, 0, 50],
        [60, 0.02, 50],
        [90, 0, 2],
      ],
      50.05,
    ],
  ])('%s', (_name, past, expected) => {
    const capacity = capacityOf(past);
    expect(capacity).toMatchObject({ known: true, bound: 'Measured', replicas: 4 });
    expect(capacity.known && Math.abs(capacity.loadPerReplica / expected - 1)).toBeLessThan(0.02);
  });

  test.each<[string, Past, number]>([
    ['a little more than the largest load after ten minutes', [[40, 0, 40]], 40 * (1 + 0.1 / 6)],
    ['a tenth more than the largest load after an hour', [[40, 0, 250]], 44],
    ['no more than a tenth after a day', [[40, 0, 5760]], 44],
    [
      'counted from the largest load and not from the usual one',
      [
        [40, 0, 240],
        [70, 0.001, 60],
      ],
      70 * 1.025,
    ],
  ])('is at least as much as was carried while nothing was bad: %s', (_name, past, expected) => {
    const capacity = capacityOf(past);
    expect(capacity).toMatchObject({ known: true, bound: 'AtLeast' });
    expect(capacity.known && Math.abs(capacity.loadPerReplica / expected - 1)).toBeLessThan(0.001);
  });

  test.each<[string, Past, string]>([
    ['nothing was seen', [], 'NoEvidence'],
    ['too little was seen', [[40, 0, 3]], 'NoEvidence'],
    [
      'the lowest loads are as bad as the highest',
      [
        [5, 0.05, 50],
        [40, 0.05, 50],
      ],
      'NotFromLoad',
    ],
    [
      'the highest loads are the best',
      [
        [5, 0.2, 50],
        [40, 0.02, 50],
      ],
      'NotFromLoad',
    ],
  ])('is unknown when %s', (_name, past, reason) => {
    expect(capacityOf(past)).toMatchObject({ known: false, reason });
  });

  test('says what it rests on', () => {
    const { evidence } = capacityOf([
      [40, 0, 50],
      [60, 0.02, 50],
    ]);
    expect(evidence.observations).toBeCloseTo(100, -1);
    expect(evidence.highestLoad).toBeCloseTo(60, 3);
    expect(evidence.badShareAtHighest).toBeCloseTo(0.02, 6);
    expect(evidence.badShareAtLowest).toBe(0);
  });

  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const past = fc
    .array(
      fc.tuple(fc.double({ min: 0.01, max: 2000, noNaN: true }), share, fc.integer({ min: 1, max: 30 })),
      {
        maxLength: 20,
      },
    )
    .map((loads) => loads.sort((a, b) => a[0] - b[0]));

  test('is above nothing and at most a tenth more than what was seen', () => {
    fc.assert(
      fc.property(past, share, (loads, slowShare) => {
        const capacity = capacityOf(loads, slowShare);
        if (!capacity.known) return;
        expect(capacity.loadPerReplica).toBeGreaterThan(0);
        const highest = loads.at(-1)?.[0] ?? 0;
        expect(capacity.loadPerReplica).toBeLessThanOrEqual(1.1 * highest * 1.0001);
      }),
    );
  });

  test('does not rise with a stricter objective', () => {
    fc.assert(
      fc.property(past, share, (loads, slowShare) => {
        const loose = capacityOf(loads, slowShare);
        const strict = capacityOf(loads, slowShare / 2);
        if (!strict.known) return;
        expect(loose.known && loose.loadPerReplica).toBeGreaterThanOrEqual(
          strict.loadPerReplica * (1 - 1e-9),
        );
      }),
    );
  });
});
