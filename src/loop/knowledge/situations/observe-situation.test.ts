import { MINUTE, NOW, SECOND } from '../../../../test/support/loop-fixtures.ts';
import { momentFixture } from '../../../../test/support/outcome-moments.ts';
import { ARMS } from '../../plan/arms/arm.ts';
import { EMBEDDING_DIMENSIONS, type Situation } from '../situation.ts';
import { observeSituation, type SituationMoment } from './observe-situation.ts';
import { createSituationMemory } from './situation-memory.ts';
import { windowEnd } from './window-grid.ts';

const UID = 'policy-uid';
const TICK = 15 * SECOND;
/** The first whole window of this policy. */
const START = windowEnd(UID, NOW, 30 * MINUTE);

type Change = Partial<SituationMoment> & {
  readonly demand?: number;
  readonly at?: Partial<SituationMoment['moment']>;
};

function seen(now: number, { demand = 30, at = {}, ...change }: Change = {}): SituationMoment {
  return {
    policy: { namespace: 'shop', name: 'web', uid: UID },
    workload: { kind: 'Deployment', name: 'web', uid: 'target-uid' },
    workloadClass: 'Metrics',
    terms: { allowedShare: 0.05, replicaHourPrice: undefined },
    moment: momentFixture({ ...at, now }),
    startupSeconds: 60,
    windowMs: 30 * MINUTE,
    inputs: {
      workloadClass: 'Metrics',
      minReplicas: 1,
      maxReplicas: 50,
      floor: Math.ceil(demand / 10),
      loads: [{ demand, target: 10, peaks: undefined }],
    },
    appearance: () => ({
      embedding: new Float32Array(EMBEDDING_DIMENSIONS).fill(demand / 10),
      summary: `demand ${demand}`,
      arm: 'Quantile95',
    }),
    ...change,
  };
}

/** From `from` to `to` tick by tick; what was closed on the way. */
function watch(from: number, to: number, at: (now: number) => Change = () => ({})): readonly Situation[] {
  const memory = createSituationMemory();
  const closed: Situation[] = [];
  for (let now = from; now <= to; now += TICK) {
    const { situation } = observeSituation(memory, seen(now, at(now)));
    if (situation !== undefined) closed.push(situation);
  }
  return closed;
}

const oneWindow = (at?: (now: number) => Change): Situation => {
  const [situation, ...others] = watch(START, START + 30 * MINUTE, at);
  expect(others).toEqual([]);
  expect(situation).toBeDefined();
  return situation!;
};

describe('a window of a workload', () => {
  test('tells how it began, what was done, what every arm would have come to, and what came', () => {
    const situation = oneWindow((now) => ({
      demand: now < START + 10 * MINUTE ? 30 : 60,
      at: { replicas: now < START + 12 * MINUTE ? 3 : 6 },
    }));
    expect(situation).toMatchObject({
      id: `${UID}/${START}`,
      at: START,
      summary: 'demand 30',
      action: { from: 3, to: 6, peak: 6, arm: 'Quantile95' },
      oracleReplicaSeconds: 3 * 585 + 6 * 1215,
      demand: 30 * 585 + 60 * 1215,
      outcome: { windowSeconds: 1800, replicasChanged: 3, changes: 1, violatedSeconds: 0 },
      censored: [],
      succeeded: true,
    });
    expect(situation.embedding[0]).toBe(3);
    expect(situation.arms.map(({ arm }) => arm)).toEqual(ARMS.Metrics.map(({ id }) => id));
    expect(situation.arms.at(-1)).toMatchObject({ arm: 'Utilization100', replicasChanged: 3 });
  });

  test('follows the one before it without a gap', () => {
    const closed = watch(START, START + 95 * MINUTE);
    expect(closed.map(({ at }) => (at - START) / MINUTE)).toEqual([0, 30, 60]);
  });

  test.each([
    ['shorter than ten minutes is not told', 9, 0],
    ['of ten minutes and more is', 11, 1],
  ])('%s', (_, minutes, count) => {
    expect(watch(START - minutes * MINUTE, START)).toHaveLength(count);
  });

  test('in which demand was silent for long compares no arms, and says why it does not count', () => {
    const dark = (now: number): boolean => now > START + 10 * MINUTE && now < START + 20 * MINUTE;
    const situation = oneWindow((now) => (dark(now) ? { inputs: undefined, at: { covered: false } } : {}));
    expect(situation).toMatchObject({ arms: [], censored: ['Gap'] });
  });

  test.each([
    ['somebody changed the replicas', { overridden: true }, 'Override'],
    ['pods were replaced', { rolloutInProgress: true }, 'Rollout'],
    ['a node was lost', { nodeLost: true }, 'NodeLoss'],
    ['the policy was edited', { policyGeneration: 9 }, 'SpecChanged'],
  ])('in which %s says so', (_, at, reason) => {
    const tenth = START + 10 * MINUTE;
    const situation = oneWindow((now) => (now === tenth || now === tenth + TICK ? { at } : {}));
    expect(situation.censored).toEqual([reason]);
  });

  test('ends with its target', () => {
    const replaced = { kind: 'Deployment', name: 'web', uid: 'another-uid' };
    const closed = watch(START, START + 16 * MINUTE, (now) =>
      now > START + 12 * MINUTE ? { workload: replaced, at: { targetUid: 'another-uid' } } : {},
    );
    expect(closed).toMatchObject([{ workload: { uid: 'target-uid' }, censored: ['TargetReplaced'] }]);
  });

  test('is forgotten when the clock steps back before it', () => {
    const memory = createSituationMemory();
    for (let now = START; now < START + 8 * MINUTE; now += TICK) observeSituation(memory, seen(now));
    expect(observeSituation(memory, seen(START - 60 * MINUTE)).situation).toBeUndefined();
    expect(memory.open?.began.at).toBe(START - 60 * MINUTE);
  });
});
