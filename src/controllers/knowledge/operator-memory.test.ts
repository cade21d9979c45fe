import { decisionFixture } from '../../../test/support/decision-fixtures.ts';
import { NOW, policyFixture } from '../../../test/support/loop-fixtures.ts';
import { endedAnomalyFixture } from '../../../test/support/memory-fixtures.ts';
import { situationFixture } from '../../../test/support/situation-fixture.ts';
import type { FeatureRow } from '../../adapters/lancedb/feature-batch.ts';
import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import type { AttributedOutcome } from '../../loop/knowledge/reward/decision-attribution.ts';
import type { DecisionReward } from '../../loop/knowledge/reward/decision-reward.ts';
import type { Situation } from '../../loop/knowledge/situation.ts';
import { operatorMemory } from './operator-memory.ts';
import type { PolicyMemory } from './policy-memory.ts';

const policy = policyFixture();
const features = new Float32Array(18);

let journaled: JournalRecord[];
let indexed: Situation[];
let rows: FeatureRow[];
let warnings: unknown[];
let rewarded: DecisionReward[];
let journalFails: boolean;
let memory: PolicyMemory;

beforeEach(() => {
  journaled = [];
  indexed = [];
  rows = [];
  warnings = [];
  rewarded = [];
  journalFails = false;
  memory = operatorMemory({
    index: { remember: (situation) => indexed.push(situation), recall: () => undefined },
    journal: {
      append: (record) => {
        if (journalFails) return Promise.reject(new Error('no space left'));
        journaled.push(record);
        return Promise.resolve();
      },
    },
    store: { appendFeatures: (more) => rows.push(...more) },
    log: { warn: (_, fields) => warnings.push(fields) },
    onReward: (reward) => rewarded.push(reward),
    runbookFor: () => undefined,
  });
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function attributed(decisionId: string, change: Partial<AttributedOutcome> = {}): AttributedOutcome {
  const { outcome } = situationFixture();
  return {
    decisionId,
    endedAt: NOW + 900_000,
    end: 'Complete',
    share: 1,
    outcome,
    censored: [],
    baseline: {
      arm: 'Utilization60',
      replicaSeconds: 1.2 * outcome.replicaSeconds,
      badRequests: 20,
      violatedSeconds: 0,
      replicasChanged: 3,
    },
    ...change,
  };
}

describe('the operator’s memory', () => {
  test('has a situation at once, and the journal has it too', async () => {
    const situation = situationFixture();
    memory.rememberSituation(situation);
    await settled();
    expect(indexed).toEqual([situation]);
    expect(journaled).toMatchObject([{ kind: 'Situation', situation: { id: situation.id } }]);
  });

  test('keeps anomalies that are over', async () => {
    memory.rememberAnomaly(endedAnomalyFixture('a1'));
    await settled();
    expect(journaled).toMatchObject([{ kind: 'Anomaly', anomaly: { id: 'a1' } }]);
  });

  test.each([
    ['the decision comes first', ['applied', 'attributed']],
    ['what came of it does, as after a restart', ['attributed', 'applied']],
  ])('gives a decision its reward once, when %s', async (_, order) => {
    for (const half of [...order, ...order]) {
      if (half === 'applied') memory.rememberApplied(decisionFixture('d1'), undefined);
      else memory.rememberAttribution(attributed('d1'));
    }
    await settled();
    expect(rewarded).toMatchObject([{ decisionId: 'd1', end: 'Complete', censored: [] }]);
    expect(journaled).toMatchObject([{ kind: 'Rewarded', reward: { decisionId: 'd1' } }]);
  });

  test('a decision whose outcome does not count gets no number for it', async () => {
    memory.rememberApplied(decisionFixture('d1'), { allowedShare: 0.01, replicaHourPrice: undefined });
    memory.rememberAttribution(attributed('d1', { censored: ['Override'] }));
    await settled();
    expect(rewarded).toMatchObject([{ reward: null, advantage: null, succeeded: null }]);
  });

  test('features are kept once a minute, with their own time', () => {
    for (const seconds of [5, 20, 50, 65, 80]) {
      memory.rememberFeatures(policy, NOW + 1000 * seconds, features);
    }
    expect(rows.map(({ at }) => (at - NOW) / 1000)).toEqual([5, 65]);
    memory.release(policy.uid);
    memory.rememberFeatures(policy, NOW + 90_000, features);
    expect(rows).toHaveLength(3);
  });

  test('a journal that fails, or a situation that cannot be written, is told of and disturbs nobody', async () => {
    journalFails = true;
    memory.rememberAnomaly(endedAnomalyFixture('a1'));
    journalFails = false;
    memory.rememberSituation(situationFixture({ embedding: new Float32Array(3) }));
    await settled();
    expect(warnings).toHaveLength(2);
    expect(journaled).toEqual([]);
  });
});
