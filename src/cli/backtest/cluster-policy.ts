import { KubeClient } from '../../adapters/kubernetes/client.ts';
import { ApiError } from '../../adapters/kubernetes/errors.ts';
import { ClusterAccessError } from '../../adapters/kubernetes/kubeconfig.ts';
import { API_GROUP, API_VERSION, POLICY_PLURAL } from '../../api/names.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { clusterAccess, currentNamespace } from '../cluster-access.ts';
import { InputError } from '../verb.ts';
import { checkedPolicy } from './checked-policy.ts';
import type { TriedPolicy } from './simulated-policy.ts';
import type { PolicySource } from './source-flags.ts';

/** An AutonomicPolicy of the cluster, with the CPU that its target's replicas ask for. @throws InputError */
export async function clusterPolicy(
  { name, namespace, ...flags }: Extract<PolicySource, { kind: 'cluster' }>,
  version: string,
): Promise<TriedPolicy> {
  const access = clusterAccess(flags);
  let client: KubeClient | undefined;
  const source = `policy ${name}`;
  try {
    const inside = namespace ?? currentNamespace(access);
    client = await KubeClient.connect(access, { version });
    const path = `/apis/${API_GROUP}/${API_VERSION}/namespaces/${inside}/${POLICY_PLURAL}/${name}`;
    const object = await client.request<unknown>({ method: 'GET', path });
    const policy = checkedPolicy(object, `policy ${inside}/${name}`);
    const replicaCores = await coresOf(client, policy);
    return {
      source: `policy ${inside}/${name}`,
      ...policy,
      ...(replicaCores === undefined ? {} : { replicaCores }),
    };
  } catch (error) {
    throw explain(error, source);
  } finally {
    await client?.close();
  }
}

function explain(error: unknown, source: string): unknown {
  if (error instanceof ClusterAccessError) return new InputError(error.message, { cause: error });
  if (!(error instanceof ApiError)) return error;
  const remedy =
    error.status === 404
      ? 'check name and namespace with "kubectl get autonomicpolicies -A"'
      : 'check the kubeconfig and its context';
  return new InputError(`${source}: ${error.message}; ${remedy}`, { cause: error });
}

interface WorkloadObject {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly {
          readonly resources?: { readonly requests?: { readonly cpu?: string } };
        }[];
      };
    };
  };
}

/** Undefined when the target is not there, or a container of it asks for no CPU. */
async function coresOf(
  client: KubeClient,
  { namespace, spec }: Pick<TriedPolicy, 'namespace' | 'spec'>,
): Promise<number | undefined> {
  const plural = spec.targetRef.kind === 'Deployment' ? 'deployments' : 'statefulsets';
  const path = `/apis/apps/v1/namespaces/${namespace}/${plural}/${spec.targetRef.name}`;
  try {
    const { spec: workload } = await client.request<WorkloadObject>({ method: 'GET', path });
    const containers = workload?.template?.spec?.containers ?? [];
    const cores = containers.map(({ resources }) => parseQuantity(resources?.requests?.cpu ?? '0'));
    const sum = cores.reduce((total, each) => total + each, 0);
    return cores.length > 0 && cores.every((each) => each > 0) ? sum : undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
