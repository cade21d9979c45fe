/** A JSON object whose fields may be missing or of any type: the journal may be of an older version. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

/** Arrow keeps UTF-8, which has no lone surrogates: replaced here, so that the checksum is of what is stored. */
export function wellFormed(value: string): string {
  return value.toWellFormed();
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? wellFormed(value) : null;
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
