import fc from 'fast-check';
import { EXPLAINED_AT, explainedObject, statusFixture } from '../../../test/support/explain-fixture.ts';
import { explainedPolicy } from './explained-policy.ts';
import { policyView } from './policy-view.ts';

/** Every place in a value, such as `['decisions', '0', 'stock']`. */
function placesIn(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...placesIn(inner).map((path) => [key, ...path]),
  ]);
}

/** Leaves holes in lists, which are no less wrong than missing fields. */
function withoutPlace(status: object, path: readonly string[]): void {
  const place = path
    .slice(0, -1)
    .reduce<Record<string, unknown> | undefined>(
      (at, key) => at?.[key] as Record<string, unknown> | undefined,
      status as Record<string, unknown>,
    );
  if (place !== undefined) Reflect.deleteProperty(place, path.at(-1) ?? '');
}

test('whatever is missing in a status, nothing undefined is shown', () => {
  const places = placesIn(statusFixture);
  fc.assert(
    fc.property(fc.subarray([...places], { maxLength: 8 }), (missing) => {
      const status = structuredClone(statusFixture);
      for (const path of missing) withoutPlace(status, path);
      const policy = explainedPolicy(explainedObject(status));
      const text = policyView(policy, { now: EXPLAINED_AT, width: 110, decisions: 'All' });
      expect(text).not.toMatch(/undefined|NaN|null|\[object/);
    }),
    { numRuns: 200 },
  );
});
