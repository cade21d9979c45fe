import { z } from 'zod';
import { boundedText, count, statusQuantity } from '../schema/fields.ts';

/** What a forecast says, as far as status and decisions both show it. */
export const forecastBasis = z.object({
  metric: boundedText(63).describe('Name of the metric that is forecast.'),
  peak: statusQuantity.describe('Median of the forecast peak of the total over all pods within the horizon.'),
  upper: statusQuantity.describe('Value that the peak stays below with the confidence given.'),
  confidencePercent: z.int32().min(0).max(100).describe('Confidence that `upper` promises.'),
  confidence: z
    .enum(['Low', 'Medium', 'High', 'VeryHigh'])
    .optional()
    .describe('How far it may be relied on, by how past forecasts did and how wide this one is.'),
  horizonSeconds: count.describe('How far ahead the forecast looks.'),
});
