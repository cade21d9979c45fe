import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadKubeConfig, type ClusterAccess } from '../adapters/kubernetes/kubeconfig.ts';

/** As `--kubeconfig` and `--context` gave them; undefined where they were left out. */
export interface AccessFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** The way to the cluster that kubectl would take. */
export function clusterAccess({ kubeconfig, context }: AccessFlags): ClusterAccess {
  return {
    kubeconfig: kubeconfig ?? process.env['KUBECONFIG'] ?? join(homedir(), '.kube', 'config'),
    ...(context === undefined ? {} : { context }),
  };
}

/** The namespace of the context. @throws ClusterAccessError */
export function currentNamespace(access: ClusterAccess): string {
  const config = loadKubeConfig(access);
  return config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
}
