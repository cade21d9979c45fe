import { LoopDriver } from '../../test/support/loop-driver.ts';
import { HOUR, MINUTE, policyFixture, REQUESTS } from '../../test/support/loop-fixtures.ts';
import { ARMS } from './plan/arms/arm.ts';
import type { MemoryEffect } from './loop-effect.ts';

const policy = policyFixture({
  metrics: [REQUESTS],
  horizontal: { minReplicas: 1, maxReplicas: 20 },
  observationSeconds: 0,
});

type Of<Type extends MemoryEffect['type']> = Extract<MemoryEffect, { type: Type }>;

function asked<Type extends MemoryEffect['type']>(loop: LoopDriver, type: Type): readonly Of<Type>[] {
  return loop.asked.filter((effect): effect is Of<Type> => effect.type === type);
}

/** Two hours: the load doubles after the first. */
function played(): LoopDriver {
  const loop = new LoopDriver(policy, 4);
  const begin = loop.now;
  while (loop.now < begin + 2 * HOUR) loop.tick(loop.now < begin + HOUR ? 180 : 360);
  return loop;
}

describe('what a tick gives to memory', () => {
  const loop = played();

  test('is a situation for each window that is over, with every arm', () => {
    const situations = asked(loop, 'RecordSituation').map(({ situation }) => situation);
    expect(situations.length).toBeGreaterThanOrEqual(3);
    const rise = situations.find(({ action }) => action.to > action.from);
    expect(rise).toMatchObject({
      workloadClass: 'Metrics',
      action: { from: 4, to: 8, arm: 'Utilization100' },
    });
    for (const { arms, embedding, summary } of situations) {
      expect(arms.map(({ arm }) => arm)).toEqual(ARMS.Metrics.map(({ id }) => id));
      expect(embedding.every(Number.isFinite)).toBe(true);
      expect(summary).not.toBe('');
    }
    for (const [index, { at }] of situations.slice(1).entries()) {
      expect(at - (situations[index]?.at ?? 0)).toBeLessThanOrEqual(30 * MINUTE);
    }
  });

  test('is a question six times a window, about what was known then', () => {
    const queries = asked(loop, 'AskMemory').map(({ query }) => query);
    expect(queries).toHaveLength(24);
    expect(queries[0]).toMatchObject({
      policy: { uid: policy.uid },
      sharing: 'Namespace',
      kind: 'Deployment',
    });
  });

  test('is what came of each applied decision, once', () => {
    const applied = loop.all('RecordApplied').map(({ decision }) => decision.id);
    const attributed = asked(loop, 'RecordAttribution').map(({ attributed: one }) => one.decisionId);
    expect(applied.length).toBeGreaterThan(0);
    expect(attributed).toEqual(applied);
  });

  test('is nothing where nothing is remembered, and the decisions are the same', () => {
    const forgetful = new LoopDriver(policy, 4);
    forgetful.situationWindowSeconds = undefined;
    const begin = forgetful.now;
    while (forgetful.now < begin + 2 * HOUR) forgetful.tick(forgetful.now < begin + HOUR ? 180 : 360);
    expect(forgetful.asked).toEqual(forgetful.effects);
    expect(forgetful.effects).toEqual(loop.effects);
  });

  test('of a standby is no question', () => {
    const standby = new LoopDriver(policy, 4);
    standby.acting = false;
    standby.ticks(40, 180);
    expect(asked(standby, 'AskMemory')).toEqual([]);
  });
});
