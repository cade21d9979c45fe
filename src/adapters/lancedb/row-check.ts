import { EMBEDDING_DIMENSIONS } from '../../loop/knowledge/situation.ts';
import type { StoredRow } from './checksum.ts';
import type { ColumnType, TableDefinition } from './table-definitions.ts';

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isInteger = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) === ((value as number) | 0);
const orNull =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || check(value);
const listOf =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(check);

const CHECKS: Readonly<Record<ColumnType, readonly [check: (value: unknown) => boolean, wanted: string]>> = {
  text: [isText, 'text'],
  maybeText: [orNull(isText), 'text or null'],
  texts: [listOf(isText), 'a list of texts'],
  number: [isNumber, 'a finite number'],
  maybeNumber: [orNull(isNumber), 'a finite number or null'],
  numbers: [listOf(isNumber), 'a list of finite numbers'],
  integer: [isInteger, 'a whole number of 32 bits'],
  maybeFloat32: [orNull(isNumber), 'a finite number or null'],
  flag: [(value) => typeof value === 'boolean', 'true or false'],
  time: [(value) => Number.isSafeInteger(value), 'whole milliseconds since the epoch'],
  key: [(value) => typeof value === 'bigint', 'a 64-bit integer'],
  checksum: [(value) => Number.isInteger(value), 'a checksum'],
  embedding: [
    (value) =>
      value instanceof Float32Array && value.length === EMBEDDING_DIMENSIONS && value.every(Number.isFinite),
    `${EMBEDDING_DIMENSIONS} finite numbers`,
  ],
};

/**
 * What keeps a row out of its table, naming the row and the column; undefined when nothing does. LanceDB takes
 * null for what is missing and pads short vectors, or refuses the whole batch.
 */
export function rowProblem({ name, key, columns }: TableDefinition, row: StoredRow): string | undefined {
  for (const [column, type] of Object.entries(columns)) {
    const [check, wanted] = CHECKS[type];
    if (!check(row[column])) {
      return `${name} row ${String(row[key])}: ${column} is ${found(row[column])}; it must be ${wanted}`;
    }
  }
  return undefined;
}

function found(value: unknown): string {
  return value === undefined ? 'missing' : typeof value === 'number' ? String(value) : JSON.stringify(value);
}
