import { z } from 'zod';
import { shortName } from '../schema/fields.ts';
import { mapList, withRules } from '../schema/rules.ts';

/** Ways to find replicas that a workload can be given, by how its load is known. */
export const POLICY_TYPES = {
  Requests: [
    'Responsive',
    'Balanced',
    'Calm',
    'Quantile80',
    'Quantile90',
    'Quantile95',
    'Quantile99',
    'Utilization50',
    'Utilization60',
    'Utilization70',
    'Utilization80',
  ],
  Metrics: [
    'Quantile80',
    'Quantile90',
    'Quantile95',
    'Quantile99',
    'Utilization70',
    'Utilization80',
    'Utilization90',
    'Utilization100',
  ],
} as const;

const ALL_TYPES = [...new Set([...POLICY_TYPES.Requests, ...POLICY_TYPES.Metrics])];

export const STRATEGIES = [
  'Replay',
  'Ranked',
  'EpsilonGreedy',
  'UCB1',
  'KLUCB',
  'ThompsonSampling',
  'LinearThompson',
  'LinUCB',
] as const;

const candidate = z.object({
  name: shortName.describe('Name of the policy in status and events.'),
  type: z
    .enum(ALL_TYPES)
    .describe(
      "How it finds the replicas. 'Responsive', 'Balanced' and 'Calm' are the profiles of `horizontal.profile` and need `objective.requests`; " +
        "'Quantile95' serves the 95 % bound of the coming peak; 'Utilization60' keeps the measured load at 60 % of what replicas carry, " +
        "'Utilization90' at 90 % of the metric's target. What the load just measured needs is never undercut.",
    ),
  priorityPercent: z
    .int32()
    .min(0)
    .max(100)
    .default(50)
    .describe("How much it is to be preferred as far as `strategy` 'Ranked', and ties, go by it."),
});

const candidates = withRules(mapList(z.array(candidate).min(1).max(16), 'name'), [
  {
    cel: 'self.all(p, self.exists_one(q, q.type == p.type))',
    message: 'must not repeat a value of `type`: two policies of one type are the same policy',
    holds: (items) => new Set(items.map(({ type }) => type)).size === items.length,
  },
]);

const exploration = z
  .object({
    percent: z
      .int32()
      .min(0)
      .max(50)
      .default(0)
      .describe(
        'In how many of a hundred windows at most another policy than the best one is tried. 0 never tries: past windows are replayed for every ' +
          'policy anyway.',
      ),
    lossPercent: z
      .int32()
      .min(0)
      .max(20)
      .default(5)
      .describe(
        'How much of what the best policy alone would have brought trying may cost, at most, at any time.',
      ),
  })
  .prefault({})
  .describe(
    'Trying policies that are not believed the best. Only while the objective has budget left, nothing is unusual, nothing rolls out, and the ' +
      'loss stays within its bound.',
  );

/** Left out: the policy keeps to `horizontal.profile` and `forecast`. */
export const selectionSchema = z
  .object({
    strategy: z
      .enum(STRATEGIES)
      .default('Replay')
      .describe(
        "What is gone by: 'Replay', what every policy would have come to in the windows just past and in similar ones; 'Ranked', success, priority and " +
          'recency; the others, what really came of each policy while it was in force.',
      ),
    policies: candidates.optional().describe('What to select from. All that fit the workload when left out.'),
    exploration,
  })
  .optional()
  .describe(
    'Selecting, window by window, the way to scale that does best for this workload. When left out, `horizontal.profile` and `forecast` say how.',
  );
