import { GUARDS } from './guard/guards.ts';
import { LoopDriver } from '../../test/support/loop-driver.ts';
import {
  CPU,
  fresh,
  HOUR,
  MINUTE,
  NOW,
  policyFixture,
  REQUESTS,
  SECOND,
  silent,
  stale,
  targetFixture,
  total,
  UNLIMITED,
  usage,
} from '../../test/support/loop-fixtures.ts';

/** 2 to 20 replicas for 50 requests per second each, no rules in the way. */
const driver = (replicas: number, spec: object = {}, change: object = {}): LoopDriver =>
  new LoopDriver(policyFixture({ ...spec }, change), replicas);

describe('demand as measured', () => {
  test('is followed up and down', () => {
    const loop = driver(4);
    loop.tick(430);
    expect(loop.replicas).toBe(9);
    loop.tick(110);
    expect(loop.replicas).toBe(3);
  });

  test('moves nothing within the tolerance', () => {
    const loop = driver(4);
    loop.tick(219);
    expect(loop.effects).toEqual([]);
  });

  test('is kept within the range', () => {
    const loop = driver(4);
    loop.tick(1e308);
    expect(loop.replicas).toBe(20);
    expect(loop.tick(0).planning).toMatchObject({ proposed: 0, recommended: 20 });
    const low = driver(4);
    low.tick(60);
    expect(low.replicas).toBe(2);
  });

  test('waits with a decrease for what was asked for before', () => {
    const behavior = { ...UNLIMITED, scaleDown: {} };
    const loop = driver(9, { horizontal: { minReplicas: 2, maxReplicas: 20, behavior } });
    loop.ticks(20, 110);
    expect(loop.replicas).toBe(9);
    loop.tick(110);
    expect(loop.replicas).toBe(3);
  });

  test('is explained in one decision with everything that led to it', () => {
    const loop = driver(4);
    const { planning } = loop.tick(430);
    const [intent] = loop.all('StoreIntent');
    expect(intent?.decision).toMatchObject({
      at: NOW + 15 * SECOND,
      mode: 'Apply',
      action: 'ScaleUp',
      from: 4,
      to: 9,
      epoch: 1,
      policy: { namespace: 'shop', name: 'web', uid: 'policy-uid', generation: 3 },
      target: { apiVersion: 'apps/v1', kind: 'Deployment', uid: 'target-uid', resourceVersion: '4711' },
      message: 'Up from 4 to 9: requests asks for ceil(430 ÷ 50) = 9.',
    });
    expect(intent?.decision.guards).toBe(planning?.guards);
    expect(planning?.guards).toHaveLength(GUARDS.length);
  });
});

describe('unknown demand', () => {
  test.each([
    ['missing', silent()],
    ['stale', stale(10)],
  ])('holds the replicas: %s', (_name, reading) => {
    const loop = driver(9);
    const { planning } = loop.ticks(100, reading);
    expect(loop.effects).toEqual([]);
    expect(planning).toMatchObject({ reactive: undefined, recommended: 9 });
  });

  test('holds even what is beyond the range, until it is known', () => {
    const loop = driver(30);
    loop.tick(silent());
    expect(loop.replicas).toBe(30);
    loop.ticks(3, 110);
    expect(loop.replicas).toBe(3);
  });

  test('does not stop what the range itself asks for', () => {
    const loop = driver(1);
    loop.tick(silent());
    expect(loop.replicas).toBe(2);
    const [intent] = loop.all('StoreIntent');
    expect(intent?.decision.message).toBe(
      'Up from 1 to 2: no metric speaks. Then Bounds made 1 into 2 (minReplicas is 2).',
    );
  });

  test('of one metric of several does not lower, and does not keep the others from raising', () => {
    const loop = driver(4, { metrics: [CPU, REQUESTS] });
    const pods = loop.target.pods;
    loop.tick([usage(pods, fresh(0.1)), total(silent())]);
    expect(loop.effects).toEqual([]);
    loop.tick([usage(pods, fresh(1)), total(silent())]);
    expect(loop.replicas).toBe(8);
  });

  test('of a tenth of the pods still lowers, of more does not', () => {
    const loop = driver(10, { metrics: [CPU] });
    const pods = loop.target.pods;
    loop.tick([usage(pods.slice(0, 8), fresh(0.01))]);
    expect(loop.effects).toEqual([]);
    for (let i = 0; i < 3; i += 1) loop.tick([usage(pods.slice(0, 9), fresh(0.01))]);
    expect(loop.replicas).toBe(2);
  });

  test('by a pod without a request stops a decrease although its use is measured', () => {
    const loop = driver(30, { metrics: [CPU, REQUESTS] });
    const [first, ...rest] = loop.target.pods;
    const pods = [{ ...first!, requests: {} }, ...rest];
    loop.target = { ...loop.target, pods };
    loop.tick([usage(pods, fresh(0.1)), total(fresh(1500))]);
    expect(loop.effects).toEqual([]);
  });
});

describe('several metrics', () => {
  test('the largest wins', () => {
    const loop = driver(4, { metrics: [CPU, REQUESTS] });
    const { planning } = loop.tick([usage(loop.target.pods, fresh(0.8)), total(fresh(600))]);
    expect(planning?.proposals.map(({ metric, replicas }) => [metric, replicas])).toEqual([
      ['cpu', 7],
      ['requests', 12],
    ]);
    expect(loop.replicas).toBe(12);
  });
});

describe('somebody else', () => {
  test('who owns the replicas is left alone, and the proposal is recorded once', () => {
    const loop = driver(4);
    loop.target = targetFixture(4, { ownership: { rivals: ['HorizontalPodAutoscaler/web'] } });
    const { planning } = loop.ticks(10, 430);
    expect(planning?.objection?.reason).toBe('ConflictingAutoscaler');
    expect(loop.effects.map(({ type }) => type)).toEqual(['RecordProposal']);
  });

  test('who changes the replicas wins for 30 minutes', () => {
    const loop = driver(4);
    loop.tick(200);
    loop.set(8);
    loop.ticks(120, 200);
    expect(loop.replicas).toBe(8);
    const { planning } = loop.tick(200);
    expect(planning?.objection).toBeUndefined();
    expect(loop.replicas).toBe(4);
  });

  test('who changes what the operator did ends the measurement of it', () => {
    const loop = driver(4);
    loop.tick(430);
    loop.set(6);
    const { foreignChange, knowledge } = loop.tick(430);
    expect(foreignChange).toMatchObject({ from: 9, to: 6 });
    expect(knowledge.closed).toMatchObject([{ decision: { to: 9 }, outcome: { result: 'UndoneByPerson' } }]);
  });

  test('who puts the replicas back between two ticks is noticed, and not fought', () => {
    const loop = driver(4);
    loop.tick(430);
    loop.set(4);
    const { planning } = loop.tick(430);
    expect(planning?.objection?.reason).toBe('ManualChange');
    loop.ticks(100, 430);
    expect(loop.replicas).toBe(4);
  });

  test('who scaled the target to zero is left alone', () => {
    const loop = driver(0);
    const { planning } = loop.ticks(10, 430);
    expect(planning?.objection?.reason).toBe('TargetPaused');
    expect(loop.all('StoreIntent')).toEqual([]);
  });

  test('is not taken for one while a cache still shows the past', () => {
    const loop = driver(4);
    const before = loop.target;
    loop.tick(430);
    const { planning, foreignChange } = loop.observe(before, [total(fresh(430))]);
    expect(planning?.objection?.reason).toBe('ActionInFlight');
    expect(foreignChange).toBeUndefined();
    expect(loop.tick(430).foreignChange).toBeUndefined();
    expect(loop.all('StoreIntent')).toHaveLength(1);
    expect(loop.state.execution.phase).toBe('Observing');
  });
});

describe('pace', () => {
  test('the observation comes first', () => {
    const loop = driver(4, { observationSeconds: 300 });
    const { observingForSeconds } = loop.ticks(19, 430);
    expect(observingForSeconds).toBe(15);
    expect(loop.replicas).toBe(4);
    loop.tick(430);
    expect(loop.replicas).toBe(9);
  });

  test('a cooldown keeps changes apart, by their direction', () => {
    const loop = driver(4, { scaleUpCooldownSeconds: 30, scaleDownCooldownSeconds: 60 });
    loop.tick(430);
    loop.tick(600);
    expect(loop.replicas).toBe(9);
    loop.tick(600);
    expect(loop.replicas).toBe(12);
    loop.ticks(3, 110);
    expect(loop.replicas).toBe(12);
    loop.tick(110);
    expect(loop.replicas).toBe(3);
    expect(loop.all('RecordProposal')).toEqual([]);
  });

  test('a limit on actions stops decreases and nothing else', () => {
    const loop = driver(4, { limits: { actionsPerHour: 1 } });
    loop.tick(430);
    expect(loop.tick(110).planning?.objection?.reason).toBe('ActionLimit');
    expect(loop.replicas).toBe(9);
    loop.tick(700);
    expect(loop.replicas).toBe(14);
    loop.now += HOUR;
    loop.tick(110);
    expect(loop.replicas).toBe(3);
  });

  test('a clock that was years ahead does not hold the policy for years', () => {
    const loop = driver(4, { scaleUpCooldownSeconds: 60, limits: { actionsPerHour: 1 } });
    loop.now += 1e5 * HOUR;
    loop.tick(430);
    loop.now = NOW;
    loop.ticks(5, 700);
    expect(loop.replicas).toBe(14);
  });
});

describe('a rollout', () => {
  test('stops a decrease and nothing else', () => {
    const loop = driver(9);
    loop.target = { ...loop.target, rolloutInProgress: true };
    const { planning } = loop.tick(110);
    expect(planning?.guards.find(({ guard }) => guard === 'Rollout')).toMatchObject({
      outcome: 'Veto',
      before: 3,
      after: 9,
    });
    expect(loop.effects).toEqual([]);
    loop.tick(600);
    expect(loop.replicas).toBe(12);
  });
});

describe('a policy that must not act', () => {
  test.each([
    ['in Preview', { mode: 'Preview' }, {}, 'PreviewMode'],
    ['suspended by its spec', { suspend: true }, {}, 'SuspendedBySpec'],
    ['suspended by an annotation', {}, { suspendedByAnnotation: true }, 'SuspendedByAnnotation'],
    ['being deleted', {}, { deleting: true }, 'TargetUnavailable'],
  ])('records each recommendation once: %s', (...[, spec, change, reason]) => {
    const loop = driver(4, spec, change);
    expect(loop.ticks(5, 430).planning?.objection?.reason).toBe(reason);
    loop.ticks(5, 600);
    loop.ticks(5, 200);
    expect(loop.all('RecordProposal').map(({ decision }) => decision.to)).toEqual([9, 12]);
    expect(loop.effects).toHaveLength(2);
    expect(loop.replicas).toBe(4);
  });

  test('in Preview recommends what Apply does', () => {
    const preview = driver(4, { mode: 'Preview' });
    const apply = driver(4);
    preview.tick(430);
    apply.tick(430);
    const [proposed] = preview.all('RecordProposal');
    const [applied] = apply.all('StoreIntent');
    expect(proposed?.decision.message).toBe(applied?.decision.message);
    expect(proposed?.decision.mode).toBe('Preview');
  });

  test.each([
    ['in Apply', {}],
    ['in Preview', { mode: 'Preview' }],
  ])('because another process leads stays silent: %s', (_name, spec) => {
    const loop = driver(4, spec);
    loop.acting = false;
    expect(loop.tick(430).planning?.recommended).toBe(9);
    expect(loop.effects).toEqual([]);
  });
});

describe('the outcome of a decision', () => {
  const objective = { targetPercent: 90, indicators: [{ name: 'latency', query: 'p99', threshold: '300m' }] };

  test.each([
    ['met', 0.2, 'Met'],
    ['violated', 0.4, 'Violated'],
  ])('is measured for the outcome window: %s', (_name, latency, result) => {
    const loop = driver(4, { objective });
    loop.tick(430);
    for (let i = 0; i < 20; i++) loop.tick(430, [fresh(latency)]);
    const [closed] = loop.all('RecordClosed');
    expect(closed?.closed).toMatchObject({
      decision: { to: 9 },
      outcome: { result, observedSeconds: 300, replicaSeconds: 2700 },
    });
    expect(loop.state.execution.phase).toBe('Idle');
  });

  test('is superseded by the next decision', () => {
    const loop = driver(4);
    loop.tick(430);
    loop.tick(600);
    expect(loop.effects.map(({ type }) => type)).toEqual([
      ...['StoreIntent', 'ApplyReplicas', 'RecordApplied', 'Announce'],
      ...['RecordClosed', 'StoreIntent', 'ApplyReplicas', 'RecordApplied', 'Announce'],
    ]);
    expect(loop.all('RecordClosed')[0]?.closed.outcome.result).toBe('Superseded');
  });

  test('ends with its window although the target is gone', () => {
    const loop = driver(4);
    loop.tick(430);
    const gone = { problem: 'NotFound', message: 'Deployment/web is not there' } as const;
    loop.now += 5 * MINUTE - 1;
    expect(loop.observe(gone, []).knowledge.closed).toEqual([]);
    loop.now += 1;
    const { knowledge, execution } = loop.observe(gone, []);
    expect(knowledge.closed).toMatchObject([{ decision: { to: 9 }, outcome: { result: 'Unmeasured' } }]);
    expect(execution.phase).toBe('Idle');
  });

  test('ends when another object takes the place of the target', () => {
    const loop = driver(4);
    loop.tick(430);
    loop.target = targetFixture(9, { uid: 'other' });
    const { knowledge } = loop.tick(430);
    expect(knowledge.closed).toMatchObject([{ decision: { to: 9 }, outcome: { result: 'Unmeasured' } }]);
  });
});

describe('another object in the place of the target', () => {
  test('is observed anew', () => {
    const loop = new LoopDriver(policyFixture({ observationSeconds: 300 }), 4, {
      observedSince: NOW - HOUR,
      targetUid: 'target-uid',
    });
    expect(loop.tick(200).observingForSeconds).toBe(0);
    loop.target = targetFixture(7, { uid: 'other' });
    const { observingForSeconds, foreignChange } = loop.tick(200);
    expect(observingForSeconds).toBe(300);
    expect(foreignChange).toBeUndefined();
    expect(loop.state.demands[0]?.forecaster.clock.samples).toBe(1);
  });
});

describe('without a target', () => {
  test.each(['NotFound', 'Forbidden', 'Unreachable', 'UnsupportedKind', 'Replaced'] as const)(
    'nothing is decided: %s',
    (problem) => {
      const loop = driver(4);
      const report = loop.observe({ problem, message: 'why' }, [total(fresh(430))]);
      expect(loop.effects).toEqual([]);
      expect(report).toMatchObject({ target: { problem }, execution: { phase: 'Idle' } });
      expect(report.planning).toBeUndefined();
    },
  );
});
