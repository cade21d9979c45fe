/** Longest message in conditions and decisions: a few sentences, so that ten decisions stay a small object. */
export const MAX_MESSAGE_LENGTH = 1024;

/** Shortens a text to what the API takes, marking the cut and leaving no half of a surrogate pair. */
export function clip(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
