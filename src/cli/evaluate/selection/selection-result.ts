import { estimateValue, type OffPolicyValue } from '../../../loop/knowledge/off-policy/estimate-value.ts';
import type { LoggedChoice } from '../../../loop/knowledge/off-policy/logged-choice.ts';
import {
  createValueSequence,
  observeChoice,
  valueInterval,
} from '../../../loop/knowledge/off-policy/value-sequence.ts';

/** What another strategy would have brought, on one record. */
export interface StrategyValue extends OffPolicyValue {
  /** `namespace/name` of the policy, or the file. */
  readonly record: string;
  readonly strategy: string;
  /** Bounds that hold at all times at once. */
  readonly anyTime: readonly [low: number, high: number];
  /** What it brought where it was really in force; only for logs. */
  readonly truth?: number;
}

const ALPHA = 0.05;

export function judge(
  record: string,
  strategy: string,
  choices: Iterable<LoggedChoice>,
): Omit<StrategyValue, 'truth'> {
  const log = [...choices];
  const sequence = createValueSequence(ALPHA);
  for (const choice of log) observeChoice(sequence, choice);
  return { record, strategy, ...estimateValue(log), anyTime: valueInterval(sequence) };
}
