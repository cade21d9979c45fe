import fc from 'fast-check';
import {
  fresh,
  NOW,
  podsFixture,
  SECOND,
  silent,
  stale,
  targetFixture,
  total,
  usage,
} from '../../../test/support/loop-fixtures.ts';
import { demandOf } from './demand.ts';
import type { MetricObservation, PodView } from './observation.ts';
import { missing } from './reading.ts';

/** Ten ready pods of which the first so many report 2 each. */
function reported(reporting: number, extra: readonly PodView[] = []): ReturnType<typeof demandOf> {
  const pods = podsFixture(10);
  const target = targetFixture(10, { pods: [...pods, ...extra] });
  const observation: MetricObservation = {
    type: 'Resource',
    usage: [...pods, ...extra].map(({ name }, index) => {
      return {
        pod: name,
        reading: index < reporting || index >= 10 ? fresh(2, NOW - index * SECOND) : silent(),
      };
    }),
  };
  return demandOf(observation, target);
}

describe('demand of a resource', () => {
  test.each([
    ['all pods report: their sum', 10, 20, 1],
    ['nine of ten report: as if the tenth used as much', 9, 20, 0.9],
    ['half of them report: the least that a total is made of', 5, 20, 0.5],
  ])('when %s', (_name, reporting, value, coverage) => {
    expect(reported(reporting)).toEqual({ total: fresh(value, NOW - (reporting - 1) * SECOND), coverage });
  });

  test('is unknown when less than half of the ready pods report', () => {
    expect(reported(4)).toEqual({
      total: missing('LowCoverage', '4 of 10 ready pods report'),
      coverage: 0.4,
    });
  });

  test('is as old as its oldest part', () => {
    expect(reported(10).total).toMatchObject({ at: NOW - 9 * SECOND });
  });

  test.each([
    ['are not ready', { ready: false }],
    ['are ending', { deleting: true }],
  ])('leaves pods out that %s', (_name, change) => {
    const extra = podsFixture(3, change).map((pod, index) => ({ ...pod, name: `other-${index}` }));
    expect(reported(10, extra)).toMatchObject({ total: { value: 20 }, coverage: 1 });
  });

  test('takes a stale sample for none', () => {
    const pods = podsFixture(4);
    const observation = usage(pods, stale(2));
    expect(demandOf(observation, targetFixture(4, { pods }))).toMatchObject({
      total: { quality: 'Missing' },
      coverage: 0,
    });
  });

  test('is unknown, and not zero, when no pod is ready', () => {
    const target = targetFixture(2, { pods: podsFixture(2, { ready: false }) });
    expect(demandOf(usage(target.pods, fresh(1)), target)).toEqual({
      total: missing('NoData', 'no pod of the target is ready'),
      coverage: 0,
    });
  });

  test('is unknown when the whole answer failed', () => {
    const failure = missing('QueryFailed', 'timed out after 5 s');
    expect(demandOf({ type: 'Resource', usage: [], failure }, targetFixture(3))).toEqual({
      total: failure,
      coverage: 0,
    });
  });

  test('is unknown when the sum is beyond all numbers', () => {
    const target = targetFixture(3);
    expect(demandOf(usage(target.pods, fresh(1e308)), target)).toMatchObject({
      total: { quality: 'Missing', reason: 'NotANumber', message: 'the sum over 3 pods is Infinity' },
    });
  });

  test('is never less than what was measured, and in proportion to coverage', () => {
    const property = fc.property(
      fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 }),
      fc.nat(30),
      (values, gaps) => {
        const pods = podsFixture(values.length + gaps);
        const observation: MetricObservation = {
          type: 'Resource',
          usage: values.map((value, index) => ({ pod: `web-${index}`, reading: fresh(value) })),
        };
        const { total: found, coverage } = demandOf(observation, targetFixture(pods.length, { pods }));
        const sum = values.reduce((a, b) => a + b, 0);
        expect(coverage).toBeCloseTo(values.length / pods.length);
        if (found.quality === 'Fresh') expect(found.value * coverage).toBeCloseTo(sum, 3);
        else expect(coverage).toBeLessThan(0.5);
      },
    );
    fc.assert(property);
  });
});

describe('demand of a query', () => {
  test.each([
    ['fresh', fresh(412), 1],
    ['stale', stale(412), 0],
    ['missing', silent(), 0],
  ])('is its answer, with its quality: %s', (_name, reading, coverage) => {
    expect(demandOf(total(reading), targetFixture(3))).toEqual({ total: reading, coverage });
  });
});
