/** `metav1.MicroTime`: the API server parses exactly six digits of a second. `ms` since the epoch. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
