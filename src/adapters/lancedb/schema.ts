import {
  Field,
  Float64,
  Int32,
  Schema,
  TimestampMillisecond,
  Uint32,
  Utf8,
  type DataType,
} from 'apache-arrow';

import type { DecisionRow, OutcomeRow } from './rows.ts';

export type TableName = 'decisions' | 'outcomes';

const text = (name: string): Field => new Field(name, new Utf8(), false);
const maybeText = (name: string): Field => new Field(name, new Utf8(), true);
const maybeNumber = (name: string): Field => new Field(name, new Float64(), true);
const required = (name: string, type: DataType): Field => new Field(name, type, false);

// Float64 where an integer may pass 2^31 (a generation): Arrow's Int64 is a bigint, which JSON cannot carry.
const decisionFields: Readonly<Record<keyof DecisionRow, (name: string) => Field>> = {
  decision_id: text,
  at: (name) => required(name, new TimestampMillisecond('UTC')),
  namespace: text,
  policy: text,
  policy_uid: text,
  policy_generation: (name) => required(name, new Float64()),
  workload: text,
  workload_uid: text,
  kind: text,
  mode: maybeText,
  action: maybeText,
  from_replicas: (name) => required(name, new Int32()),
  to_replicas: (name) => required(name, new Int32()),
  message: maybeText,
  forecast_metric: maybeText,
  forecast_peak: maybeNumber,
  forecast_upper: maybeNumber,
  forecast_confidence_percent: maybeNumber,
  forecast_horizon_seconds: maybeNumber,
  proposals: maybeText,
  guards: maybeText,
  trace: text,
  checksum: (name) => required(name, new Uint32()),
};

const outcomeFields: Readonly<Record<keyof OutcomeRow, (name: string) => Field>> = {
  decision_id: text,
  at: (name) => required(name, new TimestampMillisecond('UTC')),
  ending: text,
  result: maybeText,
  reason: maybeText,
  message: maybeText,
  observed_seconds: maybeNumber,
  measured_seconds: maybeNumber,
  violated_seconds: maybeNumber,
  replica_seconds: maybeNumber,
  cost: maybeNumber,
  outcome: maybeText,
  checksum: (name) => required(name, new Uint32()),
};

function schemaOf(fields: Readonly<Record<string, (name: string) => Field>>): Schema {
  return new Schema(Object.entries(fields).map(([name, field]) => field(name)));
}

/** Columns of each table, with explicit types: a schema inferred from rows changes with the first null. */
export const SCHEMAS: Readonly<Record<TableName, Schema>> = {
  decisions: schemaOf(decisionFields),
  outcomes: schemaOf(outcomeFields),
};
