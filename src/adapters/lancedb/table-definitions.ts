import { FEATURE_SCHEMA } from '../../loop/monitor/features/schema.ts';
import type { ChecksumColumns } from './checksum.ts';
import type {
  AnomalyRow,
  DecisionRow,
  DocumentRow,
  OutcomeColumns,
  OutcomeRow,
  OwnerColumns,
  RewardRow,
  SituationRow,
} from './row-types.ts';

/** What a column holds; `maybe…` may be null, the others never are. */
export type ColumnType =
  | 'text'
  | 'maybeText'
  | 'texts'
  | 'number'
  | 'maybeNumber'
  | 'numbers'
  | 'integer'
  | 'maybeFloat32'
  | 'flag'
  | 'time'
  /** 64 bits. */
  | 'key'
  | 'checksum'
  /** `EMBEDDING_DIMENSIONS` float32. */
  | 'embedding';

export interface TableDefinition {
  readonly name: string;
  /** Raised with each added column. Tables of version 1 may lack the mark. */
  readonly version: number;
  /** The column that tells the rows apart; copies of a row have the same. */
  readonly key: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Columns that are younger than version 1: nullable, and null in older rows. */
  readonly addedIn?: Readonly<Record<string, number>>;
}

type ColumnsOf<Row> = Readonly<Record<keyof Row, ColumnType>>;

const decisions: ColumnsOf<DecisionRow> = {
  decision_id: 'text',
  at: 'time',
  namespace: 'text',
  policy: 'text',
  policy_uid: 'text',
  // A generation may pass 2^31, and Arrow's Int64 is a bigint, which JSON cannot carry.
  policy_generation: 'number',
  workload: 'text',
  workload_uid: 'text',
  kind: 'text',
  mode: 'maybeText',
  action: 'maybeText',
  from_replicas: 'integer',
  to_replicas: 'integer',
  message: 'maybeText',
  forecast_metric: 'maybeText',
  forecast_peak: 'maybeNumber',
  forecast_upper: 'maybeNumber',
  forecast_confidence_percent: 'maybeNumber',
  forecast_horizon_seconds: 'maybeNumber',
  proposals: 'maybeText',
  guards: 'maybeText',
  trace: 'text',
  checksum: 'checksum',
};

const outcomes: ColumnsOf<OutcomeRow> = {
  decision_id: 'text',
  at: 'time',
  ending: 'text',
  result: 'maybeText',
  reason: 'maybeText',
  message: 'maybeText',
  observed_seconds: 'maybeNumber',
  measured_seconds: 'maybeNumber',
  violated_seconds: 'maybeNumber',
  replica_seconds: 'maybeNumber',
  cost: 'maybeNumber',
  outcome: 'maybeText',
  checksum: 'checksum',
};

const owner: ColumnsOf<OwnerColumns> = {
  namespace: 'text',
  policy: 'text',
  policy_uid: 'text',
  workload_kind: 'text',
  workload: 'text',
  workload_uid: 'text',
};

const rawOutcome: ColumnsOf<OutcomeColumns> = {
  window_seconds: 'number',
  measured_seconds: 'number',
  violated_seconds: 'maybeNumber',
  replica_seconds: 'number',
  requests: 'maybeNumber',
  bad_requests: 'maybeNumber',
  replicas_changed: 'number',
  changes: 'number',
  rollbacks: 'number',
  restarts: 'maybeNumber',
  throttled_share: 'maybeNumber',
  cost: 'maybeNumber',
};

const situations: ColumnsOf<SituationRow> = {
  situation_id: 'text',
  at: 'time',
  ...owner,
  workload_class: 'text',
  embedding_version: 'integer',
  embedding: 'embedding',
  summary: 'text',
  action_from: 'integer',
  action_to: 'integer',
  action_peak: 'integer',
  action_arm: 'text',
  arms: 'texts',
  arm_replica_seconds: 'numbers',
  arm_bad_requests: 'numbers',
  arm_violated_seconds: 'numbers',
  arm_replicas_changed: 'numbers',
  oracle_replica_seconds: 'number',
  demand: 'number',
  ...rawOutcome,
  censored: 'texts',
  succeeded: 'maybeNumber',
  choice: 'maybeText',
  checksum: 'checksum',
};

const anomalies: ColumnsOf<AnomalyRow> = {
  anomaly_id: 'text',
  at: 'time',
  ...owner,
  kind: 'text',
  signal: 'text',
  severity: 'text',
  opened_at: 'time',
  surprise: 'number',
  message: 'text',
  ending: 'text',
  held: 'flag',
  checksum: 'checksum',
};

const rewards: ColumnsOf<RewardRow> = {
  decision_id: 'text',
  at: 'time',
  ...owner,
  action: 'text',
  from_replicas: 'integer',
  to_replicas: 'integer',
  ending: 'text',
  share: 'number',
  ...rawOutcome,
  baseline_arm: 'maybeText',
  baseline_replica_seconds: 'maybeNumber',
  baseline_bad_requests: 'maybeNumber',
  baseline_violated_seconds: 'maybeNumber',
  censored: 'texts',
  reward: 'maybeNumber',
  advantage: 'maybeNumber',
  succeeded: 'maybeNumber',
  checksum: 'checksum',
};

const documents: ColumnsOf<DocumentRow> = {
  revision_id: 'text',
  document_id: 'text',
  at: 'time',
  source: 'text',
  namespace: 'maybeText',
  title: 'text',
  text: 'text',
  removed: 'flag',
  checksum: 'checksum',
};

/** SQL folds names to lower case: the schema's `cpuUtilization` is `cpu_utilization` here. */
export const FEATURE_COLUMNS: readonly string[] = FEATURE_SCHEMA.features.map(({ name }) =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
);

const features: Readonly<Record<string, ColumnType>> = {
  series_minute: 'key',
  at: 'time',
  namespace: 'text',
  policy: 'text',
  policy_uid: 'text',
  schema_hash: 'text',
  ...Object.fromEntries(FEATURE_COLUMNS.map((name) => [name, 'maybeFloat32' as const])),
  checksum: 'checksum',
};

/** The tables whose rows come from the journal, one by one. */
export interface RowTables {
  readonly decisions: DecisionRow;
  readonly outcomes: OutcomeRow;
  readonly rewards: RewardRow;
  readonly situations: SituationRow;
  readonly anomalies: AnomalyRow;
  readonly documents: DocumentRow;
}

export type RowTableName = keyof RowTables;

export type TableName = RowTableName | 'features';

export const DEFINITIONS: Readonly<Record<TableName, TableDefinition>> = {
  decisions: { name: 'decisions', version: 1, key: 'decision_id', columns: decisions },
  outcomes: { name: 'outcomes', version: 1, key: 'decision_id', columns: outcomes },
  rewards: { name: 'rewards', version: 1, key: 'decision_id', columns: rewards },
  situations: {
    name: 'situations',
    version: 2,
    key: 'situation_id',
    columns: situations,
    addedIn: { choice: 2 },
  },
  anomalies: { name: 'anomalies', version: 1, key: 'anomaly_id', columns: anomalies },
  documents: { name: 'documents', version: 1, key: 'revision_id', columns: documents },
  features: { name: 'features', version: 1, key: 'series_minute', columns: features },
};

export const ROW_TABLES: readonly RowTableName[] = [
  'decisions',
  'outcomes',
  'rewards',
  'situations',
  'anomalies',
  'documents',
];

export const TABLES: readonly TableName[] = [...ROW_TABLES, 'features'];

/** What the checksum of a table's rows covers: all but itself. */
export function checksumColumns({ columns, addedIn = {} }: TableDefinition): ChecksumColumns {
  const covered = Object.keys(columns).filter((column) => columns[column] !== 'checksum');
  return {
    first: covered.filter((column) => !Object.hasOwn(addedIn, column)),
    later: covered.filter((column) => Object.hasOwn(addedIn, column)),
  };
}
