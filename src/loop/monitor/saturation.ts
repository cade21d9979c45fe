/**
 * How well each load on a replica was served: for loads in steps of 8 %, the mean share of bad requests there. What
 * one replica can carry is read off it. Plain numbers and typed arrays, a quarter of a kilobyte for loads that vary
 * threefold.
 */
export interface SaturationEvidence {
  /**
   * For each step observations, and over these the sums of load, bad share and replicas. Step n has the place n modulo
   * their number, which grows up to `LEVELS`; undefined before the first observation.
   */
  sums: Float32Array | undefined;
  /** The lowest and the highest step that there is a place for; NaN before the first observation. */
  lowest: number;
  highest: number;
  /** When the weights were last lowered, ms; NaN before the first observation. */
  agedAt: number;
  /** The ready replicas of the last tick and since when they were as many, ms. */
  ready: number;
  readySince: number;
  /** Times and loads per replica of the last ticks in turns, as a ring: lateness may belong to an earlier one. */
  recent: number[] | undefined;
  recentNext: number;
  /** Observations in a row that were too far above all others to be believed. */
  disbelieved: number;
}

/** What one tick saw. */
export interface LoadObservation {
  /** Ms since the epoch. */
  readonly now: number;
  /** Demand on the whole workload in any unit: requests per second, or cores. */
  readonly demand: number;
  /** Share of the requests, or of the time, that was bad; 0 … 1. */
  readonly badShare: number;
  readonly readyReplicas: number;
  /** What demand and share average over. */
  readonly averagedSeconds: number;
}

/** One step with observations. */
export interface LoadLevel {
  /** Mean load per replica. */
  readonly load: number;
  /** Mean share of bad requests, 0 … 1. */
  readonly badShare: number;
  /** Mean number of replicas. */
  readonly replicas: number;
  /** Observations, the older ones counted less. */
  readonly weight: number;
}

/** 64 steps of 8 %: loads from 1/140 of the highest one on. */
const LEVELS = 64;
const LEVELS_AT_FIRST = 8;

/** Numbers of a step, and where each is. */
const WIDTH = 4;
const [OBSERVATIONS, LOADS, BAD_SHARES, REPLICAS] = [0, 1, 2, 3] as const;
const STEP = Math.log(1.08);

/** Software is changed, and loads come back each day: half of what is known is a day old at most. */
const HALF_LIFE_MS = 86_400_000;
const AGE_EVERY_MS = 600_000;

/** Four hours at one load: what was true there before counts no more. */
const MAX_WEIGHT = 960;

/** Lateness belongs to the largest load of two minutes while its queue drains. */
const RECENT = 8;
const DRAIN_MS = 120_000;
const DRAINED = 0.8;

/** More than ten times the highest load ever is a mistake of units sooner than a load; ten minutes of it are not. */
const DISBELIEF = Math.ceil(Math.log(10) / STEP);
const DISBELIEVED = 40;

/** Beyond it 32-bit floats end before a sum of loads does; below its inverse they are coarse. */
const LARGEST_LOAD = 1e30;

/** A new revision may carry more or less: what is known of the old one counts for a tenth. */
const REVISION_WEIGHT = 0.1;

export function createSaturationEvidence(): SaturationEvidence {
  return {
    sums: undefined,
    lowest: NaN,
    highest: NaN,
    agedAt: NaN,
    ready: NaN,
    readySince: NaN,
    recent: undefined,
    recentNext: 0,
    disbelieved: 0,
  };
}

/**
 * Learns from one tick, if it tells about a load: not while replicas come or go within the time that the measures
 * average over, and not while a queue may still drain that a larger load has left.
 */
export function observeLoad(evidence: SaturationEvidence, observation: LoadObservation): void {
  if (!isUsable(observation)) return;
  const { now, demand, badShare, readyReplicas } = observation;
  const settled = isSettled(evidence, observation);
  const load = demand / readyReplicas;
  const level = Math.floor(Math.log(load) / STEP);
  if (!isBelievable(evidence, level)) return;
  const drained = isDrained(evidence, now, load);
  if (!settled || !drained) return;
  age(evidence, now);
  const counted = Number.isNaN(evidence.highest) ? level : Math.max(level, evidence.highest - LEVELS + 1);
  const sums = placesFor(evidence, counted);
  const place = placeOf(sums, counted);
  if ((sums[place] ?? 0) >= MAX_WEIGHT) scale(sums, place, 1 - 1 / MAX_WEIGHT);
  add(sums, place + OBSERVATIONS, 1);
  add(sums, place + LOADS, load);
  add(sums, place + BAD_SHARES, badShare);
  add(sums, place + REPLICAS, readyReplicas);
}

/** What is known counts little from here on: another revision runs. */
export function weakenEvidence(evidence: SaturationEvidence): void {
  scaleAll(evidence, REVISION_WEIGHT);
}

/** Every step with observations, loads rising. */
export function loadLevels(evidence: SaturationEvidence): readonly LoadLevel[] {
  const levels: LoadLevel[] = [];
  const { sums, lowest, highest } = evidence;
  if (sums === undefined) return levels;
  for (let level = lowest; level <= highest; level += 1) {
    const place = placeOf(sums, level);
    const weight = sums[place + OBSERVATIONS] ?? 0;
    if (weight <= 0) continue;
    levels.push({
      load: (sums[place + LOADS] ?? 0) / weight,
      badShare: Math.min(1, (sums[place + BAD_SHARES] ?? 0) / weight),
      replicas: (sums[place + REPLICAS] ?? 0) / weight,
      weight,
    });
  }
  return levels;
}

/** False for NaN anywhere. */
function isUsable({ now, demand, badShare, readyReplicas }: LoadObservation): boolean {
  const load = demand / readyReplicas;
  return (
    Number.isFinite(now) &&
    readyReplicas >= 1 &&
    load >= 1 / LARGEST_LOAD &&
    load <= LARGEST_LOAD &&
    badShare >= 0 &&
    badShare <= 1
  );
}

function isSettled(evidence: SaturationEvidence, observation: LoadObservation): boolean {
  const { now, readyReplicas, averagedSeconds } = observation;
  const same = evidence.ready === readyReplicas && evidence.readySince <= now;
  if (!same) {
    evidence.ready = readyReplicas;
    evidence.readySince = now;
  }
  return same && now - evidence.readySince >= 1000 * averagedSeconds;
}

function isBelievable(evidence: SaturationEvidence, level: number): boolean {
  if (!(level > evidence.highest + DISBELIEF)) {
    evidence.disbelieved = 0;
    return true;
  }
  evidence.disbelieved += 1;
  if (evidence.disbelieved < DISBELIEVED) return false;
  // The unit is another one, and nothing known is about it.
  evidence.sums = undefined;
  evidence.lowest = NaN;
  evidence.highest = NaN;
  evidence.disbelieved = 0;
  return true;
}

function isDrained(evidence: SaturationEvidence, now: number, load: number): boolean {
  const recent = (evidence.recent ??= new Array<number>(2 * RECENT).fill(NaN));
  let largest = 0;
  for (let i = 0; i < recent.length; i += 2) {
    const elapsed = now - (recent[i] ?? NaN);
    if (elapsed >= 0 && elapsed <= DRAIN_MS) largest = Math.max(largest, recent[i + 1] ?? 0);
  }
  recent[2 * evidence.recentNext] = now;
  recent[2 * evidence.recentNext + 1] = load;
  evidence.recentNext = (evidence.recentNext + 1) % RECENT;
  return load >= DRAINED * largest;
}

/** Lowers all weights by the time that has passed. */
function age(evidence: SaturationEvidence, now: number): void {
  const elapsed = now - evidence.agedAt;
  if (elapsed >= 0 && elapsed < AGE_EVERY_MS) return;
  evidence.agedAt = now;
  // Not for the first time, nor for a clock that stepped back.
  if (!(elapsed > 0)) return;
  scaleAll(evidence, 2 ** (-elapsed / HALF_LIFE_MS));
}

/** The sums with a place for this step. More than `LEVELS` steps below the highest nothing is remembered. */
function placesFor(evidence: SaturationEvidence, level: number): Float32Array {
  const { sums, lowest, highest } = evidence;
  if (sums === undefined) {
    evidence.lowest = level;
    evidence.highest = level;
    return (evidence.sums = new Float32Array(WIDTH * LEVELS_AT_FIRST));
  }
  evidence.highest = Math.max(highest, level);
  evidence.lowest = Math.max(Math.min(lowest, level), evidence.highest - LEVELS + 1);
  const wanted = evidence.highest - evidence.lowest + 1;
  if (WIDTH * wanted > sums.length) {
    const kept = { lowest: Math.max(lowest, evidence.lowest), highest };
    return (evidence.sums = withRoom(sums, wanted, kept));
  }
  // The lowest ones are forgotten: their places go to the new ones.
  for (let next = Math.max(highest, level - LEVELS) + 1; next <= level; next += 1) {
    scale(sums, placeOf(sums, next), 0);
  }
  return sums;
}

/** The sums of the steps from `lowest` to `highest`, with places for so many steps and more. */
function withRoom(
  sums: Float32Array,
  wanted: number,
  { lowest, highest }: Pick<SaturationEvidence, 'lowest' | 'highest'>,
): Float32Array {
  let places = sums.length / WIDTH;
  while (places < wanted) places *= 2;
  const larger = new Float32Array(WIDTH * places);
  for (let level = lowest; level <= highest; level += 1) {
    const place = placeOf(sums, level);
    larger.set(sums.subarray(place, place + WIDTH), placeOf(larger, level));
  }
  return larger;
}

/** Where the numbers of a step begin. Steps below a load of 1 are negative. */
function placeOf(sums: Float32Array, level: number): number {
  const places = sums.length / WIDTH;
  return WIDTH * (((level % places) + places) % places);
}

function scaleAll({ sums }: SaturationEvidence, factor: number): void {
  if (sums === undefined) return;
  for (let place = 0; place < sums.length; place += WIDTH) scale(sums, place, factor);
}

/** The numbers of one step. */
function scale(sums: Float32Array, place: number, factor: number): void {
  for (let i = place; i < place + WIDTH; i += 1) sums[i] = (sums[i] ?? 0) * factor;
}

function add(sums: Float32Array, index: number, value: number): void {
  sums[index] = (sums[index] ?? 0) + value;
}
