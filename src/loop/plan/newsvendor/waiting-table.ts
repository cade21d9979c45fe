import { probabilityOfWait } from '../erlang-c.ts';

/** Largest number of replicas whose row is kept: 512 rows of 4 KB. Beyond it the formula itself is used. */
const ROWS = 512;

/** Utilisation is tabulated from 0 to 1 in so many steps; straight lines between them are within 6e-5 of it. */
const STEPS = 1000;

/** Rows by number of servers, made when first asked for: a property of numbers and of no workload, so one for all. */
const rows: (Float32Array | undefined)[] = [];

/**
 * Erlang's C formula for a utilisation of 0 … 0.99, from a table: a decision asks a hundred times, and the recurrence
 * takes one step for each replica.
 */
export function tabulatedProbabilityOfWait(servers: number, utilization: number): number {
  if (servers > ROWS) return probabilityOfWait(servers, servers * utilization);
  const row = rows[servers] ?? makeRow(servers);
  const place = utilization * STEPS;
  const below = Math.floor(place);
  const low = row[below] ?? 0;
  return low + (place - below) * ((row[below + 1] ?? 1) - low);
}

function makeRow(servers: number): Float32Array {
  const row = Float32Array.from({ length: STEPS + 1 }, (_, step) =>
    probabilityOfWait(servers, (servers * step) / STEPS),
  );
  rows[servers] = row;
  return row;
}
