import type { KubeClient } from '../adapters/kubernetes/client.ts';
import { ApiError, isGone, isResponseTooLarge } from '../adapters/kubernetes/errors.ts';
import type { KubeList, KubeObject } from '../adapters/kubernetes/objects.ts';

/** A collection to mirror: all objects of a kind, or those of a namespace or selector. */
export interface Collection {
  /** For messages and metrics, such as `Deployment`. */
  readonly kind: string;
  /** Such as `/apis/apps/v1/deployments`. */
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects come without spec, status and data: for those that may be large, and are read again one by one. */
  readonly metadataOnly?: boolean;
}

/** A whole collection at one resource version. */
interface Snapshot<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

interface ListOptions<T> {
  readonly client: Pick<KubeClient, 'request'>;
  readonly collection: Collection;
  readonly signal: AbortSignal;
  /** Applied page by page, so that the whole collection is never in memory as it came. */
  readonly convert: (object: KubeObject) => readonly T[];
}

/** Objects per page: what client-go's pager and kubectl ask for. */
const PAGE_SIZE = 500;
/** Longer than an ordinary request's deadline: the server may have to read the whole page from etcd. */
const PAGE_DEADLINE_MS = 30_000;

/**
 * Reads a collection from one consistent snapshot, page by page. When a page token expires half way (410), it is
 * read again in one piece, as client-go's pager does: a collection that outlives its tokens once will do so again.
 * A page that is too long for the client is asked for again in halves.
 */
export async function listAll<T>(options: ListOptions<T>): Promise<Snapshot<T>> {
  let items: T[] = [];
  let limit: number | undefined = PAGE_SIZE;
  let token: string | undefined;
  for (;;) {
    try {
      const page = await readPage(options, limit, token);
      for (const object of page.items) items.push(...options.convert(object));
      token = page.metadata.continue;
      if (token === undefined || token === '')
        return { items, resourceVersion: page.metadata.resourceVersion };
    } catch (error) {
      if (isGone(error) && token !== undefined) {
        items = [];
        limit = token = undefined;
      } else if (isResponseTooLarge(error) && limit !== undefined && limit > 1) {
        limit = Math.ceil(limit / 2);
      } else {
        throw error;
      }
    }
  }
}

async function readPage<T>(options: ListOptions<T>, limit?: number, token?: string): Promise<CheckedList> {
  const { client, collection, signal } = options;
  const list = await client.request<KubeList | undefined>({
    method: 'GET',
    path: collection.path,
    // No resourceVersion: a quorum read, so a lagging server cannot take the cache back in time.
    query: { ...selectors(collection), limit, continue: token },
    ...accepting(collection, 'PartialObjectMetadataList'),
    deadlineMs: PAGE_DEADLINE_MS,
    signal,
  });
  const resourceVersion = list?.metadata.resourceVersion;
  if (
    list === undefined ||
    !Array.isArray(list.items) ||
    resourceVersion === undefined ||
    resourceVersion === ''
  ) {
    const message = `GET ${collection.path}: the answer is not a list with a resourceVersion`;
    throw new ApiError({ status: 0, reason: 'InvalidResponse', message });
  }
  return { ...list, metadata: { ...list.metadata, resourceVersion } };
}

type CheckedList = KubeList & { readonly metadata: { readonly resourceVersion: string } };

/** The part of a list or watch request that says which objects are meant. */
export function selectors({ labelSelector, fieldSelector }: Collection): Record<string, string | undefined> {
  return { labelSelector, fieldSelector };
}

/** The part of a list or watch request that says in which form objects are wanted (API concepts, "Metadata-only fetches"). */
export function accepting(
  { metadataOnly }: Collection,
  form: 'PartialObjectMetadata' | 'PartialObjectMetadataList',
): { readonly accept?: string } {
  return metadataOnly === true ? { accept: `application/json;as=${form};g=meta.k8s.io;v=v1` } : {};
}
