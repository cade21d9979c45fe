import fc from 'fast-check';
import {
  contextFixture,
  HOUR,
  MINUTE,
  NOW,
  policyFixture,
  SECOND,
  targetFixture,
} from '../../../test/support/loop-fixtures.ts';
import { runChain } from './chain.ts';
import type { FleetView } from './fleet-view.ts';
import { GUARDS } from './guards.ts';
import { createScalingHistory, recordRecommendation, recordScaleEvent } from './history.ts';
import type { SafetyFacts } from './safety.ts';

const replicas = fc.nat(40);
const ago = fc.nat(60).map((minutes) => NOW - minutes * MINUTE);
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const anySafety: fc.Arbitrary<SafetyFacts> = fc.record({
  settling: fc.constantFrom(0, 0, 0, 2),
  knownSince: fc.oneof(
    { weight: 4, arbitrary: fc.constant(NOW - HOUR) },
    { weight: 1, arbitrary: sometimes(ago) },
  ),
  fall: sometimes(fc.record({ at: ago, message: fc.constant('demand fell') })),
  budget: fc.record({
    badNow: sometimes(fc.constant('bad')),
    burning: sometimes(fc.constant('burning')),
    badShare: sometimes(fc.double({ min: 0, max: 1, noNaN: true })),
  }),
  shortage: sometimes(fc.constant('no node')),
  rollbacks: fc.record({
    times: fc.array(ago, { maxLength: 3 }),
    judged: fc.constant(undefined),
    floor: sometimes(fc.record({ at: ago, replicas, message: fc.constant('it hurt') })),
    pause: sometimes(fc.record({ at: ago, ms: fc.nat(HOUR) })),
  }),
});

const anyFleet: fc.Arbitrary<FleetView> = fc.record({
  doubt: sometimes(fc.constant({ since: NOW, until: NOW + HOUR, message: 'all drop' })),
  asked: fc.boolean(),
  slotFree: fc.boolean(),
  slots: fc.constant(5),
});

describe('guards, whatever they look at', () => {
  const anyContext = fc
    .record({
      current: replicas,
      reactive: fc.option(replicas, { nil: undefined }),
      mayLower: fc.boolean(),
      rolloutInProgress: fc.boolean(),
      past: fc.array(fc.tuple(replicas, fc.nat(600))),
      min: fc.integer({ min: 1, max: 10 }),
      range: fc.nat(20),
      windows: fc.tuple(fc.nat(300), fc.nat(300)),
      changes: fc.array(fc.tuple(replicas, replicas, fc.nat(900)), { maxLength: 5 }),
      safety: anySafety,
      fleet: fc.option(anyFleet, { nil: undefined }),
      observationSeconds: fc.constantFrom(0, 300),
    })
    .map(
      ({ past, changes, current, min, range, windows, rolloutInProgress, observationSeconds, ...rest }) => {
        const [up, scaleDownWindowSeconds] = windows;
        const policy = policyFixture({
          observationSeconds,
          horizontal: {
            minReplicas: min,
            maxReplicas: min + range,
            behavior: {
              scaleUp: { stabilizationWindowSeconds: up },
            },
          },
        });
        const history = createScalingHistory();
        for (const [count, ago] of past.toSorted((a, b) => b[1] - a[1])) {
          recordRecommendation(history, NOW - ago * SECOND, count);
        }
        for (const [from, to, ago] of changes.toSorted((a, b) => b[2] - a[2])) {
          recordScaleEvent(history, NOW - ago * SECOND, from, to);
        }
        return contextFixture({
          ...rest,
          current,
          policy,
          history,
          scaleDownWindowSeconds,
          target: targetFixture(current, { rolloutInProgress }),
        });
      },
    );

  test.each(GUARDS.filter(({ stage }) => stage === 'Shape').map(({ name, check }) => [name, check] as const))(
    '%s changes nothing when it is asked again',
    (_name, check) => {
      fc.assert(
        fc.property(replicas, anyContext, (value, context) => {
          const after = (before: number): number => {
            const verdict = check(before, context);
            if (verdict.outcome === 'Pass') return before;
            return verdict.outcome === 'Clamp' ? verdict.value : context.current;
          };
          expect(after(after(value))).toBe(after(value));
        }),
      );
    },
  );

  const anyNumber = fc.oneof(
    { weight: 4, arbitrary: replicas },
    { weight: 1, arbitrary: fc.double() },
    { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324, -0) },
  );

  test('the chain answers with a count within the range, or stays where it is', () => {
    fc.assert(
      fc.property(anyNumber, anyContext, (value, context) => {
        const { recommended } = runChain(GUARDS, value, context);
        const { minReplicas, maxReplicas } = context.policy.spec.horizontal;
        expect(Number.isInteger(recommended)).toBe(true);
        if (recommended === context.current) return;
        expect(recommended).toBeGreaterThanOrEqual(minReplicas);
        expect(recommended).toBeLessThanOrEqual(maxReplicas);
      }),
      { numRuns: 1000 },
    );
  });

  test('the chain changes nothing about its own answer', () => {
    fc.assert(
      fc.property(anyNumber, anyContext, (value, context) => {
        const once = runChain(GUARDS, value, context).recommended;
        expect(runChain(GUARDS, once, context).recommended).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  test('the chain never answers less to more demand', () => {
    fc.assert(
      fc.property(fc.tuple(anyNumber, anyNumber), replicas, anyContext, (pair, more, context) => {
        const [low, high] = pair.map((value) => (Number.isNaN(value) ? context.current : value));
        const [less, greater] = [Math.min(low ?? 0, high ?? 0), Math.max(low ?? 0, high ?? 0)];
        const reactive = context.reactive === undefined ? undefined : context.reactive + more;
        expect(runChain(GUARDS, greater, { ...context, reactive }).recommended).toBeGreaterThanOrEqual(
          runChain(GUARDS, less, context).recommended,
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('fewer replicas are only ever answered on proof, and against no doubt', () => {
    let lowered = 0;
    fc.assert(
      fc.property(anyNumber, anyContext, (value, context) => {
        const { current, mayLower, safety, fleet, target } = context;
        if (runChain(GUARDS, value, context).recommended >= current) return;
        lowered += 1;
        expect({ mayLower, settling: safety.settling, rollingOut: target.rolloutInProgress }).toEqual({
          mayLower: true,
          settling: 0,
          rollingOut: false,
        });
        expect([safety.budget.badNow, safety.budget.burning, fleet?.doubt]).toEqual(
          new Array(3).fill(undefined),
        );
      }),
      { numRuns: 2000 },
    );
    expect(lowered).toBeGreaterThan(20);
  });

  test('no guard that permits ever looks at the value in a way that moves it', () => {
    fc.assert(
      fc.property(replicas, anyContext, (value, context) => {
        const verdicts = GUARDS.filter(({ stage }) => stage === 'Permit').map(({ check }) =>
          check(value, context),
        );
        expect(verdicts.map(({ outcome }) => outcome)).not.toContain('Clamp');
      }),
    );
  });
});
