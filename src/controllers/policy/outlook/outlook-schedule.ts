const HOUR_MS = 3_600_000;
/** What was made a little after its time is not made again at the next but one only. */
const GRACE_MS = 300_000;

/**
 * When predictions made at `madeAt` are made again: once an hour, each policy at a minute of its own, so that a thousand
 * of them are no burst. All in ms since the epoch.
 */
export function nextOutlookAt(uid: string, madeAt: number): number {
  const offset = hash(uid) % HOUR_MS;
  const earliest = madeAt + HOUR_MS - GRACE_MS;
  return Math.ceil((earliest - offset) / HOUR_MS) * HOUR_MS + offset;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return state >>> 0;
}
