import { z } from 'zod';
import { boundedText, count, statusQuantity, time } from '../schema/fields.ts';
import { atomicList, mapList } from '../schema/rules.ts';
import { MAX_MESSAGE_LENGTH } from '../schema/text.ts';

const percent = z.int32().min(0).max(100);

const dayPrediction = z.object({
  date: boundedText(10)
    .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/)
    .describe('The day, UTC. Of a day that has begun, what is measured of it counts too.'),
  mean: statusQuantity.describe('Median of the forecast mean of the day; for `cost`, of the whole day.'),
  lower: statusQuantity.describe('The mean is below this with a probability of 10 percent.'),
  upper: statusQuantity.describe('The mean is above this with a probability of 10 percent.'),
  peak: statusQuantity
    .optional()
    .describe('Median of the largest five minutes of the day. Not there for `cost`.'),
  peakUpper: statusQuantity.optional().describe('The peak is above this with a probability of 10 percent.'),
});

const resourcePrediction = z.object({
  resource: z
    .enum(['cpu', 'memory', 'network', 'replicas', 'cost'])
    .describe(
      "What is forecast: 'cpu' in cores, 'memory' in bytes, 'network' in bytes per second, both directions together, " +
        "'replicas' that are ready, 'cost' per day in the currency of `replicaHourPrice`.",
    ),
  confidence: z
    .enum(['Low', 'Medium', 'High', 'VeryHigh'])
    .optional()
    .describe(
      'How far it may be relied on, by how forecasts of past weeks did. Not there without a forecast.',
    ),
  accuracyPercent: percent
    .optional()
    .describe(
      '100 minus the mean relative error of the forecasts of the past weeks, by the hour; not below 0.',
    ),
  coveragePercent: percent
    .optional()
    .describe('Hours of those weeks that lay within the interval; 80 when all is well.'),
  message: z.string().max(MAX_MESSAGE_LENGTH).optional().describe('Why there is no forecast.'),
  days: atomicList(z.array(dayPrediction).max(7)).optional().describe('Today and the six days after it.'),
});

/** A week ahead, for people. `kubectl autonomic predictions` shows it by the hour. */
export const predictionsSchema = z.object({
  time: time.describe('When they were made; at most once an hour.'),
  historyDays: count.describe('Days of measurements that they were made from.'),
  resources: mapList(z.array(resourcePrediction).max(5), 'resource').describe('One entry for each resource.'),
});

export type Predictions = z.output<typeof predictionsSchema>;
