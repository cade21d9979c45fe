import { createCountRate, type CountRate } from './count-rate.ts';

/** The rates of many sources. Whoever chooses names freely cannot make it grow: beyond the cap all share one rate. */
export interface RateTable {
  readonly cap: number;
  readonly sources: Map<string, RatedSource>;
}

export interface RatedSource {
  readonly rate: CountRate;
  /** When it was heard of last, ms since the epoch. */
  activeAt: number;
  /** Bursts that were found of it, fading over a week. */
  bursts: number;
}

/** The name under which sources without a place of their own are counted together. */
export const OTHER_SOURCES = '(other)';

/** An idle source gives up its place after this long; not sooner, or a flood of names would wash away what is known. */
const IDLE_MS = 3_600_000;

export function createRateTable(cap: number): RateTable {
  return { cap, sources: new Map() };
}

/** Under which name a source is counted now. Makes room among idle ones where it has no place yet. */
export function placeOf(table: RateTable, source: string, now: number): string {
  if (table.sources.has(source) || table.sources.size < table.cap) return source;
  let idle: string | undefined;
  let since = now - IDLE_MS;
  for (const [name, { activeAt }] of table.sources) {
    if (activeAt < since) [idle, since] = [name, activeAt];
  }
  if (idle === undefined) return OTHER_SOURCES;
  table.sources.delete(idle);
  return source;
}

/** The rate of a source by the name that `placeOf` gave; made where there is none. */
export function rateOf(table: RateTable, place: string): CountRate {
  const known = table.sources.get(place);
  if (known !== undefined) return known.rate;
  const rate = createCountRate();
  table.sources.set(place, { rate, activeAt: 0, bursts: 0 });
  return rate;
}

/** The source was heard of. */
export function touch(table: RateTable, place: string, now: number): void {
  const known = table.sources.get(place);
  if (known !== undefined) known.activeAt = now;
}
