import type { FeatureRow } from '../../adapters/lancedb/feature-batch.ts';
import type { Logger } from '../../adapters/log/logger.ts';
import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import { anomalyRecord } from '../../loop/knowledge/ended-anomaly.ts';
import { situationRecord } from '../../loop/knowledge/situation-record.ts';
import { rewardRecord, type DecisionReward } from '../../loop/knowledge/reward/decision-reward.ts';
import { DecisionRewards } from './decision-rewards.ts';
import type { FindRunbook, PolicyMemory } from './policy-memory.ts';
import type { SituationIndex } from './situation-index.ts';

export interface OperatorMemoryOptions {
  readonly index: Pick<SituationIndex, 'remember' | 'recall'>;
  readonly journal: { readonly append: (record: JournalRecord) => Promise<void> };
  readonly store: { readonly appendFeatures: (rows: Iterable<FeatureRow>) => void };
  readonly log: Pick<Logger, 'warn'>;
  readonly onReward: (reward: DecisionReward) => void;
  readonly runbookFor: FindRunbook;
}

const MINUTE_MS = 60_000;

/**
 * What the loop wants to be remembered goes to the journal, and from there to the store; features, which Prometheus can
 * give again, go to the store directly. A journal that fails is told of: the policies' conditions say what follows.
 */
export function operatorMemory({
  index,
  journal,
  store,
  log,
  onReward,
  runbookFor,
}: OperatorMemoryOptions): PolicyMemory {
  const keep = async (record: () => JournalRecord): Promise<void> => {
    try {
      await journal.append(record());
    } catch (error) {
      log.warn('Could not write what is to be remembered', { error: String(error) });
    }
  };
  const rewards = new DecisionRewards((reward) => {
    void keep(() => rewardRecord(reward));
    onReward(reward);
  });
  /** Minute of the last features of each policy. */
  const minutes = new Map<string, number>();
  return {
    rememberSituation: (situation) => {
      index.remember(situation);
      void keep(() => situationRecord(situation));
    },
    rememberAnomaly: (anomaly) => {
      void keep(() => anomalyRecord(anomaly));
    },
    rememberApplied: (decision, terms) => {
      rewards.applied(decision, terms);
    },
    rememberAttribution: (attributed) => {
      rewards.attributed(attributed);
    },
    rememberFeatures: ({ namespace, name, uid }, at, features) => {
      const minute = Math.floor(at / MINUTE_MS);
      if (minutes.get(uid) === minute) return;
      minutes.set(uid, minute);
      // Of their own time and not of the minute's beginning: nobody may know them sooner than they were.
      store.appendFeatures([{ policy: { namespace, name, uid }, at, values: features }]);
    },
    release: (policyUid) => {
      minutes.delete(policyUid);
    },
    recall: (query) => index.recall(query),
    runbookFor,
  };
}
