import type { ObjectiveTerms } from '../../loop/monitor/objective.ts';
import type { Decision } from '../../loop/execute/decision.ts';
import type { AttributedOutcome } from '../../loop/knowledge/reward/decision-attribution.ts';
import {
  decisionReward,
  type DecisionOnTarget,
  type DecisionReward,
} from '../../loop/knowledge/reward/decision-reward.ts';
import {
  createOutcomeJoiner,
  expireHalves,
  joinHalf,
  type JoinReport,
  type OutcomeJoiner,
} from '../../loop/knowledge/reward/outcome-joiner.ts';

/** Sixteen decisions of each of a thousand policies. */
const MAX_PENDING = 16_384;

/** The longest window of a decision is that of a pod that starts in an hour, and what it came to may be told late. */
const WAIT_MS = 2 * 3_600_000;

/**
 * Brings decisions and what came of them together, in whatever order they are told: after a restart the window of a
 * decision goes on from the checkpoint, and the decision is read from the journal.
 */
export class DecisionRewards {
  readonly #joiner: OutcomeJoiner<DecisionOnTarget, AttributedOutcome> = createOutcomeJoiner(MAX_PENDING);
  readonly #report: (reward: DecisionReward) => void;

  constructor(report: (reward: DecisionReward) => void) {
    this.#report = report;
  }

  applied(decision: Decision, terms: ObjectiveTerms | undefined): void {
    const { id: decisionId, at } = decision;
    this.#tell(joinHalf(this.#joiner, half('Decision', decisionId, at, { decision: { decision, terms } })));
  }

  attributed(outcome: AttributedOutcome): void {
    const { decisionId, endedAt } = outcome;
    this.#tell(joinHalf(this.#joiner, half('Outcome', decisionId, endedAt, { outcome })));
    expireHalves(this.#joiner, endedAt);
  }

  /** Of the others nothing can be said: one half was lost with an earlier process. */
  #tell(reports: readonly JoinReport<DecisionOnTarget, AttributedOutcome>[]): void {
    for (const report of reports) {
      if (report.result === 'Joined') this.#report(decisionReward(report.decision, report.outcome));
    }
  }
}

function half<const Which extends string, Rest extends object>(
  which: Which,
  decisionId: string,
  at: number,
  rest: Rest,
) {
  return { half: which, decisionId, waitUntil: at + WAIT_MS, ...rest };
}
