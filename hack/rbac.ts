/** One thing that the operator may do, and why: the chart's roles and the reference page are made of these. */
export interface Permission {
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly reason: string;
}

/** Across the cluster. No secrets, no pods/exec, no wildcard, nothing that creates or deletes a workload. */
export const CLUSTER_PERMISSIONS: readonly Permission[] = [
  {
    apiGroup: 'autonomic.dev',
    resources: ['autonomicpolicies'],
    verbs: ['get', 'list', 'watch'],
    reason: 'Policies are followed; their spec is never written.',
  },
  {
    apiGroup: 'autonomic.dev',
    resources: ['autonomicpolicies/status'],
    verbs: ['patch'],
    reason: 'Findings, decisions and the change under way are reported.',
  },
  {
    apiGroup: 'apps',
    resources: ['deployments', 'statefulsets'],
    verbs: ['get', 'list', 'watch', 'patch'],
    reason:
      'Targets are followed, read again before each change, and scaled together with the annotation that names the decision.',
  },
  {
    apiGroup: 'apps',
    resources: ['replicasets'],
    verbs: ['list', 'watch'],
    reason: 'Pods are found by the chain of owners and not by labels.',
  },
  {
    apiGroup: '',
    resources: ['pods'],
    verbs: ['list', 'watch'],
    reason: 'Readiness, start-up times and requests are read from pods.',
  },
  {
    apiGroup: 'autoscaling',
    resources: ['horizontalpodautoscalers'],
    verbs: ['list', 'watch'],
    reason: 'A target that has another autoscaler is left alone.',
  },
  {
    apiGroup: 'keda.sh',
    resources: ['scaledobjects'],
    verbs: ['list', 'watch'],
    reason: 'A target that has another autoscaler is left alone.',
  },
  {
    apiGroup: 'events.k8s.io',
    resources: ['events'],
    verbs: ['create', 'patch'],
    reason: 'Each change is told as an event of its policy.',
  },
];

/** Across the cluster, where `config.threats.bindings` is set. Read only: who may do what is told, and never changed. */
export const THREAT_PERMISSIONS: readonly Permission[] = [
  {
    apiGroup: 'rbac.authorization.k8s.io',
    resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'],
    verbs: ['get', 'list', 'watch'],
    reason: 'A new binding that gives power over everything is told.',
  },
  {
    apiGroup: '',
    resources: ['namespaces'],
    verbs: ['get', 'list', 'watch'],
    reason: 'A namespace says how much there is to lose in it.',
  },
];

/** Across the cluster, where `config.knowledge.runbooks.enabled` is set. A label cannot be part of a right. */
export const RUNBOOK_PERMISSIONS: readonly Permission[] = [
  {
    apiGroup: '',
    resources: ['configmaps'],
    verbs: ['get', 'list', 'watch'],
    reason: 'Runbooks are read; only ConfigMaps with their label are asked for.',
  },
];

/** In the operator's own namespace. */
export const NAMESPACE_PERMISSIONS: readonly Permission[] = [
  {
    apiGroup: 'coordination.k8s.io',
    resources: ['leases'],
    verbs: ['get', 'create', 'update'],
    reason: 'One replica leads at a time.',
  },
];
