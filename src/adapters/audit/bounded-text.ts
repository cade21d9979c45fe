/** Names longer than this are cut: they come from whoever sends requests. */
const MAX_LENGTH = 128;

/** A text from outside, fit for messages and for keys: no control or format characters, and not long. */
export function boundedText(text: string, length: number = MAX_LENGTH): string {
  const clean = text.slice(0, 4 * length).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
  return clean.length > length ? `${clean.slice(0, length - 1)}…` : clean;
}
