import { z } from 'zod';
import { promql, quantityField, shortName } from '../schema/fields.ts';
import { atomicList, unionRules, withRules } from '../schema/rules.ts';

const resourceTarget = withRules(
  z.object({
    type: z
      .enum(['Utilization', 'AverageValue'])
      .describe(
        "'Utilization' compares use with the containers' requests; 'AverageValue' is an amount per pod.",
      ),
    averageUtilization: z
      .int32()
      .min(1)
      .max(1000)
      .optional()
      .describe("Mean use over all pods, in percent of the requested amount. With type 'Utilization' only."),
    averageValue: quantityField({ moreThan: '0', examples: ['250m', '512Mi'] })
      .optional()
      .describe("Mean use per pod: cores for cpu, bytes for memory. With type 'AverageValue' only."),
  }),
  unionRules({ Utilization: 'averageUtilization', AverageValue: 'averageValue' }),
);

const resourceMetric = z
  .object({
    name: z.enum(['cpu', 'memory']).describe('The resource.'),
    target: resourceTarget.describe('How much each pod should use.'),
  })
  .describe("Use of a resource by the workload's pods. With type 'Resource' only.");

const prometheusMetric = z
  .object({
    name: shortName.describe(
      "Name of the metric in status, events and the operator's own series, such as 'requests-per-second'.",
    ),
    query: promql.describe(
      "PromQL that gives one number: the total over all pods of the workload, such as sum(rate(http_requests_total{app='web'}[2m])). " +
        "Every selector in it is confined to the policy's namespace. An empty answer means unknown, never zero.",
    ),
    target: z
      .object({
        type: z.enum(['AverageValue']).describe('The query is a total; the target is an amount per pod.'),
        averageValue: quantityField({ moreThan: '0', examples: ['100', '1500m'] }).describe(
          "Share of the query's value that one pod should carry, such as 100 requests per second.",
        ),
      })
      .describe('How much each pod should carry.'),
  })
  .describe("A number that Prometheus answers. With type 'Prometheus' only.");

const metricShape = z.object({
  type: z
    .enum(['Resource', 'Prometheus'])
    .describe(
      "Where the number comes from: 'Resource' is the pods' use of cpu or memory, 'Prometheus' a query.",
    ),
  resource: resourceMetric.optional(),
  prometheus: prometheusMetric.optional(),
});

export const metricSchema = withRules(
  metricShape,
  unionRules({ Resource: 'resource', Prometheus: 'prometheus' }),
);

const celName = (item: string): string =>
  `(has(${item}.prometheus) ? ${item}.prometheus.name : has(${item}.resource) ? ${item}.resource.name : '')`;

export const metricsSchema = withRules(atomicList(z.array(metricSchema).max(8)), [
  {
    cel: `self.all(a, self.exists_one(b, ${celName('a')} == ${celName('b')}))`,
    message: 'must not contain two metrics of the same name',
    holds: (metrics) => {
      const names = metrics.map((metric) => metric.prometheus?.name ?? metric.resource?.name);
      return new Set(names).size === names.length;
    },
  },
])
  .prefault([])
  .describe(
    'What the replicas are computed from. Each metric proposes a number of replicas and the largest proposal counts, ' +
      'as in a HorizontalPodAutoscaler. While one of them is missing, nothing is scaled down. May be left out where ' +
      '`objective.requests` says what the replicas are for.',
  );
