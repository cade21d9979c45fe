import { z } from 'zod';
import { boundedText, count, statusQuantity } from '../schema/fields.ts';
import { atomicList, mapList } from '../schema/rules.ts';
import { MAX_MESSAGE_LENGTH } from '../schema/text.ts';
import { anomalyStatus, MAX_ANOMALIES } from './anomaly.ts';
import { forecastBasis } from './forecast.ts';
import { memorySchema } from './memory.ts';
import { predictionsSchema } from './prediction.ts';
import { selectionStatus } from './selection.ts';

const percent = z.int32().min(0).max(100);

const metricStatus = z.object({
  name: boundedText(63).describe(
    'Name of the metric: that of the resource or of the query, `objective.requests` for the requests of the objective.',
  ),
  type: z.enum(['Resource', 'Prometheus', 'Requests']).describe('Where the number comes from.'),
  quality: z
    .enum(['Fresh', 'Stale', 'Missing'])
    .describe(
      'How far the number may be trusted. There is no number while it is Missing: unknown is not zero.',
    ),
  source: z
    .enum(['Pods', 'Prometheus'])
    .optional()
    .describe(
      "With `objective.requests.scrape`: whether the pods' own metrics told the number, or Prometheus.",
    ),
  current: statusQuantity
    .optional()
    .describe(
      'Value per pod in the unit of the target: percent for Utilization, an amount otherwise; for Requests, those per second on ' +
        'each ready replica.',
    ),
  target: statusQuantity
    .optional()
    .describe(
      'The target, in the same unit; for Requests, what each of the ready replicas can carry within the objective. Not there ' +
        'while it is not known.',
    ),
  replicas: count.optional().describe('Replicas that this metric alone asks for.'),
  message: z
    .string()
    .max(MAX_MESSAGE_LENGTH)
    .optional()
    .describe('Why there is no number, or what limits it.'),
});

const forecastStatus = forecastBasis.extend({
  tier: z
    .enum(['Full', 'Light'])
    .optional()
    .describe('How much the forecaster remembers: `forecast.tier`, or what it came to by itself.'),
  coveragePercent: percent
    .optional()
    .describe('How often past forecasts were right about their 95 percent bound. 95 when all is well.'),
  accuracyPercent: percent
    .optional()
    .describe('100 minus the mean relative error of past forecasts of the peak; not below 0.'),
  skillPercent: z
    .int32()
    .min(-100)
    .max(100)
    .optional()
    .describe(
      'How much less the bound was wrong than that of the last value with its usual rise; negative when it was worse.',
    ),
  samples: count.describe('Samples that the forecaster has learned from.'),
});

const capacityStatus = z.object({
  requestsPerSecond: statusQuantity
    .optional()
    .describe(
      'Requests per second that one replica completes when it is busy all the time. Not there while it is not known.',
    ),
  source: z
    .enum(['Specified', 'Measured', 'AtLeast', 'MetricTarget'])
    .optional()
    .describe(
      "'Specified' by `objective.requests.perReplica`; 'Measured' where too much load made requests bad; 'AtLeast', a load that " +
        "was served well, while more has not been seen; 'MetricTarget', what the target of a metric on the same requests means.",
    ),
  message: z.string().max(MAX_MESSAGE_LENGTH).describe('What is believed and why, in words.'),
});

const startupCause = z.object({
  cause: z
    .enum(['WarmImage', 'ColdImage', 'NewNode', 'Unknown'])
    .describe(
      "What these starts waited for: 'NewNode', for a node that had to be made; 'ColdImage', for their image; 'WarmImage', for neither.",
    ),
  starts: count.describe('Starts that the times rest on.'),
  medianSeconds: count.describe('Half of them took at most so long.'),
  slowSeconds: count.describe('Nine of ten took at most so long.'),
});

const startupStatus = z.object({
  seconds: count.describe('Time from ordering a replica until it serves, for nine of ten.'),
  medianSeconds: count.describe('The same for half of them; so far ahead the forecast looks at least.'),
  source: z
    .enum(['Specified', 'Measured', 'Assumed'])
    .describe(
      "'Specified' by `forecast.startupSeconds`, 'Measured' from the pods, 'Assumed' while too few pods have been seen.",
    ),
  causes: mapList(z.array(startupCause).max(4), 'cause')
    .optional()
    .describe('Measured times by what the start had to wait for.'),
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
  metrics: mapList(z.array(metricStatus).max(9), 'name')
    .optional()
    .describe('The metrics of the policy, and the requests of its objective, as last measured.'),
  forecast: forecastStatus.optional().describe('The forecast and how good past ones were.'),
  capacity: capacityStatus
    .optional()
    .describe('What one replica carries; there when the objective is about requests.'),
  startup: startupStatus.optional().describe('How long a new replica takes.'),
  anomalies: atomicList(z.array(anomalyStatus).max(MAX_ANOMALIES))
    .optional()
    .describe('What is unusual about the workload now, the gravest first. Not there when nothing is.'),
  memory: memorySchema
    .optional()
    .describe('What came of situations like the present one. Not there while none is remembered.'),
  selection: selectionStatus
    .optional()
    .describe('Which way to scale is in force, and why. Not there without `spec.selection`.'),
  predictions: predictionsSchema
    .optional()
    .describe(
      'What the workload will use and cost in the next seven days. For people: no decision rests on it.',
    ),
});
