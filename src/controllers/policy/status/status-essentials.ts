import { policyStatusSchema, type PolicyStatus } from '../../../api/policy-status.ts';
import { setCondition } from '../../../api/set-condition.ts';

/**
 * What the next leader needs, and why there is no more: for an API server that refuses the status as a whole, such as one
 * whose CustomResourceDefinition was not upgraded with the operator. What it holds of workloads stays as it was.
 * @param refusal what the API server said
 * @param now ms since the epoch
 */
export function essentialStatus(
  { observedGeneration = 0, pending, decisions, conditions = [] }: PolicyStatus,
  refusal: string,
  now: number,
): PolicyStatus {
  return {
    observedGeneration,
    ...(decisions && { decisions }),
    ...(pending && { pending }),
    conditions: [
      ...setCondition(
        conditions.filter(({ type }) => type === 'Degraded'),
        { type: 'Degraded', reason: 'StatusRefused', message: refusal, observedGeneration },
        now,
      ),
    ],
  };
}

/** What of a stored status can be read: of another version's, the members that this one knows. */
export function understoodStatus(stored: unknown): PolicyStatus {
  const whole = policyStatusSchema.safeParse(stored ?? {});
  if (whole.success) return whole.data;
  const unreadable = new Set(whole.error.issues.map(({ path }) => path[0]));
  if (typeof stored !== 'object' || unreadable.has(undefined)) return {};
  const rest = Object.entries(stored ?? {}).filter(([member]) => !unreadable.has(member));
  const readable = policyStatusSchema.safeParse(Object.fromEntries(rest));
  return readable.success ? readable.data : {};
}
