import type { Family } from './exposition.ts';

/** The names under which a real cluster exposes the same: cAdvisor, kube-state-metrics, node exporter, an application. */
export const FAMILIES = {
  cpuUsage: counter('container_cpu_usage_seconds_total', 'Cumulative cpu time consumed'),
  cfsPeriods: counter('container_cpu_cfs_periods_total', 'Number of elapsed enforcement period intervals.'),
  cfsThrottled: counter('container_cpu_cfs_throttled_periods_total', 'Number of throttled period intervals.'),
  networkReceive: counter('container_network_receive_bytes_total', 'Cumulative count of bytes received'),
  networkTransmit: counter('container_network_transmit_bytes_total', 'Cumulative count of bytes transmitted'),
  workingSet: gauge('container_memory_working_set_bytes', 'Current working set of the container in bytes'),

  podReady: gauge('kube_pod_status_ready', 'Describes whether the pod is ready to serve requests.'),
  podRequests: gauge(
    'kube_pod_container_resource_requests',
    'The number of requested request resource by a container.',
  ),
  podLimits: gauge(
    'kube_pod_container_resource_limits',
    'The number of requested limit resource by a container.',
  ),
  podRestarts: counter(
    'kube_pod_container_status_restarts_total',
    'The number of container restarts per container.',
  ),
  podOwner: gauge('kube_pod_owner', "Information about the Pod's owner."),
  deploymentReplicas: gauge('kube_deployment_spec_replicas', 'Number of desired pods for a deployment.'),
  deploymentReady: gauge(
    'kube_deployment_status_replicas_ready',
    'The number of ready replicas per deployment.',
  ),
  statefulSetReplicas: gauge('kube_statefulset_replicas', 'Number of desired pods for a StatefulSet.'),
  statefulSetReady: gauge(
    'kube_statefulset_status_replicas_ready',
    'The number of ready replicas per StatefulSet.',
  ),
  nodeAllocatable: gauge(
    'kube_node_status_allocatable',
    'The allocatable for different resources of a node that are available for scheduling.',
  ),

  nodeCpu: counter('node_cpu_seconds_total', 'Seconds the CPUs spent in each mode.'),
  nodeMemory: gauge('node_memory_MemAvailable_bytes', 'Memory information field MemAvailable_bytes.'),

  requests: counter('http_requests_total', 'Requests that arrived, by answer; 503 was turned away.'),
  duration: {
    name: 'http_request_duration_seconds',
    type: 'histogram',
    help: 'Time from arrival until a replica takes the request up (time to first byte).',
  },
} as const satisfies Record<string, Family>;

/** Upper bounds in seconds, besides +Inf. 0.3 is the objective's; the rest are Prometheus' usual ones up to the queue's 30 s. */
export const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10] as const;

function counter(name: string, help: string): Family {
  return { name, type: 'counter', help };
}

function gauge(name: string, help: string): Family {
  return { name, type: 'gauge', help };
}
