/** RFC 3339 with whole seconds, as `metav1.Time`. */
export function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
