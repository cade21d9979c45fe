/** What is decided in half an hour has shown by its end; the recipe's own windows are as long. */
export const USUAL_WINDOW_SECONDS = 1800;

/**
 * End of the window that `now` lies in, ms since the epoch. Each policy has a grid of its own, by its uid: ten thousand
 * windows do not end in the same second.
 */
export function windowEnd(policyUid: string, now: number, windowMs: number): number {
  const phase = hashOf(policyUid) % windowMs;
  return (Math.floor((now - phase) / windowMs) + 1) * windowMs + phase;
}

/** 32-bit FNV-1a of the text (Fowler, Noll and Vo): the same in every process. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
