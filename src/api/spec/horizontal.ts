import { z } from 'zod';
import { withRules } from '../schema/rules.ts';
import { behaviorSchema } from './behavior.ts';

/** A bound that no real workload reaches, and that keeps every sum of replicas far from int32's end. */
const MOST_REPLICAS = 100_000;

const shape = z.object({
  minReplicas: z
    .int32()
    .min(1)
    .max(MOST_REPLICAS)
    .default(1)
    .describe('Never fewer replicas than this. A workload that somebody scaled to 0 is left alone.'),
  maxReplicas: z
    .int32()
    .min(1)
    .max(MOST_REPLICAS)
    .describe('Never more replicas than this. Must not be less than `minReplicas`.'),
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
