/** A body is not what was announced. The message says which field, what was found and what is wanted. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
}

export type Json = Readonly<Record<string, unknown>>;

/** @throws BodyError */
export function parseObject(body: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new BodyError('the body is not JSON');
  }
  return objectAt(value, 'the body');
}

/** @throws BodyError */
export function objectAt(value: unknown, path: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new BodyError(`${path}: found ${kindOf(value)}, wanted an object`);
}

/** @throws BodyError */
export function textAt(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw new BodyError(`${path}: found ${kindOf(value)}, wanted a text`);
}

export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
