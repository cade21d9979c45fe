import { parseQuantity } from '../../api/quantity.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `2026-05-04 09:00:00Z` */
export function timeText(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** `2026-05-04 09:00Z` */
export function minuteText(time: string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

/** `12 min ago`; clocks that disagree by a little make it `just now`. */
export function agoText(time: string, now: number): string {
  const age = now - Date.parse(time);
  return age < MINUTE_MS ? 'just now' : `${spanText(age)} ago`;
}

/** `90 s`, `12 min`, `3 h`, `2 d`. @param ms not negative */
export function spanText(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${Math.round(ms / 1000)} s`;
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return ms < 2 * DAY_MS ? `${Math.round(ms / HOUR_MS)} h` : `${Math.round(ms / DAY_MS)} d`;
}

/** A quantity of the status with three digits; never an exponent that a small share would be hidden in. */
export function figure(quantity: string): string {
  const value = parseQuantity(quantity);
  const size = Math.abs(value);
  if (size > 0 && size < 0.001) return value < 0 ? '-0.001' : '<0.001';
  return size >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** `1 replica`, `2 replicas`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
