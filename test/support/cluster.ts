import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster, type ClusterCoordinates } from '../../hack/controlplane/cluster.ts';
import { waitFor, type WaitOptions } from './wait-for.ts';

/** Environment variable with the path of the file that holds the shared cluster's coordinates as JSON. */
export const CLUSTER_VARIABLE = 'AUTONOMIC_TEST_CLUSTER';

/** Folder in the control plane's own that holds a folder for each operator; the oracle reads their journals. */
export const OPERATORS = 'operators';

let cluster: Cluster | null = null;

/**
 * The control plane that all integration tests of a run share. Tests keep apart by namespaces of their own; who breaks
 * a server or writes what the oracle would refuse starts a control plane of its own.
 */
export function testCluster(): Cluster {
  if (cluster !== null) return cluster;
  const file = process.env[CLUSTER_VARIABLE];
  if (file === undefined) {
    throw new Error(
      `${CLUSTER_VARIABLE} is not set: run this through jest's integration project (make test-integration)`,
    );
  }
  cluster = new Cluster(JSON.parse(readFileSync(file, 'utf8')) as ClusterCoordinates);
  return cluster;
}

/** A new folder for the state of one operator. */
export function stateDirectory(prefix = 'operator', on: Cluster = testCluster()): string {
  return join(on.dir, OPERATORS, `${prefix}-${randomBytes(4).toString('hex')}`);
}

/** Makes a namespace with a name of its own and returns the name. */
export async function createNamespace(prefix = 'test', on: Cluster = testCluster()): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`;
  await on.kubectl(['create', 'namespace', name]);
  return name;
}

/** `kubectl apply` of an object, several objects, or YAML text. */
export async function apply(
  manifest: object | readonly object[] | string,
  on: Cluster = testCluster(),
): Promise<void> {
  await on.kubectl(['apply', '-f', '-'], manifestText(manifest));
}

function manifestText(manifest: object | readonly object[] | string): string {
  if (typeof manifest === 'string') return manifest;
  if (!Array.isArray(manifest)) return JSON.stringify(manifest);
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifest });
}

export interface ObjectReference {
  /** As kubectl takes it: `deployment`, `autonomicpolicies.autonomic.dev`… */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Reads one object.
 * @throws KubectlError when it does not exist.
 */
export async function read<T = KubernetesObject>(
  { resource, namespace, name }: ObjectReference,
  on: Cluster = testCluster(),
): Promise<T> {
  return JSON.parse(await on.kubectl(['get', resource, name, `--namespace=${namespace}`, '-o', 'json'])) as T;
}

/** What all objects have; a test names more where it needs more. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

/** Waits until the object has the condition with that status, and returns it. */
export async function waitForCondition(
  reference: ObjectReference,
  wanted: Pick<Condition, 'type' | 'status'> & { readonly reason?: string },
  options: WaitOptions & { readonly on?: Cluster } = {},
): Promise<Condition> {
  const { resource, namespace, name } = reference;
  const reason = wanted.reason === undefined ? '' : ` (${wanted.reason})`;
  let seen: readonly Condition[] = [];
  return waitFor(
    `${resource} ${namespace}/${name} to have ${wanted.type}=${wanted.status}${reason}`,
    async () => {
      const { status } = await read(reference, options.on);
      seen = status?.conditions ?? [];
      return seen.find(
        (one) =>
          one.type === wanted.type &&
          one.status === wanted.status &&
          (wanted.reason === undefined || one.reason === wanted.reason),
      );
    },
    options,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\nits conditions: ${JSON.stringify(seen)}`, { cause: error });
  });
}

export { readAudit } from '../oracle/audit-log.ts';
export { waitFor } from './wait-for.ts';
