import { SLOT } from './schema.ts';

const DAY_MS = 86_400_000;

/**
 * Where in the day and in the week: two circles, a day goes round the larger from Monday to Friday and round the
 * smaller at the weekend, so that two numbers hold all three and midnight is no jump. UTC. Written to the vector that
 * begins at `offset` of `out`.
 */
export function writeCalendar(now: number, out: Float32Array, offset = 0): void {
  const day = Math.floor(now / DAY_MS);
  const angle = (2 * Math.PI * (now - day * DAY_MS)) / DAY_MS;
  // The epoch was a Thursday: Saturdays are the third day of its weeks, Sundays the fourth.
  const weekday = ((day % 7) + 7) % 7;
  const radius = weekday === 2 || weekday === 3 ? 0.5 : 1;
  out[offset + SLOT.hourSine] = radius * Math.sin(angle);
  out[offset + SLOT.hourCosine] = radius * Math.cos(angle);
}
