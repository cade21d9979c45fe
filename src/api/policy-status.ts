import { z } from 'zod';
import { CONDITION_STATUSES, CONDITION_TYPES } from './conditions.ts';
import { boundedText, largeCount, time } from './schema/fields.ts';
import { mapList } from './schema/rules.ts';
import { MAX_MESSAGE_LENGTH } from './schema/text.ts';
import { decisionSchema, pendingSchema } from './status/decision.ts';
import { workloadSchema } from './status/workload.ts';

/** `metav1.Condition`; the reasons of this operator's conditions are in conditions.ts. */
const conditionSchema = z.object({
  type: boundedText(316).describe(`What the condition is about: ${CONDITION_TYPES.join(', ')}.`),
  status: z.enum(CONDITION_STATUSES).describe('Whether the condition holds.'),
  reason: boundedText(256)
    .regex(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/)
    .describe('Why, in one word for programs. The reference page lists the reasons of each type.'),
  message: z.string().max(MAX_MESSAGE_LENGTH).describe('Why, in words for people.'),
  observedGeneration: largeCount.describe('Generation of the policy that the condition was computed from.'),
  lastTransitionTime: time.describe('When the status last changed.'),
});

/** What the operator reports. Users and programs read it; only the operator writes it. */
export const policyStatusSchema = z
  .object({
    observedGeneration: largeCount
      .optional()
      .describe('Generation of the policy that this status belongs to.'),
    conditions: mapList(z.array(conditionSchema).max(16), 'type')
      .optional()
      .describe('State of the policy, one condition for each question. `Ready` sums them up.'),
    workloads: mapList(z.array(workloadSchema).max(16), 'apiVersion', 'kind', 'name')
      .optional()
      .describe('What is known of the workload and recommended for it.'),
    pending: pendingSchema
      .optional()
      .describe('The change that is under way: intended or applied, and not measured to its end yet.'),
    decisions: mapList(z.array(decisionSchema).max(10), 'id')
      .optional()
      .describe('The last decisions, newest first, each with all that led to it and what came of it.'),
  })
  .describe('What the operator found, recommends and did.');

export type PolicyStatus = z.output<typeof policyStatusSchema>;
export type Condition = z.output<typeof conditionSchema>;
