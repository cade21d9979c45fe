import type { Table } from '@lancedb/lancedb';

import { FEATURE_COUNT, FEATURE_SCHEMA } from '../../loop/monitor/features/schema.ts';
import { featureChecksum, featureSeed, seriesMinute } from './feature-arrow.ts';
import { KEYS_PER_QUERY } from './feature-store.ts';
import { FEATURE_COLUMNS } from './table-definitions.ts';

/** Times for which features are wanted: of each, a policy's uid and ms since the epoch. */
export interface FeatureLabels {
  readonly policyUids: readonly string[];
  /** Of each label: its place in `policyUids`. */
  readonly policy: Uint32Array;
  readonly at: Float64Array;
  /** Rows that are older than this before the label do not count, ms. */
  readonly toleranceMs: number;
}

/** What was known at each label's time, and nothing later. */
export interface FeaturesAsOf {
  /** Label after label, `FEATURE_COUNT` each, in the order of the feature schema; NaN: not known. */
  readonly values: Float32Array;
  /** When they were so; NaN where there is no row. */
  readonly at: Float64Array;
  /** Rows with a wrong checksum that an older one, or none, stands for. */
  readonly corruptRows: number;
}

const MINUTE = 60_000;

const OWN_COLUMNS = ['series_minute', 'at', 'namespace', 'policy', 'policy_uid', 'schema_hash', 'checksum'];

/**
 * Minutes looked at first. A row is taken at the first tick of its minute, so that the label's own minute mostly
 * has it; what a join takes is the reading of rows here and there in two dozen columns, and twice as many take
 * twice as long.
 */
const FIRST_MINUTES = 1;

interface Candidate {
  readonly at: number;
  readonly read: (values: Float32Array, offset: number) => boolean;
}

/**
 * Point-in-time join by event time: for each label the newest row of its policy, of this version's feature
 * schema, at or before it. @throws the error of LanceDB.
 */
export async function featuresAsOf(table: Table, labels: FeatureLabels): Promise<FeaturesAsOf> {
  const count = labels.at.length;
  const values = new Float32Array(count * FEATURE_COUNT).fill(NaN);
  const at = new Float64Array(count).fill(NaN);
  let open = Array.from({ length: count }, (_, label) => label);
  let corruptRows = 0;
  const deepest = Math.floor(labels.toleranceMs / MINUTE) + 1;
  // Further and further back, for those that are left.
  for (let back = 0, span = FIRST_MINUTES; back <= deepest && open.length > 0; back += span, span *= 2) {
    const minutes = { from: back, to: Math.min(deepest, back + span - 1) };
    const candidates = await candidatesFor(table, labels, open, minutes);
    open = open.filter((label) => {
      for (const candidate of (candidates.get(label) ?? []).sort((a, b) => b.at - a.at)) {
        if (candidate.read(values, label * FEATURE_COUNT)) {
          at[label] = candidate.at;
          return false;
        }
        corruptRows += 1;
      }
      return true;
    });
  }
  return { values, at, corruptRows };
}

async function candidatesFor(
  table: Table,
  labels: FeatureLabels,
  open: readonly number[],
  minutes: { readonly from: number; readonly to: number },
): Promise<Map<number, Candidate[]>> {
  const found = new Map<number, Candidate[]>();
  let wanted = new Map<bigint, number[]>();
  const flush = async (): Promise<void> => {
    if (wanted.size > 0) await lookUp(table, labels, wanted, found);
    wanted = new Map();
  };
  for (const label of open) {
    for (let back = minutes.from; back <= minutes.to; back += 1) {
      const minute = (labels.at[label] ?? NaN) - back * MINUTE;
      if (minute < 0) continue;
      const key = seriesMinute(uidOf(labels, label), minute);
      const same = wanted.get(key);
      if (same === undefined) wanted.set(key, [label]);
      else same.push(label);
    }
    if (wanted.size >= KEYS_PER_QUERY) await flush();
  }
  await flush();
  return found;
}

async function lookUp(
  table: Table,
  labels: FeatureLabels,
  wanted: ReadonlyMap<bigint, readonly number[]>,
  found: Map<number, Candidate[]>,
): Promise<void> {
  const arrow = await table
    .query()
    .select([...OWN_COLUMNS, ...FEATURE_COLUMNS])
    .where(`series_minute IN (${[...wanted.keys()].join(', ')})`)
    .toArrow();
  const columns = new Map(arrow.schema.names.map((name) => [String(name), arrow.getChild(String(name))]));
  const valueOf = (name: string, row: number): unknown => columns.get(name)?.get(row);
  for (let row = 0; row < arrow.numRows; row += 1) {
    const at = Number(valueOf('at', row));
    const uid = String(valueOf('policy_uid', row));
    if (valueOf('schema_hash', row) !== FEATURE_SCHEMA.hash) continue;
    for (const label of wanted.get(valueOf('series_minute', row) as bigint) ?? []) {
      const age = (labels.at[label] ?? NaN) - at;
      if (uid !== uidOf(labels, label) || age < 0 || age > labels.toleranceMs) continue;
      const candidate = { at, read: readerOf((name) => valueOf(name, row)) };
      const others = found.get(label);
      if (others === undefined) found.set(label, [candidate]);
      else others.push(candidate);
    }
  }
}

/** Copies the features of one row; false when its checksum is wrong. */
function readerOf(valueOf: (column: string) => unknown): Candidate['read'] {
  return (values, offset) => {
    for (const [i, name] of FEATURE_COLUMNS.entries()) values[offset + i] = Number(valueOf(name) ?? NaN);
    const owner = {
      namespace: String(valueOf('namespace')),
      name: String(valueOf('policy')),
      uid: String(valueOf('policy_uid')),
    };
    const seed = featureSeed(owner, String(valueOf('schema_hash')));
    const right =
      featureChecksum(seed, Number(valueOf('at')), (i) => values[offset + i] ?? NaN) === valueOf('checksum');
    if (!right) values.fill(NaN, offset, offset + FEATURE_COUNT);
    return right;
  };
}

function uidOf({ policyUids, policy }: FeatureLabels, label: number): string {
  return policyUids[policy[label] ?? 0] ?? '';
}
