import { z } from 'zod';
import { time } from './schema/fields.ts';

/**
 * The part of `metadata` that the operator reads. The API server has validated it; the shape is checked here
 * all the same, because a policy may also come from a file.
 */
export const policyMetadataSchema = z.object({
  name: z.string().min(1).max(253),
  namespace: z.string().min(1).max(63),
  uid: z.string().min(1).max(128),
  generation: z.int().min(1),
  resourceVersion: z.string().min(1).max(128),
  annotations: z.record(z.string(), z.string()).default({}),
  creationTimestamp: time,
  deletionTimestamp: time.optional(),
});

export type PolicyMetadata = z.output<typeof policyMetadataSchema>;
