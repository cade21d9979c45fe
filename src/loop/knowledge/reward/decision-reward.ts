import type { Decision } from '../../execute/decision.ts';
import type { JournalRecord } from '../../execute/journal-record.ts';
import type { ObjectiveTerms } from '../../monitor/objective.ts';
import type { ArmOutcome, Censoring, RawOutcome } from '../situation.ts';
import type { AttributedOutcome, AttributionEnd } from './decision-attribution.ts';
import { rewardOf } from './reward.ts';

/** A decision that has reached its target, with what its policy promised then. */
export interface DecisionOnTarget {
  readonly decision: Pick<Decision, 'id' | 'policy' | 'target' | 'action' | 'from' | 'to'>;
  readonly terms: ObjectiveTerms | undefined;
}

/** What a decision is given for what came of it. Raw numbers beside the reward: what counts can be weighted anew later. */
export interface DecisionReward {
  readonly decisionId: string;
  /** When its window was over, ms since the epoch. */
  readonly at: number;
  readonly policy: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly workload: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly action: Decision['action'];
  readonly from: number;
  readonly to: number;
  readonly end: AttributionEnd;
  /** Part of its whole window that was its own, 0 … 1. */
  readonly share: number;
  readonly outcome: RawOutcome;
  /** What the baseline would have come to in the same time; null where that is not known. */
  readonly baseline: ArmOutcome | null;
  readonly censored: readonly Censoring[];
  /** 0 … 1; null where nobody can tell: never zero. */
  readonly reward: number | null;
  /** Above 0 it was better than the baseline. */
  readonly advantage: number | null;
  readonly succeeded: boolean | null;
}

export function decisionReward(
  { decision, terms }: DecisionOnTarget,
  attributed: AttributedOutcome,
): DecisionReward {
  const { id: decisionId, policy, target, action, from, to } = decision;
  const { endedAt: at, end, share, outcome, censored, baseline } = attributed;
  const { reward, advantage, success } = rewardOf({ outcome, censored, baseline, terms, share });
  return {
    decisionId,
    at,
    policy: { namespace: policy.namespace, name: policy.name, uid: policy.uid },
    workload: { kind: target.kind, name: target.name, uid: target.uid },
    action,
    from,
    to,
    end,
    share,
    outcome,
    baseline: baseline ?? null,
    censored,
    reward: reward ?? null,
    advantage: advantage ?? null,
    succeeded: success ?? null,
  };
}

/** What the journal keeps of it. */
export function rewardRecord(reward: DecisionReward): JournalRecord {
  return { kind: 'Rewarded', reward };
}
