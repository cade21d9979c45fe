import { randomUUID } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import {
  Field,
  Float32,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
  type Data,
} from 'apache-arrow';
import type { FeatureRows } from '../../loop/knowledge/dataset/feature-rows.ts';
import { FEATURE_COUNT, FEATURE_SCHEMA } from '../../loop/monitor/features/schema.ts';

/** Rows of one batch: a week of minutes, two thirds of a megabyte. */
const BATCH_ROWS = 10_080;

export interface FeatureFileOptions {
  /** ms since the epoch of the first and the last row. */
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
}

/**
 * Rows as record batches of an Arrow IPC file: owner, time, a column for each feature. Unknown is null. The schema's
 * metadata says which features they are (`featureSchemaHash`), of which window, and in which steps.
 */
export function featureFile(workloads: readonly FeatureRows[], options: FeatureFileOptions): Uint8Array {
  const schema = schemaOf(options);
  const writer = new RecordBatchFileWriter();
  for (const rows of workloads) {
    for (let first = 0; first < rows.at.length; first += BATCH_ROWS) {
      writer.write(batchOf(rows, first, schema));
    }
  }
  // Without a batch the writer would not know its schema.
  if (workloads.length === 0) writer.reset(undefined, schema);
  writer.finish();
  return writer.toUint8Array(true);
}

/** Writes beside the file, then puts it in its place: a reader finds the old one or the whole new one. */
export async function writeFeatureFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

function schemaOf({ from, to, stepSeconds }: FeatureFileOptions): Schema {
  const { version, hash, features } = FEATURE_SCHEMA;
  const text = (name: string): Field => new Field(name, new Utf8(), false);
  const metadata = new Map([
    ['featureSchemaVersion', String(version)],
    ['featureSchemaHash', hash],
    ['from', new Date(from).toISOString()],
    ['to', new Date(to).toISOString()],
    ['stepSeconds', String(stepSeconds)],
  ]);
  return new Schema(
    [
      text('namespace'),
      text('policy'),
      text('policy_uid'),
      new Field('at', new TimestampMillisecond('UTC'), false),
      ...features.map(
        ({ name, unit, meaning }) =>
          new Field(
            name,
            new Float32(),
            true,
            new Map([
              ['unit', unit],
              ['meaning', meaning],
            ]),
          ),
      ),
    ],
    metadata,
  );
}

function batchOf(rows: FeatureRows, first: number, schema: Schema): RecordBatch {
  const at = rows.at.subarray(first, first + BATCH_ROWS);
  const length = at.length;
  const children = [
    ...[rows.namespace, rows.policy, rows.policyUid].map((value) => repeated(value, length)),
    makeData({
      type: new TimestampMillisecond('UTC'),
      length,
      nullCount: 0,
      data: BigInt64Array.from(at, (time) => BigInt(time)),
    }),
    ...FEATURE_SCHEMA.features.map((_, slot) => featureColumn(rows.values, slot, { first, length })),
  ];
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }),
  );
}

function repeated(value: string, length: number): Data {
  const [data] = vectorFromArray(new Array<string>(length).fill(value), new Utf8()).data;
  return data as Data;
}

function featureColumn(
  values: Float32Array,
  slot: number,
  { first, length }: { readonly first: number; readonly length: number },
): Data<Float32> {
  const data = Float32Array.from({ length }, (_, row) => values[(first + row) * FEATURE_COUNT + slot] ?? NaN);
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  for (const [row, value] of data.entries()) {
    if (Number.isNaN(value)) nullCount += 1;
    else nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return makeData({ type: new Float32(), length, nullCount, data, nullBitmap });
}
