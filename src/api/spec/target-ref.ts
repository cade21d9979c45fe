import { z } from 'zod';
import { objectName } from '../schema/fields.ts';

export const targetRefSchema = z
  .object({
    apiVersion: z.enum(['apps/v1']).describe('API group and version of the workload.'),
    kind: z.enum(['Deployment', 'StatefulSet']).describe('Kind of the workload.'),
    name: objectName.describe('Name of the workload.'),
  })
  .describe(
    'The workload whose replicas this policy decides, in the namespace of the policy. It may be created later than ' +
      'the policy. A workload belongs to one policy only, and not to a HorizontalPodAutoscaler or ScaledObject besides.',
  );
