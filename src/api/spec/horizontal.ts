import { z } from 'zod';
import { withRules } from '../schema/rules.ts';
import { behaviorSchema } from './behavior.ts';

/** A bound that no real workload reaches, and that keeps every sum of replicas far from int32's end. */
const MOST_REPLICAS = 100_000;

const shape = z.object({
  minReplicas: z
    .int32()
    .min(0)
    .max(MOST_REPLICAS)
    .default(1)
    .describe(
      'Never fewer replicas than this. With 0 a workload without load gives all its replicas back, and gets one as soon as there ' +
        'is load again. Otherwise a workload that somebody scaled to 0 is left alone.',
    ),
  maxReplicas: z
    .int32()
    .min(1)
    .max(MOST_REPLICAS)
    .describe('Never more replicas than this. Must not be less than `minReplicas`.'),
  profile: z
    .enum(['Responsive', 'Balanced', 'Calm'])
    .default('Balanced')
    .describe(
      "How soon replicas are given back where `objective.requests` is set: 'Responsive' at once, at the least cost and with the most " +
        "changes; 'Balanced' after a minute without need; 'Calm' leaves small decreases out as well.",
    ),
  behavior: behaviorSchema,
});

export const horizontalSchema = withRules(shape, [
  {
    cel: 'self.minReplicas <= self.maxReplicas',
    message: '`minReplicas` must not be greater than `maxReplicas`',
    holds: ({ minReplicas, maxReplicas }) => minReplicas <= maxReplicas,
    field: 'minReplicas',
  },
]).describe('Bounds and speed of the number of replicas.');
