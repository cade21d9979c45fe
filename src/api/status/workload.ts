import { z } from 'zod';
import { boundedText, count, statusQuantity } from '../schema/fields.ts';
import { mapList } from '../schema/rules.ts';
import { MAX_MESSAGE_LENGTH } from '../schema/text.ts';
import { predictionsSchema } from './prediction.ts';

const percent = z.int32().min(0).max(100);

const metricStatus = z.object({
  name: boundedText(63).describe('Name of the metric: that of the resource or of the query.'),
  type: z.enum(['Resource', 'Prometheus']).describe('Where the number comes from.'),
  quality: z
    .enum(['Fresh', 'Stale', 'Missing'])
    .describe(
      'How far the number may be trusted. There is no number while it is Missing: unknown is not zero.',
    ),
  current: statusQuantity
    .optional()
    .describe('Value per pod in the unit of the target: percent for Utilization, an amount otherwise.'),
  target: statusQuantity.describe('The target, in the same unit.'),
  replicas: count.optional().describe('Replicas that this metric alone asks for.'),
  message: z
    .string()
    .max(MAX_MESSAGE_LENGTH)
    .optional()
    .describe('Why there is no number, or what limits it.'),
});

const forecastStatus = z.object({
  metric: boundedText(63).describe('Name of the metric that is forecast.'),
  peak: statusQuantity.describe('Median of the forecast peak of the total over all pods within the horizon.'),
  upper: statusQuantity.describe('Value that the peak stays below with the confidence given.'),
  confidencePercent: percent.describe('Confidence that `upper` promises.'),
  horizonSeconds: count.describe('How far ahead the forecast looks.'),
  coveragePercent: percent
    .optional()
    .describe(
      'How often past forecasts were right about `upper`. As high as the confidence when all is well.',
    ),
  accuracyPercent: percent
    .optional()
    .describe('100 minus the mean relative error of past medians; not below 0.'),
  samples: count.describe('Past forecasts that coverage and accuracy were measured on.'),
});

export const workloadSchema = z.object({
  apiVersion: boundedText(317).describe('API group and version of the workload.'),
  kind: boundedText(63).describe('Kind of the workload.'),
  name: boundedText(253).describe('Name of the workload.'),
  uid: boundedText(64).describe('Identity of the workload; another one of the same name has another uid.'),
  currentReplicas: count.describe('Replicas that the workload is set to.'),
  readyReplicas: count.describe('Replicas that are ready.'),
  recommendedReplicas: count
    .optional()
    .describe('Replicas that the operator wants after all guards. Not there while it cannot tell.'),
  metrics: mapList(z.array(metricStatus).max(8), 'name')
    .optional()
    .describe('The metrics of the policy as last measured.'),
  forecast: forecastStatus.optional().describe('The forecast and how good past ones were.'),
  predictions: predictionsSchema
    .optional()
    .describe(
      'What the workload will use and cost in the next seven days. For people: no decision rests on it.',
    ),
});
