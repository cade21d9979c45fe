import fc from 'fast-check';
import { contextFixture, policyFixture, targetFixture } from '../../../test/support/loop-fixtures.ts';
import { runChain } from './chain.ts';
import { clamp, PASS, veto, type Guard, type GuardStage, type Verdict } from './guard.ts';
import { GUARDS } from './guards.ts';

function guard(name: string, stage: GuardStage, check: (value: number) => Verdict): Guard {
  return { name, stage, check };
}

const doubled = guard('Doubled', 'Shape', (value) => clamp(value * 2, 'Twice', 'twice as many'));
const stay = guard('Stay', 'Shape', () => veto('Stay', 'not now'));
const open = guard('Open', 'Permit', () => PASS);
const shut = guard('Shut', 'Permit', () => veto('Shut', 'closed'));
const locked = guard('Locked', 'Permit', () => veto('Locked', 'no key'));

describe('runChain', () => {
  test('hands each Shape guard what the one before it left', () => {
    const { recommended, trace, objection } = runChain([doubled, doubled], 3, contextFixture());
    expect(recommended).toBe(12);
    expect(objection).toBeUndefined();
    expect(trace).toEqual([
      {
        guard: 'Doubled',
        outcome: 'Clamp',
        before: 3,
        after: 6,
        reason: 'Twice',
        message: 'twice as many',
      },
      {
        guard: 'Doubled',
        outcome: 'Clamp',
        before: 6,
        after: 12,
        reason: 'Twice',
        message: 'twice as many',
      },
    ]);
  });

  test('takes the veto of a Shape guard for "stay", and is not done with that', () => {
    const { recommended, objection } = runChain([stay, doubled], 3, contextFixture({ current: 7 }));
    expect(recommended).toBe(14);
    expect(objection).toBeUndefined();
  });

  test('shows the recommendation although it may not be written', () => {
    const { recommended, objection } = runChain([doubled, shut], 3, contextFixture({ current: 7 }));
    expect(recommended).toBe(6);
    expect(objection).toEqual({
      guard: 'Shut',
      outcome: 'Veto',
      before: 6,
      after: 7,
      reason: 'Shut',
      message: 'closed',
    });
  });

  test('asks every Permit guard about the same value and names the first objection', () => {
    const { trace, objection } = runChain([open, shut, locked], 3, contextFixture());
    expect(trace.map(({ guard: name, before }) => [name, before])).toEqual([
      ['Open', 3],
      ['Shut', 3],
      ['Locked', 3],
    ]);
    expect(objection?.guard).toBe('Shut');
  });

  test('runs all Shape guards first, however they are mixed', () => {
    const { recommended, trace } = runChain([open, doubled], 3, contextFixture());
    expect(recommended).toBe(6);
    expect(trace.map(({ guard: name }) => name)).toEqual(['Doubled', 'Open']);
  });

  test('a range below the current count lowers nothing without proof', () => {
    const context = contextFixture({
      current: 30,
      target: targetFixture(30),
      mayLower: false,
      doubt: 'x is missing',
    });
    expect(runChain(GUARDS, 30, context).recommended).toBe(30);
    expect(runChain(GUARDS, 30, { ...context, mayLower: true }).recommended).toBe(20);
  });

  test('what the real guards recommend is in the range, or is what there is', () => {
    const property = fc.property(
      fc.nat(100),
      fc.nat(60),
      fc.boolean(),
      fc.option(fc.nat(60), { nil: undefined }),
      (proposed, current, mayLower, reactive) => {
        const policy = policyFixture({ horizontal: { minReplicas: 3, maxReplicas: 12 } });
        const context = contextFixture({ current, mayLower, reactive, policy });
        const { recommended } = runChain(GUARDS, proposed, context);
        if (recommended === current) return;
        expect(recommended).toBeGreaterThanOrEqual(3);
        expect(recommended).toBeLessThanOrEqual(12);
        if (!mayLower) expect(recommended).toBeGreaterThan(current);
      },
    );
    fc.assert(property);
  });
});
