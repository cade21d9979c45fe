import { z } from 'zod';
import { promql, quantityField, shortName } from '../schema/fields.ts';
import { mapList, withRules } from '../schema/rules.ts';
import { scrapeSchema } from './scrape.ts';

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

const requestsShape = z
  .object({
    totalQuery: promql.describe(
      'PromQL that gives the requests per second on the whole workload, such as ' +
        "sum(rate(http_requests_total{app='web'}[30s])). Short ranges show a rise earlier.",
    ),
    badQuery: promql
      .optional()
      .describe(
        'PromQL that gives those of them, per second, that were too slow or failed. Where no series means none, end it with ' +
          "'or vector(0)': an empty answer is unknown. It is the measured truth that decides how " +
          'many spare replicas are worth their price; without it they are chosen by the model of the service alone.',
      ),
    scrape: scrapeSchema,
    goodPercent: quantityField({ atLeast: '50', atMost: '99.999', examples: ['99', '99.9'] })
      .prefault('99')
      .describe('Share of the requests, in percent, that must not be bad.'),
    latencyThreshold: quantityField({ moreThan: '0', atMost: '3600', examples: ['300m', '2'] })
      .prefault('500m')
      .describe('Longest time in seconds that a good request takes, its work included.'),
    perReplica: quantityField({ moreThan: '0', examples: ['50', '2500m'] })
      .optional()
      .describe(
        'Requests per second that one replica completes when it is busy all the time. Learned from the load and the bad requests ' +
          'measured so far when not set.',
      ),
    concurrency: z
      .int32()
      .min(1)
      .max(10_000)
      .default(1)
      .describe('Requests that one replica works on at the same time: its workers or threads.'),
  })
  .describe(
    'The requests of the workload and what makes one good. With it, replicas are chosen so that their cost and the expected ' +
      'bad requests balance, at a price that the measured share of bad requests sets.',
  );

const requests = withRules(requestsShape, [
  {
    cel: '!has(self.scrape) || has(self.badQuery) || !(has(self.scrape.good) || has(self.scrape.bad))',
    message:
      'must contain `badQuery` when `scrape` tells good requests from bad ones: it knows the past, and the present while pods are silent',
    holds: ({ scrape, badQuery }) =>
      badQuery !== undefined || (scrape?.good === undefined && scrape?.bad === undefined),
  },
]);

const shape = z.object({
  targetPercent: z
    .int32()
    .min(1)
    .max(100)
    .default(99)
    .describe('Share of time, in percent, in which every indicator is to be within its threshold.'),
  indicators: mapList(z.array(indicator).max(4), 'name')
    .prefault([])
    .describe(
      'Service-level indicators. A moment counts as good when all of them are within their thresholds.',
    ),
  requests: requests.optional(),
  replicaHourPrice: quantityField({ atLeast: '0', examples: ['0.05', '50m'] })
    .optional()
    .describe(
      'Price of one replica for one hour, in any currency; outcomes are then reported with their cost.',
    ),
});

export const objectiveSchema = withRules(shape, [
  {
    cel: 'size(self.indicators) > 0 || has(self.requests)',
    message: 'must contain `indicators` or `requests`',
    holds: ({ indicators, requests }) => indicators.length > 0 || requests !== undefined,
  },
])
  .optional()
  .describe(
    'What good service means for this workload. Every decision is measured against it afterwards; without it, ' +
      'outcomes are recorded as unmeasured.',
  );
