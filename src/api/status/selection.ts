import { z } from 'zod';
import { boundedText, count, time } from '../schema/fields.ts';
import { mapList } from '../schema/rules.ts';
import { MAX_MESSAGE_LENGTH } from '../schema/text.ts';
import { STRATEGIES } from '../spec/selection.ts';

const percent = z.int32().min(0).max(100);

const candidateStatus = z.object({
  name: boundedText(63).describe('Name of the policy.'),
  expectedPercent: percent
    .optional()
    .describe(
      'What it is expected to bring in a window: 100 costs what a clairvoyant would have and violates nothing, 0 is as bad as eight times that ' +
        'cost. Not there while nothing is known.',
    ),
  plusMinusPercent: percent.optional().describe('How far the truth may be from it, 95 times in a hundred.'),
  replayPercent: percent
    .optional()
    .describe(
      "What it would have brought in this workload's own past windows, by replay of the demand that came.",
    ),
  similarPercent: percent
    .optional()
    .describe('What it would have brought in similar situations of the past.'),
  livePercent: percent.optional().describe('What it really brought while it was in force.'),
  scorePercent: percent.describe(
    '0.5 × success rate + 0.3 × priority + 0.2 × recency: decides where nothing better knows, and ties.',
  ),
  chancePercent: percent.describe('How likely it was to be chosen.'),
  message: z.string().max(MAX_MESSAGE_LENGTH).optional().describe('Why it was not allowed.'),
});

const explored = z.object({
  tried: count.describe('Windows in which another policy than the best one was tried.'),
  heldBack: count.describe('Windows in which trying was refused because it could have cost too much.'),
  lostPercent: z
    .int32()
    .min(-100)
    .max(100)
    .optional()
    .describe(
      'How much less those windows brought than the best policy would have; negative when they brought more. Not there while none can be ' +
        'compared.',
    ),
});

/** The way to scale that is in force, and why. */
export const selectionStatus = z.object({
  policy: boundedText(63)
    .optional()
    .describe(
      'Name of the policy in force. Not there before the first choice: the spec itself says how to scale.',
    ),
  strategy: z
    .enum(STRATEGIES)
    .optional()
    .describe('What was gone by; a simpler one than asked for while nothing is known.'),
  since: time.optional().describe('When it was chosen.'),
  chancePercent: percent.optional().describe('How likely it was to be chosen.'),
  champion: boundedText(63).optional().describe('What would be in force if nothing were ever tried.'),
  message: z.string().max(MAX_MESSAGE_LENGTH).describe('Why this one and not the others.'),
  candidates: mapList(z.array(candidateStatus).max(16), 'name')
    .optional()
    .describe('All that there was to choose from, the best first.'),
  explored: explored.optional().describe('What trying has come to. Not there where nothing was tried.'),
});
