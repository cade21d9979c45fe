import type { ConditionReason } from '../../../api/conditions.ts';
import type { LoopReport } from '../../../loop/report.ts';
import { quantityText } from './quantity-text.ts';

/** Fewer windows show chance. */
const LEAST_WINDOWS = 8;
/**
 * Arms are mostly some hundredths apart: a replay that is wrong by a tenth cannot tell them apart. Beside 0.05, the error that a
 * replay is taken to have before any window was compared.
 */
const MOST_ERROR = 0.1;

/** Whether what replay promised of the selected policies has come true. */
export function replayTrusted({ target, selection }: LoopReport): {
  readonly reason: ConditionReason<'ReplayTrusted'>;
  readonly message: string;
} {
  if ('problem' in target)
    return { reason: 'TargetUnavailable', message: 'without a target nothing is measured' };
  if (selection === undefined) return { reason: 'NotSelecting', message: 'the policy has no spec.selection' };
  const { windows, bias, size } = selection.disagreement;
  if (windows < LEAST_WINDOWS)
    return {
      reason: 'TooFewWindows',
      message: `${Math.floor(windows)} of ${LEAST_WINDOWS} windows could be compared with their replay so far`,
    };
  const told =
    `of 100 that a window can bring, replay was off by ${quantityText(100 * size)} ` +
    `(${bias > 0 ? 'too good' : 'too bad'} by ${quantityText(100 * Math.abs(bias))} on average)`;
  if (size <= MOST_ERROR) return { reason: 'AsReplayed', message: told };
  return { reason: 'OtherwiseThanReplayed', message: `${told}: what is selected by it may not be the best` };
}
