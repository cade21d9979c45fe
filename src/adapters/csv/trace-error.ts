/** A file of measured series cannot be used as it is; the message names file, row (the header is row 1) and remedy. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

/** A piece of a file for a message: no control characters, and no longer than one can take in. */
export function shown(text: string, length = 40): string {
  const printable = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
  return printable.length > length ? `${printable.slice(0, length)}…` : printable;
}
