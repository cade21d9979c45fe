import { z } from 'zod';
import { boundedText, count, statusQuantity, time } from '../schema/fields.ts';
import { atomicList } from '../schema/rules.ts';
import { MAX_MESSAGE_LENGTH } from '../schema/text.ts';

/** So many open ones are shown: the gravest, then the newest. */
export const MAX_ANOMALIES = 10;

/** So many workloads are named as suspects. */
export const MAX_SUSPECTS = 3;

const firstMoved = z.object({
  signal: boundedText(63).describe('The signal, named as in `signal` of the anomaly.'),
  time: time.describe('When it began to be unusual, to the minute.'),
});

const suspect = z.object({
  workload: boundedText(253).describe('Name of the workload, in the same namespace.'),
  signal: z.enum(['load', 'latency', 'errors']).describe('What is unusual about it.'),
  time: time.describe('When that began, to the minute.'),
  message: z.string().max(MAX_MESSAGE_LENGTH).describe('Why it is suspected, in words.'),
});

const similarAnomaly = z.object({
  time: time.describe('When it began.'),
  durationSeconds: count.describe('How long it lasted.'),
  message: z.string().max(MAX_MESSAGE_LENGTH).describe('How it ended, in words.'),
});

/** A passage is shown up to this length. */
export const MAX_PASSAGE_LENGTH = 500;

const runbook = z.object({
  source: boundedText(317).describe('Where it is from, such as ConfigMap shop/runbook.'),
  title: boundedText(253).describe('Its heading.'),
  text: z.string().max(MAX_PASSAGE_LENGTH).describe('The passage, or its beginning.'),
});

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
  firstMoved: firstMoved
    .optional()
    .describe(
      'Another signal of the workload that became unusual before this one, within a quarter of an hour. Not there when none did.',
    ),
  suspects: atomicList(z.array(suspect).max(MAX_SUSPECTS))
    .optional()
    .describe(
      'Other workloads that may be the cause, the most suspected first: unusual themselves, not later, and called by this one or ' +
        'moving with it. Not there when none is. Only of latency, errors and queue.',
    ),
  similar: similarAnomaly
    .optional()
    .describe('A past anomaly of the workload that began in the same way. Not there when none did.'),
  runbook: runbook
    .optional()
    .describe(
      'The passage of the runbooks that fits best. Not there when none does, or runbooks are not read.',
    ),
});
