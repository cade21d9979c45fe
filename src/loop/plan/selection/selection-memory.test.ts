import { policyFixture, specFixture } from '../../../../test/support/loop-fixtures.ts';
import { POLICY_TYPES } from '../../../api/spec/selection.ts';
import { ARMS } from '../arms/arm.ts';
import { adoptSelection, candidatesOf } from './selection-memory.ts';

const listed = {
  policies: [
    { name: 'bold', type: 'Quantile80', priorityPercent: 80 },
    { name: 'careful', type: 'Quantile99' },
  ],
};

describe('what there is to select from', () => {
  test.each(['Requests', 'Metrics'] as const)('is every arm of the class %s in the API', (workloadClass) => {
    expect(POLICY_TYPES[workloadClass]).toEqual(ARMS[workloadClass].map(({ id }) => id));
  });

  test('is everything that fits where nothing is listed', () => {
    const candidates = candidatesOf(specFixture({ selection: {} }));
    expect(candidates.map(({ name }) => name)).toEqual(ARMS.Metrics.map(({ id }) => id));
  });

  test('is what is listed, with its name and priority', () => {
    expect(candidatesOf(specFixture({ selection: listed }))).toMatchObject([
      { name: 'bold', arm: { id: 'Quantile80' }, priority: 0.8 },
      { name: 'careful', arm: { id: 'Quantile99' }, priority: 0.5 },
    ]);
  });
});

describe('an edit of spec.selection', () => {
  const memory = adoptSelection(undefined, policyFixture({ selection: {} }))!;

  test('that changes nothing keeps all that is known', () => {
    expect(adoptSelection(memory, policyFixture({ selection: {} }))).toBe(memory);
  });

  test('to another strategy keeps what was learned', () => {
    const next = adoptSelection(memory, policyFixture({ selection: { strategy: 'UCB1' } }));
    expect(next).toBe(memory);
  });

  test('to fewer policies keeps one in force that stays, and drops one that goes', () => {
    const inForce = (arm: string) => ({ ...memory, inForce: { arm } as never });
    const spec = policyFixture({ selection: listed });
    expect(adoptSelection(inForce('Quantile99'), spec)?.inForce).toEqual({ arm: 'Quantile99' });
    expect(adoptSelection(inForce('Utilization90'), spec)?.inForce).toBeUndefined();
  });

  test('away selects nothing any more', () => {
    expect(adoptSelection(memory, policyFixture())).toBeUndefined();
  });
});
