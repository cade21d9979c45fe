/**
 * How well each load on a replica was served: for loads in steps of 8 %, the mean share of bad requests there. What
 * one replica can carry is read off it. Plain numbers and typed arrays, 1.3 KB.
 */
export interface SaturationEvidence {
  /** By step, as rings of `LEVELS` places: observations, and over these the sums of load, bad share and replicas. */
  readonly observations: Float32Array;
  readonly loads: Float32Array;
  readonly badShares: Float32Array;
  readonly replicas: Float32Array;
  /** The highest step so far; NaN before the first observation. */
  highest: number;
  /** When the weights were last lowered, ms; NaN before the first observation. */
  agedAt: number;
  /** The ready replicas of the last tick and since when they were as many, ms. */
  ready: number;
  readySince: number;
  /** Loads per replica of the last ticks and their times, as rings: lateness may belong to an earlier one. */
  readonly recentLoads: Float64Array;
  readonly recentTimes: Float64Array;
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
    observations: new Float32Array(LEVELS),
    loads: new Float32Array(LEVELS),
    badShares: new Float32Array(LEVELS),
    replicas: new Float32Array(LEVELS),
    highest: NaN,
    agedAt: NaN,
    ready: NaN,
    readySince: NaN,
    recentLoads: new Float64Array(RECENT),
    recentTimes: new Float64Array(RECENT).fill(NaN),
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
  raise(evidence, level);
  const place = placeOf(Math.max(level, evidence.highest - LEVELS + 1));
  if ((evidence.observations[place] ?? 0) >= MAX_WEIGHT) scale(evidence, place, 1 - 1 / MAX_WEIGHT);
  add(evidence.observations, place, 1);
  add(evidence.loads, place, load);
  add(evidence.badShares, place, badShare);
  add(evidence.replicas, place, readyReplicas);
}

/** What is known counts little from here on: another revision runs. */
export function weakenEvidence(evidence: SaturationEvidence): void {
  for (let place = 0; place < LEVELS; place += 1) scale(evidence, place, REVISION_WEIGHT);
}

/** Every step with observations, loads rising. */
export function loadLevels(evidence: SaturationEvidence): readonly LoadLevel[] {
  const levels: LoadLevel[] = [];
  if (Number.isNaN(evidence.highest)) return levels;
  for (let level = evidence.highest - LEVELS + 1; level <= evidence.highest; level += 1) {
    const place = placeOf(level);
    const weight = evidence.observations[place] ?? 0;
    if (weight <= 0) continue;
    levels.push({
      load: (evidence.loads[place] ?? 0) / weight,
      badShare: Math.min(1, (evidence.badShares[place] ?? 0) / weight),
      replicas: (evidence.replicas[place] ?? 0) / weight,
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
  evidence.highest = NaN;
  evidence.disbelieved = 0;
  return true;
}

function isDrained(evidence: SaturationEvidence, now: number, load: number): boolean {
  let largest = 0;
  for (let i = 0; i < RECENT; i += 1) {
    const elapsed = now - (evidence.recentTimes[i] ?? NaN);
    if (elapsed >= 0 && elapsed <= DRAIN_MS) largest = Math.max(largest, evidence.recentLoads[i] ?? 0);
  }
  evidence.recentLoads[evidence.recentNext] = load;
  evidence.recentTimes[evidence.recentNext] = now;
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
  const factor = 2 ** (-elapsed / HALF_LIFE_MS);
  for (let place = 0; place < LEVELS; place += 1) scale(evidence, place, factor);
}

/** Makes room for a higher step: the lowest ones are forgotten. */
function raise(evidence: SaturationEvidence, level: number): void {
  if (level <= evidence.highest) return;
  const from = Number.isNaN(evidence.highest) ? level - LEVELS : evidence.highest;
  for (let next = Math.max(from, level - LEVELS) + 1; next <= level; next += 1) {
    scale(evidence, placeOf(next), 0);
  }
  evidence.highest = level;
}

/** Steps below a load of 1 are negative. */
function placeOf(level: number): number {
  return ((level % LEVELS) + LEVELS) % LEVELS;
}

function scale(evidence: SaturationEvidence, place: number, factor: number): void {
  const { observations, loads, badShares, replicas } = evidence;
  for (const sums of [observations, loads, badShares, replicas]) sums[place] = (sums[place] ?? 0) * factor;
}

function add(sums: Float32Array, place: number, value: number): void {
  sums[place] = (sums[place] ?? 0) + value;
}
