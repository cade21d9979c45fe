import type { DataType, RecordBatch, Vector } from 'apache-arrow';

import { EMBEDDING_DIMENSIONS } from '../../loop/knowledge/situation.ts';
import type { StoredRow } from './checksum.ts';
import type { ColumnType } from './table-definitions.ts';

type Cell = (row: number) => unknown;

/** The rows of a batch as plain objects; null in columns that a table of an older version lacks. */
export function* plainRows(
  batch: RecordBatch,
  columns: Readonly<Record<string, ColumnType>>,
): Generator<StoredRow> {
  const cells = Object.entries(columns).map(
    ([column, type]) => [column, cellsOf(batch.getChild(column), type)] as const,
  );
  for (let i = 0; i < batch.numRows; i += 1) {
    const row: Record<string, unknown> = {};
    for (const [column, cell] of cells) row[column] = cell(i);
    yield row;
  }
}

function cellsOf(column: Vector | null, type: ColumnType): Cell {
  if (column === null) return () => null;
  if (type === 'texts' || type === 'numbers') return lists(column);
  return type === 'embedding' ? embeddings(column) : (row) => column.get(row) as unknown;
}

/** Straight from the values of all lists: a vector for each list costs ten times as much. */
function lists(column: Vector): Cell {
  const values = column.getChildAt<DataType>(0);
  const offsets = column.data[0]?.valueOffsets as Int32Array | undefined;
  if (values === null || offsets === undefined) return () => [];
  return (row) => {
    const from = offsets[row] ?? 0;
    return Array.from(
      { length: (offsets[row + 1] ?? from) - from },
      (_, i) => values.get(from + i) as unknown,
    );
  };
}

function embeddings(column: Vector): Cell {
  const [items] = column.data[0]?.children ?? [];
  const values = items?.values as Float32Array | undefined;
  return (row) => values?.slice(row * EMBEDDING_DIMENSIONS, (row + 1) * EMBEDDING_DIMENSIONS) ?? null;
}
