/**
 * A value, or the reason there is none. The functions of this folder return it instead of throwing: a refused
 * query or a silent Prometheus is an everyday answer, and the caller has to decide what it means.
 */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}
