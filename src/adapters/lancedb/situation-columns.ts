import type { Censoring, Situation } from '../../loop/knowledge/situation.ts';
import { EMBEDDING_DIMENSIONS } from '../../loop/knowledge/situation.ts';
import type { SituationRow } from './row-types.ts';

/** Numbers of a situation's row; NaN where null. */
const NUMBERS = [
  'at',
  'embedding_version',
  'action_from',
  'action_to',
  'action_peak',
  'oracle_replica_seconds',
  'demand',
  'window_seconds',
  'measured_seconds',
  'violated_seconds',
  'replica_seconds',
  'requests',
  'bad_requests',
  'replicas_changed',
  'changes',
  'rollbacks',
  'restarts',
  'throttled_share',
  'cost',
] as const satisfies readonly (keyof SituationRow)[];

/** Texts that few situations differ in. */
const NAMES = [
  'namespace',
  'policy',
  'policy_uid',
  'workload_kind',
  'workload',
  'workload_uid',
  'workload_class',
  'action_arm',
] as const satisfies readonly (keyof SituationRow)[];

const ARM_NUMBERS = [
  'arm_replica_seconds',
  'arm_bad_requests',
  'arm_violated_seconds',
  'arm_replicas_changed',
] as const satisfies readonly (keyof SituationRow)[];

const SUCCEEDED = [false, true, null] as const;

/** Many situations in few arrays: fifty thousand cross to another process as one copy. Newest first. */
export interface SituationColumns {
  readonly count: number;
  readonly ids: readonly string[];
  readonly summaries: readonly string[];
  /** Situation after situation, `EMBEDDING_DIMENSIONS` each. */
  readonly embeddings: Float32Array;
  readonly numbers: Float64Array;
  /** What `names`, `armNames` and `censored` are places in. */
  readonly dictionary: readonly string[];
  readonly names: Uint32Array;
  /** Arms of situation i: from `armStarts[i]` to `armStarts[i + 1]`. */
  readonly armStarts: Uint32Array;
  readonly armNames: Uint32Array;
  readonly armNumbers: Float64Array;
  /** The reasons, joined by commas. */
  readonly censored: Uint32Array;
  /** 0 no, 1 yes, 2 not known. */
  readonly succeeded: Uint8Array;
}

/** Turns rows into columns one by one: a table of row objects would not fit the memory of the store's process. */
export class SituationColumnsBuilder {
  readonly #places = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #summaries: string[] = [];
  readonly #embeddings: Float32Array;
  readonly #numbers: Float64Array;
  readonly #names: Uint32Array;
  readonly #armStarts: Uint32Array;
  readonly #armNames: number[] = [];
  readonly #armNumbers: number[] = [];
  readonly #censored: Uint32Array;
  readonly #succeeded: Uint8Array;

  /** @param capacity rows at most. */
  constructor(capacity: number) {
    this.#embeddings = new Float32Array(capacity * EMBEDDING_DIMENSIONS);
    this.#numbers = new Float64Array(capacity * NUMBERS.length);
    this.#names = new Uint32Array(capacity * NAMES.length);
    this.#armStarts = new Uint32Array(capacity + 1);
    this.#censored = new Uint32Array(capacity);
    this.#succeeded = new Uint8Array(capacity);
  }

  get count(): number {
    return this.#ids.length;
  }

  add(row: SituationRow): void {
    const i = this.count;
    this.#ids.push(row.situation_id);
    this.#summaries.push(row.summary);
    this.#embeddings.set(row.embedding, i * EMBEDDING_DIMENSIONS);
    for (const [n, name] of NUMBERS.entries()) this.#numbers[i * NUMBERS.length + n] = row[name] ?? NaN;
    for (const [n, name] of NAMES.entries()) this.#names[i * NAMES.length + n] = this.#placeOf(row[name]);
    this.#censored[i] = this.#placeOf(row.censored.join(','));
    this.#succeeded[i] = row.succeeded ?? 2;
    for (const [a, arm] of row.arms.entries()) {
      this.#armNames.push(this.#placeOf(arm));
      for (const name of ARM_NUMBERS) this.#armNumbers.push(row[name][a] ?? NaN);
    }
    this.#armStarts[i + 1] = this.#armNames.length;
  }

  columns(): SituationColumns {
    const { count } = this;
    return {
      count,
      ids: this.#ids,
      summaries: this.#summaries,
      embeddings: this.#embeddings.subarray(0, count * EMBEDDING_DIMENSIONS),
      numbers: this.#numbers.subarray(0, count * NUMBERS.length),
      names: this.#names.subarray(0, count * NAMES.length),
      armStarts: this.#armStarts.subarray(0, count + 1),
      armNames: Uint32Array.from(this.#armNames),
      armNumbers: Float64Array.from(this.#armNumbers),
      censored: this.#censored.subarray(0, count),
      succeeded: this.#succeeded.subarray(0, count),
      dictionary: [...this.#places.keys()],
    };
  }

  #placeOf(text: string): number {
    const place = this.#places.get(text) ?? this.#places.size;
    this.#places.set(text, place);
    return place;
  }
}

/** One of them as an object, without the choice of its arm; its embedding is a view of the columns', not a copy. */
export function situationAt(columns: SituationColumns, index: number): Situation {
  const number = (name: (typeof NUMBERS)[number]): number =>
    columns.numbers[index * NUMBERS.length + NUMBERS.indexOf(name)] ?? NaN;
  const known = (name: (typeof NUMBERS)[number]): number | null => {
    const value = number(name);
    return Number.isNaN(value) ? null : value;
  };
  const name = (which: (typeof NAMES)[number]): string =>
    columns.dictionary[columns.names[index * NAMES.length + NAMES.indexOf(which)] ?? 0] ?? '';
  return {
    id: columns.ids[index] ?? '',
    at: number('at'),
    policy: { namespace: name('namespace'), name: name('policy'), uid: name('policy_uid') },
    workload: { kind: name('workload_kind'), name: name('workload'), uid: name('workload_uid') },
    workloadClass: name('workload_class') as Situation['workloadClass'],
    embeddingVersion: number('embedding_version'),
    embedding: columns.embeddings.subarray(index * EMBEDDING_DIMENSIONS, (index + 1) * EMBEDDING_DIMENSIONS),
    summary: columns.summaries[index] ?? '',
    action: {
      from: number('action_from'),
      to: number('action_to'),
      peak: number('action_peak'),
      arm: name('action_arm'),
    },
    arms: armsAt(columns, index),
    oracleReplicaSeconds: number('oracle_replica_seconds'),
    demand: number('demand'),
    outcome: {
      windowSeconds: number('window_seconds'),
      measuredSeconds: number('measured_seconds'),
      violatedSeconds: known('violated_seconds'),
      replicaSeconds: number('replica_seconds'),
      requests: known('requests'),
      badRequests: known('bad_requests'),
      replicasChanged: number('replicas_changed'),
      changes: number('changes'),
      rollbacks: number('rollbacks'),
      restarts: known('restarts'),
      throttledShare: known('throttled_share'),
      cost: known('cost'),
    },
    censored: censoringAt(columns, index),
    succeeded: SUCCEEDED[columns.succeeded[index] ?? 2] ?? null,
  };
}

function armsAt(columns: SituationColumns, index: number): Situation['arms'] {
  const from = columns.armStarts[index] ?? 0;
  const to = columns.armStarts[index + 1] ?? from;
  return Array.from({ length: to - from }, (_, i) => {
    const number = (n: number): number => columns.armNumbers[(from + i) * ARM_NUMBERS.length + n] ?? NaN;
    return {
      arm: columns.dictionary[columns.armNames[from + i] ?? 0] ?? '',
      replicaSeconds: number(0),
      badRequests: number(1),
      violatedSeconds: number(2),
      replicasChanged: number(3),
    };
  });
}

function censoringAt(columns: SituationColumns, index: number): readonly Censoring[] {
  const joined = columns.dictionary[columns.censored[index] ?? 0] ?? '';
  return joined === '' ? [] : (joined.split(',') as Censoring[]);
}
