import fc from 'fast-check';
import {
  contextFixture,
  NOW,
  policyFixture,
  SECOND,
  targetFixture,
} from '../../../test/support/loop-fixtures.ts';
import { GUARDS } from './guards.ts';
import { createScalingHistory, recordRecommendation } from './history.ts';

describe('guards, whatever they look at', () => {
  const replicas = fc.nat(40);
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
    })
    .map(({ past, current, min, range, windows, rolloutInProgress, ...rest }) => {
      const [up, scaleDownWindowSeconds] = windows;
      const policy = policyFixture({
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
      return contextFixture({
        ...rest,
        current,
        policy,
        history,
        scaleDownWindowSeconds,
        target: targetFixture(current, { rolloutInProgress }),
      });
    });

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
