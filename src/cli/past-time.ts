import { parseTimestamp } from '../adapters/csv/timestamp.ts';
import { UsageError } from './verb.ts';

/** A time that is over, in ms since the epoch; `now` where none is given. @throws UsageError that names the flag */
export function parsePastTime(flag: string, text: string | undefined, now: number): number {
  if (text === undefined) return now;
  const stamp = parseTimestamp(text);
  if (stamp === undefined) {
    throw new UsageError(
      `${flag} must be a time such as 2026-05-04T09:00:00Z or epoch seconds, found "${text}"`,
    );
  }
  if (stamp.at > now) throw new UsageError(`${flag} must not be in the future, found "${text}"`);
  return stamp.at;
}
