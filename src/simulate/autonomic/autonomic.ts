import { policySpecSchema, type PolicySpec } from '../../api/policy-spec.ts';
import { formatQuantity } from '../../api/quantity.ts';
import type { Contender, ScalerContext } from '../scaler.ts';
import { AutonomicScaler, type Hooks } from './autonomic-scaler.ts';

const SOURCE = 'this version of src/loop';

const NOTHING_TO_TUNE = { name: 'none', values: [1] } as const;

/**
 * This project as its user would run it: an AutonomicPolicy that says what its requests are, with every default.
 * There is nothing to tune.
 */
export const autonomic: Contender = requestsContender('autonomic', 'Autonomic', {});

/** The same with fewer changes. */
export const autonomicCalm: Contender = requestsContender('autonomic-calm', 'Autonomic, calm', {
  horizontal: { profile: 'Calm' },
});

/** The same with the forecaster that fleets use. */
export const autonomicLight: Contender = requestsContender('autonomic-light', 'Autonomic, light forecaster', {
  forecast: { tier: 'Light' },
});

const SCRAPE = { port: 9102, total: 'http_requests_total', bad: 'http_requests_slow_total' };

/** The same where requests are read from the pods themselves. */
export const autonomicScrape: Contender = requestsContender(
  'autonomic-scrape',
  'Autonomic, reading its pods',
  {
    requests: { scrape: SCRAPE },
  },
);

export const autonomicScrapeCalm: Contender = requestsContender(
  'autonomic-scrape-calm',
  'Autonomic, reading its pods, calm',
  { requests: { scrape: SCRAPE }, horizontal: { profile: 'Calm' } },
);

/**
 * The same where only a metric with a target is given and no objective: an HPA's arithmetic with the forecast ahead of
 * it. Tuned as KEDA is: what share of a replica's capacity each replica should carry.
 */
export const autonomicTarget: Contender = {
  name: 'autonomic-target',
  title: 'Autonomic with a target only',
  source: SOURCE,
  knob: {
    name: 'target requests per replica, % of capacity',
    values: [95, 90, 85, 80, 75, 70, 65, 60, 55, 50, 40, 30],
  },
  create: (knob, context) => new AutonomicScaler(targetSpec(knob, context), context),
};

/** An existing policy, as it is: nothing to tune. */
export function policyContender(spec: PolicySpec): Contender {
  return {
    ...autonomic,
    title: 'Autonomic with this policy',
    knob: { name: 'as in the policy', values: [1] },
    create: (_, context) => new AutonomicScaler({ ...spec, mode: 'Apply', observationSeconds: 0 }, context),
  };
}

/** How a policy differs from the defaults, field by field. */
interface Change {
  readonly horizontal?: object;
  readonly forecast?: object;
  readonly requests?: object;
  readonly rest?: object;
  readonly hooks?: Hooks;
}

export function requestsContender(name: string, title: string, change: Change): Contender {
  return {
    name,
    title,
    source: SOURCE,
    knob: NOTHING_TO_TUNE,
    create: (_, context) => new AutonomicScaler(requestsSpec(context, change), context, change.hooks),
  };
}

function requestsSpec(
  { serviceRate, bounds, objective }: ScalerContext,
  { horizontal, forecast = {}, requests, rest }: Change,
): PolicySpec {
  const { waitSeconds, slowShare } = objective;
  return policySpecSchema.parse({
    ...COMMON,
    ...rest,
    forecast,
    horizontal: { ...bounds, ...horizontal },
    objective: {
      requests: {
        totalQuery: 'sum(rate(http_requests_total[15s]))',
        badQuery: 'sum(rate(http_requests_slow_total[15s]))',
        goodPercent: formatQuantity(100 * (1 - slowShare)),
        // A request's own work is part of its latency.
        latencyThreshold: formatQuantity(waitSeconds + 1 / serviceRate),
        perReplica: formatQuantity(serviceRate),
        ...requests,
      },
    },
  });
}

function targetSpec(percent: number, { serviceRate, bounds }: ScalerContext): PolicySpec {
  return policySpecSchema.parse({
    ...COMMON,
    metrics: [
      {
        type: 'Prometheus',
        prometheus: {
          name: 'requests-per-second',
          query: 'sum(rate(http_requests_total[30s]))',
          target: { type: 'AverageValue', averageValue: formatQuantity((percent / 100) * serviceRate) },
        },
      },
    ],
    horizontal: bounds,
  });
}

const COMMON = {
  targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'simulated' },
  mode: 'Apply',
  observationSeconds: 0,
} as const;
