import { z } from 'zod';
import type { metricSchema } from './spec/metrics.ts';
import { horizontalSchema } from './spec/horizontal.ts';
import { metricsSchema } from './spec/metrics.ts';
import { objectiveSchema } from './spec/objective.ts';
import { targetRefSchema } from './spec/target-ref.ts';

export type { ScalingRules } from './spec/behavior.ts';

const forecastSchema = z
  .object({
    mode: z
      .enum(['Auto', 'Disabled'])
      .default('Auto')
      .describe(
        "'Auto' scales up ahead of a forecast rise as soon as forecasts have proved reliable; 'Disabled' follows the measured load only.",
      ),
    confidencePercent: z
      .int32()
      .min(50)
      .max(99)
      .default(95)
      .describe(
        'How sure to be that the forecast peak is covered. Higher keeps more spare replicas; lower accepts more moments of shortage.',
      ),
    startupSeconds: z
      .int32()
      .min(1)
      .max(3600)
      .optional()
      .describe(
        'Time from ordering a replica until it serves, which is how far ahead the forecast must look. Measured from the pods when not set.',
      ),
  })
  .prefault({})
  .describe('Scaling ahead of demand. A forecast only ever adds replicas to what the measured load needs.');

/** The shape that users write. CRD, reference page and the chart's copy are generated from it. */
export const policySpecSchema = z
  .object({
    targetRef: targetRefSchema,
    mode: z
      .enum(['Preview', 'Apply'])
      .default('Preview')
      .describe(
        "'Preview' decides, explains and measures, but changes nothing; 'Apply' also changes the replicas of the workload.",
      ),
    suspend: z
      .boolean()
      .default(false)
      .describe(
        "Stops changing the workload and keeps learning. The annotation autonomic.dev/suspend: 'true' on the policy does the same.",
      ),
    metrics: metricsSchema,
    horizontal: horizontalSchema,
    forecast: forecastSchema,
    objective: objectiveSchema,
    observationSeconds: z
      .int32()
      .min(0)
      .max(86_400)
      .default(300)
      .describe('How long to watch the workload before the first change.'),
    scaleUpCooldownSeconds: z
      .int32()
      .min(0)
      .max(3600)
      .default(15)
      .describe('Shortest time between a change and the next scale-up.'),
    scaleDownCooldownSeconds: z
      .int32()
      .min(0)
      .max(3600)
      .default(60)
      .describe('Shortest time between a change and the next scale-down.'),
    limits: z
      .object({
        actionsPerHour: z
          .int32()
          .min(1)
          .max(240)
          .default(60)
          .describe('Most changes of the workload in any hour; further ones wait.'),
      })
      .prefault({})
      .describe('Bounds on the activity of the operator itself.'),
  })
  .describe('What the user wants.');

export type PolicySpec = z.output<typeof policySpecSchema>;
export type MetricSpec = z.output<typeof metricSchema>;
