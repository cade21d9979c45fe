import type { ConditionReason, ConditionType } from './conditions.ts';
import { statusOf } from './conditions.ts';
import type { Condition } from './policy-status.ts';
import { clip, MAX_MESSAGE_LENGTH } from './schema/text.ts';

/** What is to be said; the status follows from the reason, and the time from the change. */
export interface ConditionUpdate<Type extends ConditionType = ConditionType> {
  readonly type: Type;
  readonly reason: ConditionReason<Type>;
  /** One sentence with the numbers, for people. Clipped to the API's limit. */
  readonly message: string;
  /** `metadata.generation` of the policy that was looked at. */
  readonly observedGeneration: number;
}

/**
 * Returns the conditions with one of them set. `lastTransitionTime` moves only when the status changes. When
 * nothing changes, the very list that came in is returned, so that an unchanged status need not be written.
 * @param now ms since the epoch; times in conditions have whole seconds, as `metav1.Time`.
 */
export function setCondition<Type extends ConditionType>(
  conditions: readonly Condition[],
  update: ConditionUpdate<Type>,
  now: number,
): readonly Condition[] {
  const index = conditions.findIndex(({ type }) => type === update.type);
  const previous = conditions[index];
  const status = statusOf(update.type, update.reason);
  const next: Condition = {
    type: update.type,
    status,
    reason: update.reason,
    message: clip(update.message, MAX_MESSAGE_LENGTH),
    observedGeneration: update.observedGeneration,
    lastTransitionTime: previous?.status === status ? previous.lastTransitionTime : timeText(now),
  };
  if (previous === undefined) return [...conditions, next];
  return same(previous, next) ? conditions : conditions.with(index, next);
}

function same(a: Condition, b: Condition): boolean {
  return (
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.observedGeneration === b.observedGeneration
  );
}

function timeText(now: number): string {
  return new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
