import { formatTable, lengthOf, printable } from '../table.ts';

/** Lines longer than this are hard to read, whatever the terminal has. */
const MOST_COLUMNS = 110;
/** Narrower than this a table's last column would be a word a line. */
const LEAST_COLUMNS = 70;

/** Columns between two of a table, and between a label and its text. */
const GAP = 3;
const LABEL_WIDTH = 11;
/** Of a table's last column, however wide the others are. */
const LEAST_CELL = 24;

/** How wide the text is on a terminal of so many columns; undefined is no terminal. */
export function textWidth(columns: number | undefined): number {
  return Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, columns ?? MOST_COLUMNS));
}

export interface Indent {
  /** Before the first line. */
  readonly first?: string;
  /** Before the others; as before the first when left out. */
  readonly rest?: string;
  readonly width: number;
}

/** Breaks at spaces and line ends, but not before a percent sign. A word that is too long stays whole: it may be an address to copy. */
export function wrap(text: string, { first = '', rest = first, width }: Indent): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  const next = (): void => {
    lines.push(line.trimEnd());
    line = rest;
    empty = true;
  };
  for (const [index, paragraph] of text.trim().split(/\r?\n/).entries()) {
    if (index > 0) next();
    // Commands and lists in a passage are indented.
    line += /^ */.exec(paragraph)?.[0] ?? '';
    for (const word of printable(paragraph).split(/ (?!%)/)) {
      if (word === '') continue;
      if (!empty && lengthOf(line) + 1 + lengthOf(word) > width) next();
      line += empty ? word : ` ${word}`;
      empty = false;
    }
  }
  next();
  return lines;
}

/** `  Why       Up from 4 to 9: …`, going on below the text. */
export function labelled(label: string, text: string, width: number): readonly string[] {
  return beside(label, wrap(text, { width: width - lengthOf(indented('')) }));
}

/** Lines beside a label. */
export function beside(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index === 0 ? indented(label) : indented('')) + line);
}

/** Columns that are left beside a label. */
export function widthBeside(width: number): number {
  return width - lengthOf(indented(''));
}

function indented(label: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${' '.repeat(GAP - 1)}`;
}

/** A table whose last column is wrapped to what is left of `width`. */
export function wrappedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const others = header.length - 1;
  const widths = header
    .slice(0, others)
    .map((_, column) => Math.max(...[header, ...rows].map((row) => lengthOf(row[column] ?? ''))));
  const taken = widths.reduce((sum, each) => sum + each + GAP, 0);
  const wrapped = rows.flatMap((row) =>
    wrap(row[others] ?? '', { width: Math.max(LEAST_CELL, width - taken) }).map((line, index) =>
      index === 0 ? [...row.slice(0, others), line] : [...widths.map(() => ''), line],
    ),
  );
  return formatTable(header, wrapped).trimEnd().split('\n');
}
