import { z } from 'zod';

// The shape that users write. Everything generated (CRD, reference, chart) comes from here.

const quantity = z.string().max(32);

export const targetRefSchema = z.object({
  apiVersion: z.enum(['apps/v1']),
  kind: z.enum(['Deployment', 'StatefulSet']),
  name: z.string().min(1).max(253),
});

const resourceMetric = z.object({
  name: z.enum(['cpu', 'memory']),
  target: z.object({
    type: z.enum(['Utilization', 'AverageValue']),
    averageUtilization: z.int32().min(1).max(1000).optional(),
    averageValue: quantity.optional(),
  }),
});

const prometheusMetric = z.object({
  name: z.string().min(1).max(63),
  query: z.string().min(1).max(4096),
  target: z.object({ type: z.enum(['AverageValue']), averageValue: quantity }),
});

export const metricSchema = z.object({
  type: z.enum(['Resource', 'Prometheus']),
  resource: resourceMetric.optional(),
  prometheus: prometheusMetric.optional(),
});

const scalingPolicy = z.object({
  type: z.enum(['Pods', 'Percent']),
  value: z.int32().min(1).max(1_000_000),
  periodSeconds: z.int32().min(1).max(1800),
});

export const scalingRulesSchema = z.object({
  stabilizationWindowSeconds: z.int32().min(0).max(3600).optional(),
  selectPolicy: z.enum(['Max', 'Min', 'Disabled']).optional(),
  policies: z.array(scalingPolicy).max(8).optional(),
  tolerance: quantity.optional(),
});

export const policySpecSchema = z.object({
  targetRef: targetRefSchema,
  mode: z.enum(['Preview', 'Apply']).default('Preview'),
  suspend: z.boolean().default(false),
  metrics: z.array(metricSchema).min(1).max(8),
  horizontal: z.object({
    minReplicas: z.int32().min(1).max(100_000).default(1),
    maxReplicas: z.int32().min(1).max(100_000),
    behavior: z
      .object({ scaleUp: scalingRulesSchema.prefault({}), scaleDown: scalingRulesSchema.prefault({}) })
      .prefault({}),
  }),
  forecast: z
    .object({
      mode: z.enum(['Auto', 'Disabled']).default('Auto'),
      confidencePercent: z.int32().min(50).max(99).default(95),
      startupSeconds: z.int32().min(1).max(3600).optional(),
    })
    .prefault({}),
  objective: z
    .object({
      targetPercent: z.int32().min(1).max(100).default(99),
      indicators: z
        .array(
          z.object({
            name: z.string().min(1).max(63),
            query: z.string().min(1).max(4096),
            comparison: z.enum(['AtMost', 'AtLeast']).default('AtMost'),
            threshold: quantity,
          }),
        )
        .min(1)
        .max(4),
      replicaHourPrice: quantity.optional(),
    })
    .optional(),
  observationSeconds: z.int32().min(0).max(86_400).default(300),
  scaleUpCooldownSeconds: z.int32().min(0).max(3600).default(15),
  scaleDownCooldownSeconds: z.int32().min(0).max(3600).default(60),
  limits: z.object({ actionsPerHour: z.int32().min(1).max(240).default(60) }).prefault({}),
});

export type PolicySpec = z.output<typeof policySpecSchema>;
export type MetricSpec = PolicySpec['metrics'][number];
export type ScalingRules = z.output<typeof scalingRulesSchema>;
