import { TARGET_UTILIZATION } from './scenario.ts';
import { WORLD_CONFIG } from '../../src/simulate/world-config.ts';

// The same Deployment twice, under the same load; one has our policy, the other the cluster's own autoscaler.

export const OURS = { namespace: 'demo-autonomic', name: 'shop' } as const;
export const TWIN = { namespace: 'demo-hpa', name: 'shop' } as const;

export const MIN_REPLICAS = 2;
export const MAX_REPLICAS = 40;

/** HPA's default is 300 s, a third of the demonstration. A minute, as long as our policy's profile waits. */
const SCALE_DOWN_WINDOW_SECONDS = 60;

export function namespaces(): object[] {
  return [OURS, TWIN].map(({ namespace }) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  }));
}

export function deployment(
  { namespace, name }: { namespace: string; name: string },
  replicas: number,
): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: WORLD_CONFIG.terminationSeconds,
          containers: [
            {
              name,
              image: 'registry.example/shop:1',
              resources: { requests: { cpu: '1', memory: '512Mi' } },
            },
          ],
        },
      },
    },
  };
}

/** Seconds that the policy's rates average over: two scrapes. */
export const RATE_SECONDS = 30;

/** Requests per second: they do not saturate when the pods do. */
export const TOTAL_QUERY = `sum(rate(http_requests_total[${RATE_SECONDS}s]))`;

/** What is promised to the users and what a replica can do; how many replicas that needs is the operator's affair. */
export function policy(observationSeconds: number): object {
  const { waitThresholdSeconds, slowShareTarget, requestsPerCoreSecond } = WORLD_CONFIG;
  const duration = 'http_request_duration_seconds';
  const answeredInTime = `sum(rate(${duration}_bucket{le="${waitThresholdSeconds}"}[${RATE_SECONDS}s]))`;
  return {
    apiVersion: 'autonomic.dev/v1alpha1',
    kind: 'AutonomicPolicy',
    metadata: OURS,
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: OURS.name },
      mode: 'Apply',
      horizontal: { minReplicas: MIN_REPLICAS, maxReplicas: MAX_REPLICAS },
      objective: {
        requests: {
          totalQuery: TOTAL_QUERY,
          badQuery: `sum(rate(${duration}_count[${RATE_SECONDS}s])) - ${answeredInTime}`,
          goodPercent: String(100 * (1 - slowShareTarget)),
          // The histogram is of the wait; a good request may take the time of its work besides.
          latencyThreshold: String(waitThresholdSeconds + 1 / requestsPerCoreSecond),
          perReplica: String(requestsPerCoreSecond),
        },
        replicaHourPrice: '0.04',
      },
      observationSeconds,
    },
  };
}

/** As it is usually set: CPU at 70 % of the request. */
export function horizontalPodAutoscaler(): object {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: TWIN,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: TWIN.name },
      minReplicas: MIN_REPLICAS,
      maxReplicas: MAX_REPLICAS,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: { type: 'Utilization', averageUtilization: TARGET_UTILIZATION * 100 },
          },
        },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: SCALE_DOWN_WINDOW_SECONDS } },
    },
  };
}
