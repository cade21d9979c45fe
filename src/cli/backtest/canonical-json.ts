/**
 * JSON that depends on the content alone: keys in code unit order, no white space, absent and undefined fields alike.
 * For hashing (after RFC 8785, whose numbers are those of JSON.stringify).
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
