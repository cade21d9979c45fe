import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { paths } from './components.ts';

/** What another process needs to use a running control plane; plain data, so it fits into a file. */
export interface ClusterCoordinates {
  /** Run directory; goes when the control plane stops. */
  readonly dir: string;
  readonly url: string;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly caFile: string;
  readonly auditLog: string;
  /** Paths of the binaries. */
  readonly tools: { readonly kubectl: string; readonly keeper: string };
}

/** kubectl ended with an error. */
class KubectlError extends Error {
  readonly stderr: string;

  constructor(args: readonly string[], code: number | null, stderr: string) {
    super(`kubectl ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
    this.stderr = stderr;
  }
}

/** Uses a control plane that runs, here or in another process. */
export class Cluster {
  readonly coordinates: ClusterCoordinates;

  constructor(coordinates: ClusterCoordinates) {
    this.coordinates = coordinates;
  }

  get dir(): string {
    return this.coordinates.dir;
  }

  get url(): string {
    return this.coordinates.url;
  }

  get kubeconfig(): string {
    return this.coordinates.kubeconfig;
  }

  get caFile(): string {
    return this.coordinates.caFile;
  }

  get auditLog(): string {
    return this.coordinates.auditLog;
  }

  /**
   * Runs kubectl as the administrator.
   * @returns its standard output.
   * @throws KubectlError when it ends with an error.
   */
  async kubectl(args: readonly string[], stdin = ''): Promise<string> {
    const { tools, kubeconfig, dir } = this.coordinates;
    const child = spawn(tools.keeper, ['leash', String(process.pid), tools.kubectl, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // The discovery cache is found by host and port; those come back in the next run with other contents.
      env: { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: `${dir}/kubectl-cache`, KUBERC: 'off' },
    });
    // kubectl may end without having read everything; its exit status says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code !== 0) throw new KubectlError(args, code, stderr);
    return stdout;
  }

  /**
   * A kubeconfig that acts as the ServiceAccount with a real token (TokenRequest, valid for a day).
   * @returns its path, inside the run directory.
   */
  async serviceAccountKubeconfig(namespace: string, name: string): Promise<string> {
    const token = await this.kubectl(['create', 'token', name, `--namespace=${namespace}`, '--duration=24h']);
    const path = paths.kubeconfig(this.dir, `${namespace}.${name}`);
    await writeKubeconfig(path, this.coordinates, { token: token.trim() }, namespace);
    return path;
  }
}

/** The `user` part of a kubeconfig. */
export type Credentials =
  { readonly token: string } | { readonly 'client-certificate': string; readonly 'client-key': string };

export async function writeKubeconfig(
  path: string,
  server: Pick<ClusterCoordinates, 'url' | 'caFile'>,
  user: Credentials,
  namespace = 'default',
): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'dev', cluster: { server: server.url, 'certificate-authority': server.caFile } }],
    users: [{ name: 'user', user }],
    contexts: [{ name: 'dev', context: { cluster: 'dev', user: 'user', namespace } }],
    'current-context': 'dev',
  };
  // JSON is YAML.
  await writeFile(path, JSON.stringify(config, null, 2), { mode: 0o600 });
}
