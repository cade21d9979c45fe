import { crc32 } from 'node:zlib';

import type { JournalRecord } from '../../loop/execute/journal-record.ts';

/** One decision as stored. Times in ms since the epoch; null where the decision did not say. */
export interface DecisionRow {
  readonly decision_id: string;
  readonly at: number;
  readonly namespace: string;
  readonly policy: string;
  readonly policy_uid: string;
  readonly policy_generation: number;
  /** Kind and name: "Deployment/web". */
  readonly workload: string;
  readonly workload_uid: string;
  /** `Intent`: to be carried out. `Proposal`: decided, and not carried out (Preview, or a guard objected). */
  readonly kind: string;
  readonly mode: string | null;
  readonly action: string | null;
  readonly from_replicas: number;
  readonly to_replicas: number;
  readonly message: string | null;
  readonly forecast_metric: string | null;
  /** In the unit of the metric, as is `forecast_upper`. */
  readonly forecast_peak: number | null;
  readonly forecast_upper: number | null;
  readonly forecast_confidence_percent: number | null;
  readonly forecast_horizon_seconds: number | null;
  /** JSON arrays. */
  readonly proposals: string | null;
  readonly guards: string | null;
  /** JSON: everything else that the decision says. */
  readonly trace: string;
  readonly checksum: number;
}

/** The ending of one decision. Durations in seconds, `cost` in the policy's currency. */
export interface OutcomeRow {
  readonly decision_id: string;
  readonly at: number;
  /** `Closed`: measured. `Aborted`: the target was not changed. */
  readonly ending: string;
  /** `Met`, `Violated`, `Unmeasured`, `Superseded`, `UndoneByPerson`, `Aborted`. */
  readonly result: string | null;
  readonly reason: string | null;
  readonly message: string | null;
  readonly observed_seconds: number | null;
  readonly measured_seconds: number | null;
  readonly violated_seconds: number | null;
  readonly replica_seconds: number | null;
  readonly cost: number | null;
  /** JSON: the whole outcome. */
  readonly outcome: string | null;
  readonly checksum: number;
}

/** What goes to the store together. */
export interface RowBatch {
  readonly decisions: readonly DecisionRow[];
  readonly outcomes: readonly OutcomeRow[];
}

/** The rows that a journal record becomes; none for records that only the intent protocol needs. */
export function rowsOf(record: JournalRecord): RowBatch {
  switch (record.kind) {
    case 'Intent':
    case 'Proposal':
      return { decisions: [decisionRow(record)], outcomes: [] };
    case 'Aborted':
    case 'Closed':
      return { decisions: [], outcomes: [outcomeRow(record)] };
    case 'Applied':
    case 'Exported':
      return { decisions: [], outcomes: [] };
  }
}

/**
 * CRC-32 over the row's values in the order of its columns. LanceDB does not notice every flipped bit: of 120
 * random flips in data files three gave wrong rows without an error.
 */
export function checksumOf(row: Readonly<Record<string, unknown>>, columns: readonly string[]): number {
  return crc32(JSON.stringify(columns.map((column) => row[column] ?? null)));
}

export const DECISION_COLUMNS = [
  'decision_id',
  'at',
  'namespace',
  'policy',
  'policy_uid',
  'policy_generation',
  'workload',
  'workload_uid',
  'kind',
  'mode',
  'action',
  'from_replicas',
  'to_replicas',
  'message',
  'forecast_metric',
  'forecast_peak',
  'forecast_upper',
  'forecast_confidence_percent',
  'forecast_horizon_seconds',
  'proposals',
  'guards',
  'trace',
] as const satisfies readonly (keyof DecisionRow)[];

export const OUTCOME_COLUMNS = [
  'decision_id',
  'at',
  'ending',
  'result',
  'reason',
  'message',
  'observed_seconds',
  'measured_seconds',
  'violated_seconds',
  'replica_seconds',
  'cost',
  'outcome',
] as const satisfies readonly (keyof OutcomeRow)[];

function decisionRow(record: Extract<JournalRecord, { kind: 'Intent' | 'Proposal' }>): DecisionRow {
  const { policy, target } = record;
  // The journal may hold decisions of an older version: every field of the document may be missing.
  const { proposals, guards, ...trace } = record.decision as Document;
  const forecast = document(trace['forecast']);
  const row = {
    decision_id: wellFormed(record.decisionId),
    at: record.at,
    namespace: wellFormed(policy.namespace),
    policy: wellFormed(policy.name),
    policy_uid: wellFormed(policy.uid),
    policy_generation: policy.generation,
    workload: wellFormed(`${target.kind}/${target.name}`),
    workload_uid: wellFormed(target.uid),
    kind: record.kind,
    mode: text(trace['mode']),
    action: text(trace['action']),
    from_replicas: record.previousReplicas,
    to_replicas: record.nextReplicas,
    message: text(trace['message']),
    forecast_metric: text(forecast['metric']),
    forecast_peak: number(forecast['peak']),
    forecast_upper: number(forecast['upper']),
    forecast_confidence_percent: number(forecast['confidencePercent']),
    forecast_horizon_seconds: number(forecast['horizonSeconds']),
    proposals: json(proposals),
    guards: json(guards),
    trace: JSON.stringify(trace),
  };
  return { ...row, checksum: checksumOf(row, DECISION_COLUMNS) };
}

function outcomeRow(record: Extract<JournalRecord, { kind: 'Aborted' | 'Closed' }>): OutcomeRow {
  const outcome: Document =
    record.kind === 'Closed'
      ? (record.outcome as Document)
      : { result: 'Aborted', reason: record.reason, message: record.message };
  const row = {
    decision_id: wellFormed(record.decisionId),
    at: record.at,
    ending: record.kind,
    result: text(outcome['result']),
    reason: text(outcome['reason']),
    message: text(outcome['message']),
    observed_seconds: number(outcome['observedSeconds']),
    measured_seconds: number(outcome['measuredSeconds']),
    violated_seconds: number(outcome['violatedSeconds']),
    replica_seconds: number(outcome['replicaSeconds']),
    cost: number(outcome['cost']),
    outcome: record.kind === 'Closed' ? json(outcome) : null,
  };
  return { ...row, checksum: checksumOf(row, OUTCOME_COLUMNS) };
}

type Document = Readonly<Record<string, unknown>>;

function document(value: unknown): Document {
  return typeof value === 'object' && value !== null ? (value as Document) : {};
}

/** Arrow keeps UTF-8, which has no lone surrogates: replaced here, so that the checksum is of what is stored. */
function wellFormed(value: string): string {
  return value.toWellFormed();
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? wellFormed(value) : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
