/**
 * What a caught value says of itself. Looks at the shape, not at `instanceof`: errors of Node's own modules
 * may come from another realm. Attempts on several addresses come as one AggregateError without a message.
 */
export function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown error';
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) {
    return reasonOf(error.errors[0]);
  }
  if ('message' in error && typeof error.message === 'string' && error.message !== '') return error.message;
  return codeOf(error) ?? 'unknown error';
}

/** The code of a system error such as `ENOENT`; undefined where there is none. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
