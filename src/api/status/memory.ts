import { z } from 'zod';
import { boundedText, count, time } from '../schema/fields.ts';
import { atomicList } from '../schema/rules.ts';
import { MAX_MESSAGE_LENGTH } from '../schema/text.ts';

/** So many similar situations are shown with the workload, the nearest first, and so many with a decision. */
export const MAX_NEIGHBOURS = 5;
export const MAX_DECISION_NEIGHBOURS = 3;

const neighbour = z.object({
  time: time.describe('When that window began.'),
  policy: boundedText(317).describe('Namespace and name of the policy that it was of.'),
  workload: boundedText(317).describe('Kind and name of its workload.'),
  similarityPercent: z
    .int32()
    .min(0)
    .max(100)
    .describe(
      'How alike it was: 100 for the same in every number that describes a situation, 50 at the end of what counts as similar.',
    ),
  from: count.describe('Replicas at its beginning.'),
  to: count.describe('Replicas at its end.'),
  result: z
    .enum(['Succeeded', 'Failed', 'Unknown'])
    .describe(
      "'Succeeded': the objective was met, nothing had to be undone, and it cost no more than an HPA would have. 'Failed': one of these " +
        "was not so. 'Unknown': not measured, or something else had a hand in it.",
    ),
  message: z.string().max(MAX_MESSAGE_LENGTH).describe('What was done and what came of it, in one sentence.'),
});

const similar = {
  similar: count.describe('Similar windows of the past of which it is known how they ended.'),
  succeeded: count.describe('How many of them succeeded.'),
  confidence: z
    .enum(['None', 'Low', 'Medium', 'High'])
    .describe('How much they say: by their number, how alike they are, and how much they agree.'),
  bestArm: boundedText(63)
    .optional()
    .describe(
      'What would have cost least in them, bad requests counted at the usual price: a profile, a quantile of the forecast ' +
        '(Quantile95) or an HPA at a share of the capacity (Utilization60). Not there while too little is known.',
    ),
  message: z.string().max(MAX_MESSAGE_LENGTH).describe('The same in one sentence.'),
};

const neighbours = (most: number) =>
  atomicList(z.array(neighbour).max(most)).describe('The most similar ones, the nearest first.');

/** What is remembered of situations like the present one. */
export const memorySchema = z.object({ ...similar, neighbours: neighbours(MAX_NEIGHBOURS) });

/** What was remembered when a decision was taken. */
export const decisionMemorySchema = z.object({
  ...similar,
  neighbours: neighbours(MAX_DECISION_NEIGHBOURS),
});
