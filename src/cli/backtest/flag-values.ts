import { UsageError } from '../verb.ts';

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;
const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** What a number on the command line may be, both ends included. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/**
 * A duration such as `300ms`, `20s`, `7d`, in seconds. @param bounds in seconds
 * @throws UsageError that names the flag
 */
export function parseDuration(flag: string, text: string, { least, most }: Bounds): number {
  const match = DURATION.exec(text);
  const seconds =
    match === null ? Number.NaN : Number.parseFloat(match[1] ?? '') * (SECONDS[match[2] ?? ''] ?? 1);
  if (seconds >= least && seconds <= most) return seconds;
  const range = `from ${formatDuration(least)} to ${formatDuration(most)}`;
  throw new UsageError(`${flag} must be a duration ${range} such as 20s, 300ms or 7d, found "${text}"`);
}

/** A share such as `1%` or `0.01`, as a number from 0 to 1. @throws UsageError that names the flag */
export function parseShare(flag: string, text: string, { least, most }: Bounds): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const value =
    match === null ? Number.NaN : Number.parseFloat(match[1] ?? '') / (match[2] === '%' ? 100 : 1);
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `${flag} must be a share from ${least * 100}% to ${most * 100}% such as 1%, found "${text}"`,
  );
}

/** @throws UsageError that names the flag */
export function parseWhole(flag: string, text: string, { least, most }: Bounds): number {
  const value = /^\d{1,15}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} must be a whole number from ${least} to ${most}, found "${text}"`);
}

/** A plain decimal above 0, or from 0 on where `least` is 0. @throws UsageError that names the flag */
export function parseDecimal(flag: string, text: string, { least, most }: Bounds): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} must be a number from ${least} to ${most}, found "${text}"`);
}

/** One of a few words. @throws UsageError that names the flag */
export function parseChoice<T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  const last = choices.at(-1) ?? '';
  throw new UsageError(`${flag} must be ${choices.slice(0, -1).join(', ')} or ${last}, found "${text}"`);
}

/** The shortest exact way to say it: `90s` stays, `120s` is `2m`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${seconds * 1000}ms`;
  const unit = ['d', 'h', 'm'].find((each) => seconds % (SECONDS[each] ?? 1) === 0) ?? 's';
  return `${seconds / (SECONDS[unit] ?? 1)}${unit}`;
}
