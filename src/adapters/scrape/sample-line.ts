import { parseSampleValue } from '../prometheus/number.ts';
import type { SeriesLabels } from './series-selector.ts';

/** One line of an exposition, without the name of its metric. */
export interface SampleLine {
  readonly labels: SeriesLabels;
  readonly value: number;
}

const LABEL_NAME = /[^\s=,{}"]+/y;
const SPACE = /[ \t]*/y;

/**
 * Reads what follows a metric's name: `{code="200"} 17 1700000000 # {trace_id="x"} 1`. Time stamps and exemplars are
 * passed over. Prometheus' text format and OpenMetrics are alike as far as that.
 * @param from where the name ends; behind the opening brace and the name where the name stands in quotes inside it
 * @param inBraces the name stood in the braces
 * @returns undefined for what is no sample
 */
export function parseSampleLine(line: string, from: number, inBraces: boolean): SampleLine | undefined {
  const labels: string[] = [];
  let at = skipSpace(line, from);
  if (inBraces || line[at] === '{') {
    if (!inBraces) at += 1;
    else if (line[at] === ',') at += 1;
    const end = readLabels(line, at, labels);
    if (end === undefined) return undefined;
    at = end;
  }
  const rest = line.slice(at).trimStart();
  const end = rest.search(/[ \t\r]/);
  const value = parseSampleValue(end === -1 ? rest : rest.slice(0, end));
  return value === undefined ? undefined : { labels, value };
}

/** Reads labels up to the closing brace and returns the place behind it; undefined when they are not well made. */
function readLabels(line: string, from: number, labels: string[]): number | undefined {
  let at = skipSpace(line, from);
  while (line[at] !== '}') {
    const name = readLabelName(line, at);
    if (name === undefined) return undefined;
    at = skipSpace(line, name.end);
    if (line[at] !== '=') return undefined;
    const value = readQuoted(line, skipSpace(line, at + 1));
    if (value === undefined) return undefined;
    labels.push(name.text, value.text);
    at = skipSpace(line, value.end);
    if (line[at] === ',') at = skipSpace(line, at + 1);
    else if (line[at] !== '}') return undefined;
  }
  return at + 1;
}

interface Piece {
  readonly text: string;
  readonly end: number;
}

function readLabelName(line: string, at: number): Piece | undefined {
  if (line[at] === '"') return readQuoted(line, at);
  LABEL_NAME.lastIndex = at;
  const text = LABEL_NAME.exec(line)?.[0];
  return text === undefined ? undefined : { text, end: at + text.length };
}

/** A text in double quotes, in which a backslash stands before a backslash, a quote, and an n for the end of a line. */
function readQuoted(line: string, at: number): Piece | undefined {
  if (line[at] !== '"') return undefined;
  const plain = line.indexOf('"', at + 1);
  if (plain === -1) return undefined;
  const text = line.slice(at + 1, plain);
  return text.includes('\\') ? readEscaped(line, at + 1) : { text, end: plain + 1 };
}

function readEscaped(line: string, from: number): Piece | undefined {
  let text = '';
  for (let at = from; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === '"') return { text, end: at + 1 };
    if (character !== '\\') {
      text += character;
      continue;
    }
    at += 1;
    text += line[at] === 'n' ? '\n' : line.charAt(at);
  }
  return undefined;
}

function skipSpace(line: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(line);
  return SPACE.lastIndex;
}
