import { LoopDriver } from '../../test/support/loop-driver.ts';
import { HOUR, MINUTE, policyFixture, REQUESTS, silent } from '../../test/support/loop-fixtures.ts';
import type { Situation } from './knowledge/situation.ts';
import type { LoopReport } from './report.ts';

const policy = (selection: object | undefined, change: object = {}) =>
  policyFixture({
    metrics: [REQUESTS],
    horizontal: { minReplicas: 1, maxReplicas: 40 },
    observationSeconds: 0,
    forecast: { mode: 'Auto' },
    ...(selection === undefined ? {} : { selection }),
    ...change,
  });

/** So many hours, one tick after the other. @param demand by the time since the beginning, ms */
function play(loop: LoopDriver, hours: number, demand: (ms: number) => number): LoopReport {
  const begin = loop.now;
  let report: LoopReport | undefined;
  while (loop.now < begin + hours * HOUR) report = loop.tick(demand(loop.now - begin));
  return report!;
}

const situations = (loop: LoopDriver): readonly Situation[] =>
  loop.asked.flatMap((effect) => (effect.type === 'RecordSituation' ? [effect.situation] : []));

const TWO = {
  policies: [
    { name: 'ahead', type: 'Quantile99' },
    { name: 'plain', type: 'Utilization100' },
  ],
};

describe('a policy that selects', () => {
  test('begins with what its spec says, and tells why', () => {
    const loop = new LoopDriver(policy({}), 4);
    const report = play(loop, 0.1, () => 180);
    expect(report.selection?.inForce).toMatchObject({
      arm: 'Quantile95',
      strategy: 'Ranked',
      fellBack: true,
      propensity: 1,
      forced: { reason: 'ExplorationOff' },
    });
  });

  test('scales as the policy in force has it', () => {
    const only = { policies: [{ name: 'roomy', type: 'Utilization70' }] };
    const loop = new LoopDriver(policy(only), 4);
    const report = play(loop, 0.5, () => 700);
    // 700 ÷ (0.7 × 50) = 20, where the metric alone asks for 14.
    expect(loop.replicas).toBe(20);
    expect(report.planning).toMatchObject({ reactive: 14, proposed: 20 });
    expect(loop.all('StoreIntent').at(-1)?.decision.message).toContain(
      '20: serves the load just measured at 70 % of what replicas carry',
    );
  });

  test('goes by replay once a window is over, and jumps and calm end with different policies', () => {
    const arms = (['jumps', 'calm'] as const).map((nature) => {
      const loop = new LoopDriver(policy(TWO), 4);
      // Twice as much for four minutes of twelve, sooner than replicas start; against a straight line.
      const jumps = (ms: number): number => (ms % (12 * MINUTE) > 8 * MINUTE ? 700 : 350);
      const report = play(loop, 24, nature === 'jumps' ? jumps : () => 400);
      expect(report.selection?.inForce?.strategy).toBe('Replay');
      return report.selection?.inForce?.arm;
    });
    expect(arms).toEqual(['Quantile99', 'Utilization100']);
  });

  test('remembers with each window which policy was in force, and how likely each was', () => {
    const loop = new LoopDriver(policy(TWO), 4);
    play(loop, 3, () => 100);
    const [first, ...others] = situations(loop);
    expect(others.length).toBeGreaterThan(2);
    for (const { action, choice } of [first!, ...others]) {
      expect(choice).toMatchObject({ arm: action.arm, explored: false });
      const chances = choice!.arms.map(({ propensity }) => propensity);
      expect(chances.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
    }
  });

  test('makes the same choices again for the same events', () => {
    const run = (): readonly unknown[] => {
      const loop = new LoopDriver(policy({ strategy: 'ThompsonSampling', exploration: { percent: 50 } }), 4);
      play(loop, 6, (ms) => 100 + 50 * Math.sin(ms / HOUR));
      return situations(loop).map(({ choice }) => choice);
    };
    expect(run()).toEqual(run());
  });

  test('holds what was in force while demand is not known', () => {
    const loop = new LoopDriver(policy(TWO), 4);
    play(loop, 1, () => 100);
    const before = loop.state.selection?.inForce;
    let report: LoopReport | undefined;
    for (let i = 0; i < 200; i += 1) report = loop.tick(silent());
    expect(report?.selection).toMatchObject({ inForce: before, last: { kind: 'Held', reason: 'AllVetoed' } });
  });

  test('learns nothing from rewards while it only previews, and from replay all the same', () => {
    const loop = new LoopDriver(policy(TWO, { mode: 'Preview' }), 4);
    play(loop, 3, () => 100);
    const { learned } = loop.state.selection!;
    expect(learned.tally.sums.subarray(0, 3 * 2).every((sum) => sum === 0)).toBe(true);
    expect(learned.replay.sums.some((sum) => sum > 0)).toBe(true);
  });

  test('tries nothing beside what it believes the best without an objective that tells how much it may', () => {
    const loop = new LoopDriver(policy({ ...TWO, exploration: { percent: 50 } }), 4);
    const report = play(loop, 6, () => 100);
    expect(report.selection?.inForce?.forced).toMatchObject({
      reason: 'ExplorationForbidden',
      message: expect.stringContaining('ObjectiveUnknown') as string,
    });
  });

  test('keeps what it knows through an edit of something else, and forgets it with the target', () => {
    const loop = new LoopDriver(policy(TWO), 4);
    play(loop, 3, () => 100);
    const known = loop.state.selection;
    loop.policy = policy(TWO, { scaleDownCooldownSeconds: 90 });
    play(loop, 0.1, () => 100);
    expect(loop.state.selection).toBe(known);
    loop.target = { ...loop.target, uid: 'another' };
    play(loop, 0.1, () => 100);
    expect(loop.state.selection).not.toBe(known);
  });
});

test('a policy that selects nothing has nothing to tell of it', () => {
  const loop = new LoopDriver(policy(undefined), 4);
  const report = play(loop, 2, () => 100);
  expect(report.selection).toBeUndefined();
  expect(situations(loop).every(({ choice }) => choice === undefined)).toBe(true);
});
