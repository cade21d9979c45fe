import { TARGET_UTILIZATION } from './scenario.ts';
import { WORLD_CONFIG } from '../../src/simulate/world-config.ts';

// The same Deployment twice, under the same load; one has our policy, the other the cluster's own autoscaler.

export const OURS = { namespace: 'demo-autonomic', name: 'shop' } as const;
export const TWIN = { namespace: 'demo-hpa', name: 'shop' } as const;

export const MIN_REPLICAS = 2;
export const MAX_REPLICAS = 40;

/** HPA's default is 300 s, a third of the demonstration; both contenders get the same shorter one. */
const SCALE_DOWN_WINDOW_SECONDS = 60;

const behavior = { scaleDown: { stabilizationWindowSeconds: SCALE_DOWN_WINDOW_SECONDS } };

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

/** Requests per second are the signal: they do not saturate when the pods do. */
export function policy(observationSeconds: number): object {
  const perReplica = TARGET_UTILIZATION * WORLD_CONFIG.requestsPerCoreSecond;
  const { waitThresholdSeconds, slowShareTarget } = WORLD_CONFIG;
  return {
    apiVersion: 'autonomic.dev/v1alpha1',
    kind: 'AutonomicPolicy',
    metadata: OURS,
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: OURS.name },
      mode: 'Apply',
      metrics: [
        {
          type: 'Prometheus',
          prometheus: {
            name: 'requests-per-second',
            query: 'sum(rate(http_requests_total[1m]))',
            target: { type: 'AverageValue', averageValue: String(perReplica) },
          },
        },
      ],
      horizontal: { minReplicas: MIN_REPLICAS, maxReplicas: MAX_REPLICAS, behavior },
      objective: {
        indicators: [
          {
            name: 'slow-requests',
            query:
              `1 - sum(rate(http_request_duration_seconds_bucket{le="${waitThresholdSeconds}"}[1m]))` +
              ' / sum(rate(http_request_duration_seconds_count[1m]))',
            comparison: 'AtMost',
            threshold: String(slowShareTarget),
          },
        ],
        replicaHourPrice: '0.04',
      },
      observationSeconds,
    },
  };
}

/** The same aim in HPA's terms: CPU at 70 % of the request. */
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
      behavior,
    },
  };
}
