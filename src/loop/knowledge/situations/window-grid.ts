/** What is decided in half an hour has shown by its end; the recipe's own windows are as long. */
export const WINDOW_MS = 30 * 60_000;

/**
 * End of the window that `now` lies in, ms since the epoch. Each policy has a grid of its own, by its uid: ten thousand
 * windows do not end in the same second.
 */
export function windowEnd(policyUid: string, now: number): number {
  const phase = phaseOf(policyUid);
  return (Math.floor((now - phase) / WINDOW_MS) + 1) * WINDOW_MS + phase;
}

/** 32-bit FNV-1a of the text (Fowler, Noll and Vo): the same in every process. */
function phaseOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % WINDOW_MS;
}
