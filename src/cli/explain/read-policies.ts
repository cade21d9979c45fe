import { KubeClient } from '../../adapters/kubernetes/client.ts';
import { ApiError, isForbidden, isNotFound, isUnauthorized } from '../../adapters/kubernetes/errors.ts';
import { ClusterAccessError } from '../../adapters/kubernetes/kubeconfig.ts';
import type { KubeList } from '../../adapters/kubernetes/objects.ts';
import { API_GROUP, API_VERSION, POLICY_KIND, POLICY_PLURAL } from '../../api/names.ts';
import { clusterAccess, currentNamespace } from '../cluster-access.ts';
import { InputError } from '../verb.ts';
import { readVersion } from '../version.ts';
import type { ExplainFlags } from './flags.ts';

/** A status has up to some 30 KB: a page is a few megabytes. */
const PAGE_SIZE = 100;

/** So many are named to somebody who asked for one that there is not. */
const MOST_NAMES = 20;

/** The objects as the API server has them. */
export interface FoundPolicies {
  readonly namespace: string;
  readonly objects: readonly unknown[];
}

/** The policy that was asked for, or all of the namespace by name. @throws InputError that says what to do */
export async function readPolicies(flags: ExplainFlags): Promise<FoundPolicies> {
  const access = clusterAccess(flags);
  let client: KubeClient | undefined;
  let namespace = flags.namespace;
  try {
    namespace ??= currentNamespace(access);
    client = await KubeClient.connect(access, { version: readVersion() });
    const objects =
      flags.policy === undefined
        ? await listPolicies(client, namespace)
        : [await getPolicy(client, namespace, flags.policy)];
    return { namespace, objects };
  } catch (error) {
    throw explained(error, namespace ?? 'default');
  } finally {
    await client?.close();
  }
}

async function getPolicy(client: KubeClient, namespace: string, name: string): Promise<unknown> {
  try {
    return await client.request<unknown>({ method: 'GET', path: `${pathOf(namespace)}/${name}` });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const others = await otherNames(client, namespace);
    throw new InputError(`there is no ${POLICY_KIND} "${name}" in namespace "${namespace}"; ${others}`, {
      cause: error,
    });
  }
}

/** What there is instead. Where the kind itself is unknown, the error of that goes on. */
async function otherNames(client: KubeClient, namespace: string): Promise<string> {
  let names: readonly string[];
  try {
    names = (await listPolicies(client, namespace)).map(({ metadata }) => metadata.name);
  } catch (error) {
    if (isNotFound(error)) throw error;
    return 'check name and namespace (-n)';
  }
  if (names.length === 0) {
    return 'there is none in it: "kubectl get autonomicpolicies -A" shows those of all namespaces';
  }
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `there are: ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

async function listPolicies(client: KubeClient, namespace: string): Promise<KubeList['items']> {
  const items: KubeList['items'][number][] = [];
  let next: string | undefined;
  do {
    const query = { limit: PAGE_SIZE, continue: next };
    const page = await client.request<KubeList>({ method: 'GET', path: pathOf(namespace), query });
    // Items of a list have neither.
    const kind = { apiVersion: `${API_GROUP}/${API_VERSION}`, kind: POLICY_KIND };
    items.push(...page.items.map((item) => ({ ...item, ...kind })));
    next = page.metadata.continue === '' ? undefined : page.metadata.continue;
  } while (next !== undefined);
  return items;
}

function pathOf(namespace: string): string {
  return `/apis/${API_GROUP}/${API_VERSION}/namespaces/${namespace}/${POLICY_PLURAL}`;
}

/** What to do about each way to fail. */
function explained(error: unknown, namespace: string): unknown {
  if (error instanceof ClusterAccessError) return new InputError(error.message, { cause: error });
  if (!(error instanceof ApiError)) return error;
  return new InputError(`${error.message}; ${remedyOf(error, namespace)}`, { cause: error });
}

function remedyOf(error: ApiError, namespace: string): string {
  if (isNotFound(error)) {
    return (
      `this cluster does not know the kind ${POLICY_KIND} (${API_GROUP}/${API_VERSION}): ` +
      'install the chart, or choose the cluster with --context'
    );
  }
  if (isForbidden(error)) {
    return `you need get and list of ${POLICY_PLURAL}.${API_GROUP} in namespace "${namespace}", which the cluster role "view" has: ask who runs the cluster`;
  }
  if (isUnauthorized(error))
    return 'the cluster does not know you: log in again, or choose another --context';
  return 'check that the API server can be reached, and the kubeconfig with its context';
}
