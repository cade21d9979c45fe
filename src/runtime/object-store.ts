/** An object as the store keeps it. */
export interface StoredObject<T> {
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly object: T;
}

export type StoreEvent<T> =
  | { readonly type: 'added'; readonly key: string; readonly object: T }
  | { readonly type: 'updated'; readonly key: string; readonly object: T; readonly previous: T }
  | { readonly type: 'deleted'; readonly key: string; readonly object: T };

/** `namespace/name`, or `name` for what has no namespace. */
export function objectKey(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/**
 * The last known state of one collection. All objects are frozen. Each change returns what happened, told as a
 * level: one deleted and made again under the same name (another uid) is a deletion and an addition, also when
 * both went by unseen.
 */
export class ObjectStore<T> {
  readonly #objects = new Map<string, T>();
  readonly #versions = new Map<string, { readonly uid: string; readonly resourceVersion: string }>();

  /** Always the same map; it changes in one piece, between two turns of the event loop. */
  get objects(): ReadonlyMap<string, T> {
    return this.#objects;
  }

  set(item: StoredObject<T>): StoreEvent<T>[] {
    const key = objectKey(item.namespace, item.name);
    const object = deepFreeze(item.object);
    const known = this.#versions.get(key);
    if (known?.uid === item.uid && known.resourceVersion === item.resourceVersion) return [];
    const events: StoreEvent<T>[] = known !== undefined && known.uid !== item.uid ? this.#remove(key) : [];
    const previous = this.#objects.get(key);
    this.#objects.set(key, object);
    this.#versions.set(key, { uid: item.uid, resourceVersion: item.resourceVersion });
    events.push(
      previous === undefined ? { type: 'added', key, object } : { type: 'updated', key, object, previous },
    );
    return events;
  }

  /** The deletion carries the object as last stored. */
  delete(key: string): StoreEvent<T>[] {
    return this.#remove(key);
  }

  /** Makes the store hold exactly `items`. */
  replace(items: readonly StoredObject<T>[]): StoreEvent<T>[] {
    const present = new Set(items.map((item) => objectKey(item.namespace, item.name)));
    const gone = [...this.#objects.keys()].filter((key) => !present.has(key));
    return [...gone.flatMap((key) => this.#remove(key)), ...items.flatMap((item) => this.set(item))];
  }

  #remove(key: string): StoreEvent<T>[] {
    const object = this.#objects.get(key);
    if (object === undefined) return [];
    this.#objects.delete(key);
    this.#versions.delete(key);
    return [{ type: 'deleted', key, object }];
  }
}

function deepFreeze<V>(value: V): V {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const field of Object.values(value)) deepFreeze(field);
  return value;
}
