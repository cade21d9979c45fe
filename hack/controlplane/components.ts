import { join } from 'node:path';

export const COMPONENTS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
] as const;
export type Component = (typeof COMPONENTS)[number];

/** Times of the controller manager's HorizontalPodAutoscaler controller, in seconds; Kubernetes' defaults. */
export interface HpaTimes {
  readonly syncPeriodSeconds: number;
  /** After a pod's start, CPU samples that may be start-up load do not count. */
  readonly cpuInitializationSeconds: number;
  readonly initialReadinessDelaySeconds: number;
}

export interface Layout {
  /** Run directory. */
  readonly dir: string;
  readonly etcdPort: number;
  readonly apiPort: number;
}

/** Paths inside a run directory. */
export const paths = {
  pki: (dir: string): string => join(dir, 'pki'),
  auditLog: (dir: string): string => join(dir, 'audit.log'),
  kubeconfig: (dir: string, user: string): string => join(dir, `${user}.kubeconfig`),
  log: (dir: string, component: string): string => join(dir, 'log', `${component}.log`),
  stages: (dir: string): string => join(dir, 'stages.yaml'),
};

export function etcdArguments({ dir, etcdPort }: Pick<Layout, 'dir' | 'etcdPort'>, name: string): string[] {
  const client = `http://127.0.0.1:${etcdPort}`;
  // Port 0 lets the kernel choose: a single member has no peer that would need to know.
  const peer = 'http://127.0.0.1:0';
  return [
    `--name=${name}`,
    `--data-dir=${join(dir, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=${name}=${peer}`,
    // The data lives as long as this run; what a power cut would lose does not matter.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

export function apiServerArguments({ dir, etcdPort, apiPort }: Layout, auditPolicy: string): string[] {
  const pki = (name: string): string => join(paths.pki(dir), name);
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    `--secure-port=${apiPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--tls-cert-file=${pki('apiserver.crt')}`,
    `--tls-private-key-file=${pki('apiserver.key')}`,
    `--client-ca-file=${pki('ca.crt')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${pki('sa.pub')}`,
    `--service-account-signing-key-file=${pki('sa.key')}`,
    '--authorization-mode=Node,RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--endpoint-reconciler-type=none',
    '--allow-privileged=true',
    // Aggregated API servers, such as one for metrics.k8s.io, recognise us by these.
    `--requestheader-client-ca-file=${pki('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    `--proxy-client-cert-file=${pki('front-proxy.crt')}`,
    `--proxy-client-key-file=${pki('front-proxy.key')}`,
    `--audit-policy-file=${auditPolicy}`,
    `--audit-log-path=${paths.auditLog(dir)}`,
    // In megabytes; a rotated log would hide mutations from the oracle.
    '--audit-log-maxsize=100000',
  ];
}

export function controllerManagerArguments(dir: string, hpa: HpaTimes): string[] {
  return [
    `--kubeconfig=${paths.kubeconfig(dir, 'kube-controller-manager')}`,
    `--service-account-private-key-file=${join(paths.pki(dir), 'sa.key')}`,
    `--root-ca-file=${join(paths.pki(dir), 'ca.crt')}`,
    // Each controller under its own name, as in a real cluster: the audit log tells them apart.
    '--use-service-account-credentials=true',
    '--leader-elect=false',
    '--secure-port=0',
    `--horizontal-pod-autoscaler-sync-period=${hpa.syncPeriodSeconds}s`,
    `--horizontal-pod-autoscaler-cpu-initialization-period=${hpa.cpuInitializationSeconds}s`,
    `--horizontal-pod-autoscaler-initial-readiness-delay=${hpa.initialReadinessDelaySeconds}s`,
  ];
}

export function schedulerArguments(dir: string): string[] {
  return [
    `--kubeconfig=${paths.kubeconfig(dir, 'kube-scheduler')}`,
    '--leader-elect=false',
    '--secure-port=0',
  ];
}

export function kwokArguments(dir: string): string[] {
  return [
    `--kubeconfig=${paths.kubeconfig(dir, 'kwok')}`,
    '--manage-all-nodes',
    `--config=${paths.stages(dir)}`,
    '--cidr=10.1.0.0/16',
    '--node-ip=10.2.0.1',
    // Renewed at a quarter of that; nodes turn NotReady without.
    '--node-lease-duration-seconds=40',
  ];
}

/** A node as a kubelet would register it, of the size of a common cloud machine. */
export function fakeNode(index: number): object {
  const name = `node-${index}`;
  const size = { cpu: '16', memory: '64Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', type: 'kwok' } },
    status: { allocatable: size, capacity: size },
  };
}
