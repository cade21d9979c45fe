import { z } from 'zod';
import { boundedText, statusQuantity, time } from '../schema/fields.ts';
import { MAX_MESSAGE_LENGTH } from '../schema/text.ts';

/** So many open ones are shown: the gravest, then the newest. */
export const MAX_ANOMALIES = 10;

export const anomalyStatus = z.object({
  kind: z
    .enum(['Spike', 'LevelShift', 'FlatLine', 'Missing', 'Degradation', 'Leak', 'Cost', 'Behaviour'])
    .describe(
      "'Spike' and 'LevelShift': a value far from the usual, briefly or for longer than a quarter of an hour; 'FlatLine': a value that " +
        "stopped moving; 'Missing': a value that stopped coming; 'Degradation': slower or more errors than the load explains; 'Leak': " +
        "memory that only grows; 'Cost': more expensive than usual; 'Behaviour': values that do not usually come together.",
    ),
  signal: boundedText(63).describe(
    'What shows it: load, latency, errors, queue, cpu, memory, receive, transmit, cost, or all of them together.',
  ),
  severity: z
    .enum(['Low', 'Medium', 'High'])
    .describe(
      'By how seldom such a value comes without a cause (1 in 100, 1,000 and 10,000), and by whether the objective of the policy suffers.',
    ),
  since: time.describe('When it began.'),
  holds: z.boolean().describe('Whether nothing is lowered because of it.'),
  probability: boundedText(16)
    .optional()
    .describe('How often a value at least as unusual comes by chance, such as 2.1e-6.'),
  expected: statusQuantity.optional().describe("The usual value at this time, in the signal's unit."),
  actual: statusQuantity.optional().describe('The value that was measured.'),
  message: z.string().max(MAX_MESSAGE_LENGTH).describe('The anomaly in one sentence.'),
});
