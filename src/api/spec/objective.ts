import { z } from 'zod';
import { promql, quantityField, shortName } from '../schema/fields.ts';
import { mapList } from '../schema/rules.ts';

const indicator = z.object({
  name: shortName.describe("Name of the indicator in status and events, such as 'latency-p99'."),
  query: promql.describe(
    "PromQL that gives one number, confined to the policy's namespace like a metric's query. An empty answer means unknown: " +
      'neither met nor violated.',
  ),
  comparison: z
    .enum(['AtMost', 'AtLeast'])
    .default('AtMost')
    .describe("The objective is met while the number is 'AtMost' or 'AtLeast' the threshold."),
  threshold: quantityField({ examples: ['300m', '0.99'] }).describe(
    "Bound of the number, in the query's own unit: '300m' or '0.3' for 300 ms where the query gives seconds.",
  ),
});

export const objectiveSchema = z
  .object({
    targetPercent: z
      .int32()
      .min(1)
      .max(100)
      .default(99)
      .describe('Share of time, in percent, in which every indicator is to be within its threshold.'),
    indicators: mapList(z.array(indicator).min(1).max(4), 'name').describe(
      'Service-level indicators. A moment counts as good when all of them are within their thresholds.',
    ),
    replicaHourPrice: quantityField({ atLeast: '0', examples: ['0.05', '50m'] })
      .optional()
      .describe(
        'Price of one replica for one hour, in any currency; outcomes are then reported with their cost.',
      ),
  })
  .optional()
  .describe(
    'What good service means for this workload. Every decision is measured against it afterwards; without it, ' +
      'outcomes are recorded as unmeasured.',
  );
