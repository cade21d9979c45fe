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

/** Rows as columns, in their order. */
export function situationColumns(rows: readonly SituationRow[]): SituationColumns {
  const places = new Map<string, number>();
  const placeOf = (text: string): number => {
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const count = rows.length;
  const armCount = rows.reduce((sum, { arms }) => sum + arms.length, 0);
  const columns = {
    count,
    ids: rows.map((row) => row.situation_id),
    summaries: rows.map((row) => row.summary),
    embeddings: new Float32Array(count * EMBEDDING_DIMENSIONS),
    numbers: new Float64Array(count * NUMBERS.length),
    names: new Uint32Array(count * NAMES.length),
    armStarts: new Uint32Array(count + 1),
    armNames: new Uint32Array(armCount),
    armNumbers: new Float64Array(armCount * ARM_NUMBERS.length),
    censored: new Uint32Array(count),
    succeeded: new Uint8Array(count),
  };
  let arms = 0;
  for (const [i, row] of rows.entries()) {
    columns.embeddings.set(row.embedding, i * EMBEDDING_DIMENSIONS);
    for (const [n, name] of NUMBERS.entries()) columns.numbers[i * NUMBERS.length + n] = row[name] ?? NaN;
    for (const [n, name] of NAMES.entries()) columns.names[i * NAMES.length + n] = placeOf(row[name]);
    columns.censored[i] = placeOf(row.censored.join(','));
    columns.succeeded[i] = SUCCEEDED.indexOf(row.succeeded);
    for (const [a, arm] of row.arms.entries()) {
      columns.armNames[arms] = placeOf(arm);
      for (const [n, name] of ARM_NUMBERS.entries())
        columns.armNumbers[arms * ARM_NUMBERS.length + n] = row[name][a] ?? NaN;
      arms += 1;
    }
    columns.armStarts[i + 1] = arms;
  }
  return { ...columns, dictionary: [...places.keys()] };
}

/** One of them as an object; its embedding is a view of the columns', not a copy. */
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
