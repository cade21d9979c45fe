import { z } from 'zod';
import type { metricSchema } from './spec/metrics.ts';
import { anomalySchema } from './spec/anomaly.ts';
import { horizontalSchema } from './spec/horizontal.ts';
import { metricsSchema } from './spec/metrics.ts';
import { objectiveSchema } from './spec/objective.ts';
import { POLICY_TYPES, selectionSchema } from './spec/selection.ts';
import { withRules } from './schema/rules.ts';
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
    tier: z
      .enum(['Auto', 'Full', 'Light'])
      .default('Auto')
      .describe(
        "How much the forecaster remembers: 'Full' learns the shape of days and weeks minute by minute, 'Light' needs a quarter of " +
          "the memory and is slightly less exact. 'Auto' gives the full one to as many workloads as the operator is allowed.",
      ),
  })
  .prefault({})
  .describe('Scaling ahead of demand. A forecast only ever adds replicas to what the measured load needs.');

const shape = z.object({
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
  anomaly: anomalySchema,
  selection: selectionSchema,
  knowledge: z
    .object({
      sharing: z
        .enum(['Namespace', 'Cluster'])
        .default('Namespace')
        .describe(
          "Whose past situations may advise this policy: those of its own namespace, or of every namespace whose policies say 'Cluster' too.",
        ),
      reclaimPolicy: z
        .enum(['Retain', 'Delete'])
        .default('Retain')
        .describe(
          "What becomes of what is remembered when the policy is deleted: 'Retain' keeps it until it is too old, 'Delete' deletes it too.",
        ),
    })
    .prefault({})
    .describe('What is remembered of past situations, and with whom it is shared.'),
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
        .describe(
          'Changes of the workload in an hour after which nothing is lowered until the hour is over. Increases never wait.',
        ),
    })
    .prefault({})
    .describe('Bounds on the activity of the operator itself.'),
});

function celList(values: readonly string[]): string {
  return `[${values.map((value) => `'${value}'`).join(', ')}]`;
}

/** The shape that users write. CRD, reference page and the chart's copy are generated from it. */
export const policySpecSchema = withRules(shape, [
  {
    cel: 'size(self.metrics) > 0 || has(self.objective) && has(self.objective.requests)',
    message: 'must contain a metric when there is no `objective.requests`',
    holds: ({ metrics, objective }) => metrics.length > 0 || objective?.requests !== undefined,
    field: 'metrics',
  },
  {
    cel: "self.horizontal.minReplicas > 0 || has(self.objective) && has(self.objective.requests) || self.metrics.exists(m, m.type == 'Prometheus')",
    message:
      'must not be 0 when every metric is measured on the pods themselves: without a pod nothing would ask for one; use a query or `objective.requests`',
    holds: ({ metrics, objective, horizontal }) =>
      horizontal.minReplicas > 0 ||
      objective?.requests !== undefined ||
      metrics.some(({ type }) => type === 'Prometheus'),
    field: 'horizontal.minReplicas',
  },
  {
    cel:
      '!has(self.selection) || !has(self.selection.policies) || self.selection.policies.all(p, p.type in ' +
      `(has(self.objective) && has(self.objective.requests) ? ${celList(POLICY_TYPES.Requests)} : ${celList(POLICY_TYPES.Metrics)}))`,
    message:
      `must have types out of ${POLICY_TYPES.Requests.join(', ')} with \`objective.requests\`, ` +
      `and out of ${POLICY_TYPES.Metrics.join(', ')} without it`,
    holds: ({ selection, objective }) => {
      const types: readonly string[] =
        objective?.requests === undefined ? POLICY_TYPES.Metrics : POLICY_TYPES.Requests;
      return (selection?.policies ?? []).every(({ type }) => types.includes(type));
    },
    field: 'selection.policies',
  },
]).describe('What the user wants.');

export type PolicySpec = z.output<typeof policySpecSchema>;
export type MetricSpec = z.output<typeof metricSchema>;
