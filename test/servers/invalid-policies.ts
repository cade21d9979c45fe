/** A policy that uses every field, and is valid. */
export const COMPLETE_POLICY = {
  apiVersion: 'autonomic.dev/v1alpha1',
  kind: 'AutonomicPolicy',
  metadata: { name: 'complete' },
  spec: {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    mode: 'Apply',
    suspend: false,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
      },
      {
        type: 'Prometheus',
        prometheus: {
          name: 'requests-per-second',
          query: 'sum(rate(http_requests_total[2m]))',
          target: { type: 'AverageValue', averageValue: '100' },
        },
      },
    ],
    horizontal: {
      minReplicas: 2,
      maxReplicas: 10,
      profile: 'Calm',
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: 'Max',
          policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }],
          tolerance: '0.1',
        },
        scaleDown: { stabilizationWindowSeconds: 300, selectPolicy: 'Min' },
      },
    },
    forecast: { mode: 'Auto', confidencePercent: 95, startupSeconds: 20, tier: 'Full' },
    objective: {
      targetPercent: 99,
      indicators: [
        { name: 'latency', query: 'latency', comparison: 'AtMost', threshold: '300m' },
        { name: 'success', query: 'success', comparison: 'AtLeast', threshold: '0.99' },
      ],
      requests: {
        totalQuery: 'sum(rate(http_requests_total[30s]))',
        badQuery: "sum(rate(http_requests_total{code=~'5..'}[30s]))",
        scrape: {
          port: 'metrics',
          path: '/metrics?format=prometheus',
          total: 'http_requests_total',
          bad: "http_requests_total{code=~'5..'}",
        },
        goodPercent: '99.9',
        latencyThreshold: '300m',
        perReplica: '100',
        concurrency: 8,
      },
      replicaHourPrice: '0.04',
    },
    selection: {
      strategy: 'ThompsonSampling',
      policies: [
        { name: 'ahead', type: 'Quantile95', priorityPercent: 80 },
        { name: 'roomy', type: 'Quantile99' },
      ],
      exploration: { percent: 5, lossPercent: 5 },
    },
    observationSeconds: 300,
    scaleUpCooldownSeconds: 15,
    scaleDownCooldownSeconds: 60,
    limits: { actionsPerHour: 60 },
  },
};

export interface InvalidPolicy {
  /** Field that is wrong, as the API server writes it. */
  readonly field: string;
  /** What it is set to; `undefined` removes it. */
  readonly value: unknown;
  /** Part of the API server's message: what is allowed. */
  readonly says: string;
  /** Field that the message names, when it is another one. */
  readonly names?: string;
}

const NAME = "must be an object's name: lower-case letters, digits, '-' and '.'";
const SHORT_NAME = "must be lower-case words of letters and digits, joined by '-' or '_'";
const POSITIVE = "must be a quantity greater than '0' and at most '1E', such as";
const RESOURCE = 'spec.metrics[0].resource';
const QUERY = 'spec.metrics[1].prometheus';
const UP = 'spec.horizontal.behavior.scaleUp';
const DOWN = 'spec.horizontal.behavior.scaleDown';
const REQUESTS = 'spec.objective.requests';
const SCRAPE = `${REQUESTS}.scrape`;
const INDICATOR = 'spec.objective.indicators[0]';

const { metrics } = COMPLETE_POLICY.spec;
const [, requests] = metrics;
const indicator = (name: string) => ({ name, query: 'latency', threshold: '1' });
const ninePolicies = Array.from({ length: 9 }, () => ({ type: 'Pods', value: 1, periodSeconds: 15 }));
const nineMetrics = Array.from({ length: 9 }, (_, index) => ({
  type: 'Prometheus',
  prometheus: { ...requests?.prometheus, name: `metric-${index}` },
}));

/** Each is COMPLETE_POLICY with one field changed, and is refused by the API server and by parsePolicy alike. */
export const INVALID_POLICIES: readonly InvalidPolicy[] = [
  { field: 'spec.targetRef', value: undefined, says: 'Required value' },
  { field: 'spec.targetRef.apiVersion', value: 'apps/v1beta1', says: 'supported values: "apps/v1"' },
  { field: 'spec.targetRef.apiVersion', value: undefined, says: 'Required value' },
  { field: 'spec.targetRef.kind', value: 'DaemonSet', says: 'supported values: "Deployment", "StatefulSet"' },
  {
    field: 'spec.targetRef.kind',
    value: 'deployment',
    says: 'supported values: "Deployment", "StatefulSet"',
  },
  { field: 'spec.targetRef.kind', value: undefined, says: 'Required value' },
  { field: 'spec.targetRef.name', value: undefined, says: 'Required value' },
  { field: 'spec.targetRef.name', value: '', says: 'should be at least 1 chars long' },
  { field: 'spec.targetRef.name', value: 'Web', says: NAME },
  { field: 'spec.targetRef.name', value: 'web_1', says: NAME },
  { field: 'spec.targetRef.name', value: '-web', says: NAME },
  { field: 'spec.targetRef.name', value: 'web.', says: NAME },
  { field: 'spec.targetRef.name', value: '../../secrets/web', says: NAME },
  { field: 'spec.targetRef.name', value: 'web/scale', says: NAME },
  { field: 'spec.targetRef.name', value: 'web?x=y', says: NAME },
  { field: 'spec.targetRef.name', value: 'web\n', says: NAME },
  { field: 'spec.targetRef.name', value: 'a'.repeat(254), says: 'may not be more than 253 bytes' },

  { field: 'spec.mode', value: 'preview', says: 'supported values: "Preview", "Apply"' },
  { field: 'spec.mode', value: 'Auto', says: 'supported values: "Preview", "Apply"' },
  { field: 'spec.mode', value: '', says: 'supported values: "Preview", "Apply"' },
  { field: 'spec.suspend', value: 'true', says: 'must be of type boolean' },

  {
    field: 'spec',
    value: { ...COMPLETE_POLICY.spec, metrics: [], objective: undefined },
    says: 'must contain a metric when there is no `objective.requests`',
    names: 'spec.metrics',
  },
  { field: 'spec.metrics', value: nineMetrics, says: 'must have at most 8 items' },
  {
    field: 'spec.metrics',
    value: [requests, requests],
    says: 'must not contain two metrics of the same name',
  },
  {
    field: `${QUERY}.name`,
    value: 'cpu',
    says: 'must not contain two metrics of the same name',
    names: 'spec.metrics',
  },
  { field: 'spec.metrics[0].type', value: 'Pods', says: 'supported values: "Resource", "Prometheus"' },
  { field: 'spec.metrics[0].type', value: undefined, says: 'Required value' },
  { field: RESOURCE, value: undefined, says: "`resource` must be set when `type` is 'Resource'" },
  {
    field: 'spec.metrics[0].prometheus',
    value: requests?.prometheus,
    says: "`prometheus` must be set when `type` is 'Prometheus' and must not be set otherwise",
  },
  { field: `${RESOURCE}.name`, value: 'gpu', says: 'supported values: "cpu", "memory"' },
  { field: `${RESOURCE}.target`, value: undefined, says: 'Required value' },
  {
    field: `${RESOURCE}.target.type`,
    value: 'Value',
    says: 'supported values: "Utilization", "AverageValue"',
  },
  { field: `${RESOURCE}.target.averageUtilization`, value: 0, says: 'should be greater than or equal to 1' },
  {
    field: `${RESOURCE}.target.averageUtilization`,
    value: 1001,
    says: 'should be less than or equal to 1000',
  },
  { field: `${RESOURCE}.target.averageUtilization`, value: 70.5, says: 'must be of type int' },
  { field: `${RESOURCE}.target.averageUtilization`, value: '70%', says: 'must be of type integer' },
  {
    field: `${RESOURCE}.target.averageUtilization`,
    value: undefined,
    says: "`averageUtilization` must be set when `type` is 'Utilization'",
  },
  {
    field: `${RESOURCE}.target.averageValue`,
    value: '250m',
    says: "`averageValue` must be set when `type` is 'AverageValue' and must not be set otherwise",
  },
  {
    field: `${RESOURCE}.target`,
    value: { type: 'AverageValue' },
    says: "`averageValue` must be set when `type` is 'AverageValue'",
    names: `${RESOURCE}.target.averageValue`,
  },

  { field: `${QUERY}.name`, value: 'Requests', says: SHORT_NAME },
  { field: `${QUERY}.name`, value: 'requests per second', says: SHORT_NAME },
  { field: `${QUERY}.name`, value: '9-lives', says: SHORT_NAME },
  { field: `${QUERY}.name`, value: 'a'.repeat(64), says: 'may not be more than 63 bytes' },
  { field: `${QUERY}.query`, value: '', says: 'should be at least 1 chars long' },
  { field: `${QUERY}.query`, value: ' \n\t', says: 'must be a PromQL expression, and must not be blank' },
  { field: `${QUERY}.query`, value: 'x'.repeat(4097), says: 'may not be more than 4096 bytes' },
  { field: `${QUERY}.target.type`, value: 'Utilization', says: 'supported values: "AverageValue"' },
  { field: `${QUERY}.target.averageValue`, value: undefined, says: 'Required value' },
  { field: `${QUERY}.target.averageValue`, value: 0, says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: '0m', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: -1, says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: '-250m', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: '80%', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: '100rps', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: '1K', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: '1,5', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: '', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: '.', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: 'Ki', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: 'NaN', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: 'Infinity', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: '2E', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: '1e99', says: POSITIVE },
  // quantity() alone would keep a core of the API server busy for minutes with this one.
  { field: `${QUERY}.target.averageValue`, value: '1e999999999999', says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: 2e18, says: POSITIVE },
  { field: `${QUERY}.target.averageValue`, value: 0.5, says: 'must be of type integer,string' },
  { field: `${QUERY}.target.averageValue`, value: true, says: 'must be of type integer,string' },
  { field: `${QUERY}.target.averageValue`, value: '1'.repeat(33), says: 'may not be more than 32 bytes' },

  { field: 'spec.horizontal', value: undefined, says: 'Required value' },
  { field: 'spec.horizontal.maxReplicas', value: undefined, says: 'Required value' },
  { field: 'spec.horizontal.maxReplicas', value: 0, says: 'should be greater than or equal to 1' },
  { field: 'spec.horizontal.maxReplicas', value: 100_001, says: 'should be less than or equal to 100000' },
  { field: 'spec.horizontal.maxReplicas', value: 2 ** 31, says: 'should be less than or equal to 100000' },
  { field: 'spec.horizontal.maxReplicas', value: '10', says: 'must be of type integer' },
  { field: 'spec.horizontal.minReplicas', value: -1, says: 'should be greater than or equal to 0' },
  {
    field: 'spec.horizontal.minReplicas',
    value: 11,
    says: '`minReplicas` must not be greater than `maxReplicas`',
  },
  {
    field: 'spec.horizontal.maxReplicas',
    value: 1,
    says: '`minReplicas` must not be greater than `maxReplicas`',
    names: 'spec.horizontal.minReplicas',
  },
  {
    field: 'spec',
    value: {
      ...COMPLETE_POLICY.spec,
      metrics: metrics.slice(0, 1),
      objective: undefined,
      horizontal: { minReplicas: 0, maxReplicas: 10 },
    },
    says: 'must not be 0 when every metric is measured on the pods themselves',
    names: 'spec.horizontal.minReplicas',
  },
  { field: 'spec.horizontal.profile', value: 'calm', says: 'supported values: "Responsive"' },
  { field: 'spec.forecast.tier', value: 'Small', says: 'supported values: "Auto"' },
  { field: `${UP}.stabilizationWindowSeconds`, value: -1, says: 'should be greater than or equal to 0' },
  { field: `${DOWN}.stabilizationWindowSeconds`, value: 3601, says: 'should be less than or equal to 3600' },
  { field: `${UP}.selectPolicy`, value: 'max', says: 'supported values: "Max", "Min", "Disabled"' },
  { field: `${UP}.policies`, value: [], says: 'should have at least 1 items' },
  { field: `${UP}.policies`, value: ninePolicies, says: 'must have at most 8 items' },
  { field: `${UP}.policies[0].type`, value: 'Replicas', says: 'supported values: "Pods", "Percent"' },
  { field: `${UP}.policies[0].value`, value: 0, says: 'should be greater than or equal to 1' },
  { field: `${UP}.policies[0].periodSeconds`, value: 1801, says: 'should be less than or equal to 1800' },
  { field: `${UP}.tolerance`, value: '10', says: "must be a quantity from '0' to '1', such as '0.1'" },
  { field: `${DOWN}.tolerance`, value: '-0.1', says: "must be a quantity from '0' to '1', such as '0.1'" },

  { field: 'spec.forecast.mode', value: 'On', says: 'supported values: "Auto", "Disabled"' },
  { field: 'spec.forecast.confidencePercent', value: 0.95, says: 'must be of type int' },
  { field: 'spec.forecast.confidencePercent', value: 49, says: 'should be greater than or equal to 50' },
  { field: 'spec.forecast.confidencePercent', value: 100, says: 'should be less than or equal to 99' },
  { field: 'spec.forecast.startupSeconds', value: 0, says: 'should be greater than or equal to 1' },
  { field: 'spec.forecast', value: 'Auto', says: 'must be of type object' },

  { field: 'spec.objective.targetPercent', value: 101, says: 'should be less than or equal to 100' },
  {
    field: 'spec.objective',
    value: { targetPercent: 99 },
    says: 'must contain `indicators` or `requests`',
  },
  { field: `${REQUESTS}.totalQuery`, value: undefined, says: 'Required value' },
  { field: `${REQUESTS}.totalQuery`, value: ' ', says: 'must be a PromQL expression' },
  { field: `${REQUESTS}.badQuery`, value: '', says: 'should be at least 1 chars long' },
  { field: `${REQUESTS}.goodPercent`, value: '100', says: "must be a quantity from '50' to '99.999'" },
  { field: `${REQUESTS}.goodPercent`, value: 0.99, says: 'must be of type' },
  { field: `${REQUESTS}.latencyThreshold`, value: '0', says: "must be a quantity greater than '0'" },
  { field: `${REQUESTS}.perReplica`, value: '0', says: POSITIVE },
  { field: `${REQUESTS}.concurrency`, value: 0, says: 'should be greater than or equal to 1' },
  {
    field: `${REQUESTS}.badQuery`,
    value: undefined,
    says: 'must contain `badQuery` when `scrape` tells good requests from bad ones',
    names: REQUESTS,
  },
  { field: `${SCRAPE}.port`, value: undefined, says: 'Required value' },
  ...[0, 65_536, 'Metrics', '9102', '-a', 'a_b'].map((value) => ({
    field: `${SCRAPE}.port`,
    value,
    says: "must be a port from 1 to 65535, or the name of a container's port such as 'metrics'",
  })),
  { field: `${SCRAPE}.port`, value: 'a'.repeat(16), says: 'may not be more than 15 bytes' },
  { field: `${SCRAPE}.path`, value: '', says: 'should be at least 1 chars long' },
  ...['metrics', 'http://web/metrics', '/a b', '/a\r\nx: y', '/a#b'].map((value) => ({
    field: `${SCRAPE}.path`,
    value,
    says: "must be the path of a URL, beginning with '/', such as '/metrics'",
  })),
  { field: `${SCRAPE}.total`, value: undefined, says: 'Required value' },
  { field: `${SCRAPE}.total`, value: ' ', says: 'must be a PromQL expression' },
  {
    field: `${SCRAPE}.good`,
    value: 'up',
    says: 'must not contain both `good` and `bad`: all that are not the one are the other',
    names: SCRAPE,
  },
  {
    field: 'spec.objective.indicators',
    value: ['a', 'b', 'c', 'd', 'e'].map(indicator),
    says: 'must have at most 4 items',
  },
  {
    field: 'spec.objective.indicators',
    value: [indicator('a'), indicator('a')],
    says: 'Duplicate value: {"name":"a"}',
    names: 'spec.objective.indicators[1]',
  },
  { field: `${INDICATOR}.name`, value: undefined, says: 'Required value' },
  { field: `${INDICATOR}.name`, value: 'p99 latency', says: SHORT_NAME },
  { field: `${INDICATOR}.query`, value: undefined, says: 'Required value' },
  { field: `${INDICATOR}.comparison`, value: 'LessThan', says: 'supported values: "AtMost", "AtLeast"' },
  {
    field: `${INDICATOR}.threshold`,
    value: '300ms',
    says: "must be a quantity from '-1E' to '1E', such as '300m' or '0.99'",
  },
  { field: `${INDICATOR}.threshold`, value: 0.3, says: 'must be of type integer,string' },
  {
    field: 'spec.objective.replicaHourPrice',
    value: '$0.04',
    says: "must be a quantity from '0' to '1E', such as '0.05' or '50m'",
  },
  {
    field: 'spec.objective.replicaHourPrice',
    value: -1,
    says: "must be a quantity from '0' to '1E', such as '0.05' or '50m'",
  },

  { field: 'spec.selection.strategy', value: 'Bayes', says: 'supported values: "Replay", "Ranked"' },
  { field: 'spec.selection.policies', value: [], says: 'should have at least 1 items' },
  {
    field: 'spec.selection.policies[0].type',
    value: 'Utilization100',
    says: 'must have types out of Responsive, Balanced',
    names: 'spec.selection.policies',
  },
  {
    field: 'spec.selection.policies[0].type',
    value: 'Quantile99',
    says: 'must not repeat a value of `type`: two policies of one type are the same policy',
    names: 'spec.selection.policies',
  },
  {
    field: 'spec.selection.policies[1].name',
    value: 'ahead',
    says: 'Duplicate value',
    names: 'spec.selection.policies[1]',
  },
  { field: 'spec.selection.policies[0].name', value: 'Go Ahead', says: SHORT_NAME },
  {
    field: 'spec.selection.policies[0].priorityPercent',
    value: 101,
    says: 'should be less than or equal to 100',
  },
  { field: 'spec.selection.exploration.percent', value: 51, says: 'should be less than or equal to 50' },
  {
    field: 'spec.selection.exploration.lossPercent',
    value: -1,
    says: 'should be greater than or equal to 0',
  },

  { field: 'spec.observationSeconds', value: 86_401, says: 'should be less than or equal to 86400' },
  { field: 'spec.observationSeconds', value: '5m', says: 'must be of type integer' },
  { field: 'spec.scaleUpCooldownSeconds', value: -1, says: 'should be greater than or equal to 0' },
  { field: 'spec.scaleDownCooldownSeconds', value: 3601, says: 'should be less than or equal to 3600' },
  { field: 'spec.limits.actionsPerHour', value: 0, says: 'should be greater than or equal to 1' },
  { field: 'spec', value: undefined, says: 'Required value' },
];
