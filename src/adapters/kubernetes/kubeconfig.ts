import { delimiter } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';

/** Where the API server is and who we are. Values of the environment are passed in; nothing here reads it. */
export interface ClusterAccess {
  /** Path of a kubeconfig, or several joined as in $KUBECONFIG. Wins over `inCluster`. */
  readonly kubeconfig?: string;
  /** A context of the kubeconfig; its current one when left out. */
  readonly context?: string;
  /** $KUBERNETES_SERVICE_HOST and _PORT, as a pod has them. */
  readonly inCluster?: { readonly host: string; readonly port: string };
}

/** The way to the API server is not described well enough to try it. */
export class ClusterAccessError extends Error {
  override readonly name = 'ClusterAccessError';
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Reads the files anew on each call: that is how credentials that were replaced on disk come in. */
export function loadKubeConfig(access: ClusterAccess): KubeConfig {
  const config = access.kubeconfig === undefined ? fromPod(access) : fromFiles(access.kubeconfig);
  if (access.context !== undefined) config.setCurrentContext(access.context);
  const name = config.getCurrentContext();
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    const known = config.getContexts().map((context) => context.name);
    throw new ClusterAccessError(
      `kubeconfig ${access.kubeconfig ?? ''}: context '${name}' names no cluster; ` +
        `contexts found: ${known.join(', ') || 'none'}. Pass one of them, or set current-context`,
    );
  }
  return config;
}

function fromFiles(paths: string): KubeConfig {
  const config = new KubeConfig();
  const [first, ...others] = paths.split(delimiter).filter((path) => path !== '');
  if (first === undefined)
    throw new ClusterAccessError('kubeconfig: found an empty path; give the path of a file');
  loadFile(config, first);
  for (const path of others) {
    const next = new KubeConfig();
    loadFile(next, path);
    config.mergeConfig(next, true);
  }
  return config;
}

function loadFile(config: KubeConfig, path: string): void {
  try {
    config.loadFromFile(path);
  } catch (error) {
    throw new ClusterAccessError(
      `kubeconfig ${path}: name a kubeconfig that can be read (--kubeconfig or $KUBECONFIG), found ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** KubeConfig.loadFromCluster() does the same but reads the environment by itself. */
function fromPod({ inCluster }: ClusterAccess): KubeConfig {
  if (inCluster === undefined) {
    throw new ClusterAccessError(
      'no way to the API server: not in a pod (KUBERNETES_SERVICE_HOST is not set) and no kubeconfig given; ' +
        'pass --kubeconfig or set KUBECONFIG',
    );
  }
  const host = inCluster.host.includes(':') ? `[${inCluster.host}]` : inCluster.host;
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: 'in-cluster',
        server: `https://${host}:${inCluster.port}`,
        caFile: `${SERVICE_ACCOUNT}/ca.crt`,
        skipTLSVerify: false,
      },
    ],
    users: [
      {
        name: 'in-cluster',
        // Re-read every minute by KubeConfig: bound tokens are replaced by the kubelet well before they expire.
        authProvider: { name: 'tokenFile', config: { tokenFile: `${SERVICE_ACCOUNT}/token` } },
      },
    ],
    contexts: [{ name: 'in-cluster', cluster: 'in-cluster', user: 'in-cluster' }],
    currentContext: 'in-cluster',
  });
  return config;
}
