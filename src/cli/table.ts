/**
 * Lines with aligned columns, as kubectl prints them: header in capitals, two spaces or more between columns, nothing
 * after the last. No colour.
 */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows.map((row) => row.map(printable))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => lengthOf(line[column] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => padEnd(cell, widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** At most `length` characters, the last an ellipsis when something was cut. */
export function ellipsis(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

/**
 * Text from the cluster may hold what a terminal obeys (escape sequences) or what reverses its direction:
 * shown as a replacement character.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
}

function padEnd(text: string, width: number): string {
  return text + ' '.repeat(width - lengthOf(text));
}

/** In code points: near enough to columns for the names and sentences shown here. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}
