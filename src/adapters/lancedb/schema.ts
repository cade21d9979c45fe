import {
  Bool,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  Int64,
  List,
  Schema,
  TimestampMillisecond,
  Uint32,
  Utf8,
  type DataType,
} from 'apache-arrow';

import { EMBEDDING_DIMENSIONS } from '../../loop/knowledge/situation.ts';
import type { ColumnType, TableDefinition } from './table-definitions.ts';

/**
 * The metadata of the column `checksum`, which every table has, say the table's version: LanceDB's client can
 * change the metadata of a column, and not those of a schema.
 */
export const VERSION_COLUMN = 'checksum';
export const VERSION_KEY = 'autonomic.dev/table-version';

const TYPES: Readonly<Record<ColumnType, () => DataType>> = {
  text: () => new Utf8(),
  maybeText: () => new Utf8(),
  texts: () => new List(new Field('item', new Utf8(), true)),
  number: () => new Float64(),
  maybeNumber: () => new Float64(),
  numbers: () => new List(new Field('item', new Float64(), true)),
  integer: () => new Int32(),
  maybeFloat32: () => new Float32(),
  flag: () => new Bool(),
  time: () => new TimestampMillisecond('UTC'),
  key: () => new Int64(),
  checksum: () => new Uint32(),
  embedding: () => new FixedSizeList(EMBEDDING_DIMENSIONS, new Field('item', new Float32(), true)),
};

/** The columns of a table, with explicit types: a schema inferred from rows changes with the first null. */
export function schemaOf({ columns, version, addedIn = {} }: TableDefinition): Schema {
  return new Schema(
    Object.entries(columns).map(([name, type]) => {
      const nullable = type.startsWith('maybe') || Object.hasOwn(addedIn, name);
      const metadata = name === VERSION_COLUMN ? new Map([[VERSION_KEY, String(version)]]) : undefined;
      return new Field(name, TYPES[type](), nullable, metadata);
    }),
  );
}

/** The version that wrote a table: 1 where it says nothing, undefined where what it says is no version. */
export function versionOf(schema: Schema): number | undefined {
  const column = schema.fields.find(({ name }) => name === VERSION_COLUMN);
  const text = column?.metadata.get(VERSION_KEY) ?? '1';
  return /^[1-9]\d{0,8}$/.test(text) ? Number.parseInt(text, 10) : undefined;
}
