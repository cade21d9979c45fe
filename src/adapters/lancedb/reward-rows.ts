import type { DecisionReward } from '../../loop/knowledge/reward/decision-reward.ts';
import { checksumOf } from './checksum.ts';
import { wellFormed } from './json-value.ts';
import type { RewardRow } from './row-types.ts';
import { outcomeColumns, ownerColumns } from './shared-columns.ts';
import { checksumColumns, DEFINITIONS } from './table-definitions.ts';

const REWARD_CHECKSUM = checksumColumns(DEFINITIONS.rewards);

/** The row of what a decision was given for what came of it. @throws TypeError when it lacks a field. */
export function rewardRow(reward: DecisionReward): RewardRow {
  const { outcome, baseline } = reward;
  const row = {
    decision_id: wellFormed(reward.decisionId),
    at: reward.at,
    ...ownerColumns(reward),
    action: reward.action,
    from_replicas: reward.from,
    to_replicas: reward.to,
    ending: reward.end,
    share: reward.share,
    ...outcomeColumns(outcome),
    baseline_arm: baseline === null ? null : wellFormed(baseline.arm),
    baseline_replica_seconds: baseline?.replicaSeconds ?? null,
    baseline_bad_requests: baseline?.badRequests ?? null,
    baseline_violated_seconds: baseline?.violatedSeconds ?? null,
    censored: reward.censored,
    reward: reward.reward,
    advantage: reward.advantage,
    succeeded: reward.succeeded === null ? null : Number(reward.succeeded),
  };
  return { ...row, checksum: checksumOf(row, REWARD_CHECKSUM) };
}
