import { createCounter, observeCounter, type Counter } from './counter.ts';

/** What one pod told of its requests in one round. */
export interface PodReading {
  /** Unlike its name, never another pod's. */
  readonly uid: string;
  /** Serves, and is not being deleted: its requests must be known. */
  readonly ready: boolean;
  /** Ms since the epoch. */
  readonly createdAt: number;
  /** Absent when the pod did not answer, or was not asked. */
  readonly answer?: PodAnswer;
}

/** Counters since the pod's processes began. */
export interface PodAnswer {
  /** Ms since the epoch. */
  readonly at: number;
  readonly total: number;
  /** Of bad or of good requests, as the policy has it; absent when the policy counts neither. */
  readonly part?: number;
}

/** What the counters of a workload's pods were in the last round. Plain data. */
export interface PodCounters {
  /** Ms since the epoch; NaN before the first round. */
  roundAt: number;
  /** Between the last two rounds, ms; 0 before there were two. */
  roundMs: number;
  readonly pods: Map<string, PodMemory>;
}

interface PodMemory {
  readonly total: Counter;
  readonly part: Counter;
  /** It has not answered yet: what it will tell first began at zero. */
  untold: boolean;
  /** The last round in which it did not answer, ms since the epoch; NaN since it did. */
  silentAt: number;
}

/** Requests per second of the whole workload, and what that rests on. */
export interface PodRates {
  /** Undefined while too few of the ready pods are known. */
  readonly rates: { readonly total: number; readonly part: number } | undefined;
  /** Ready pods, and those of them whose growth is known. */
  readonly ready: number;
  readonly known: number;
}

/** Below it the rest would be mostly invention. */
const MIN_KNOWN_SHARE = 0.8;

/** A mean over a longer time hides what happened in it; a pod that was silent for so long, or two rounds, begins anew. */
const LONGEST_STEP_MS = 60_000;

/** Times of creation are whole seconds, and a watch is a moment late. */
const CREATION_SLACK_MS = 2000;

/** A process that restarts counts from zero. A fall to more than half is a series that went away: growth is unknown. */
const SHALLOW_FALL = 0.5;

export function createPodCounters(): PodCounters {
  return { roundAt: NaN, roundMs: 0, pods: new Map() };
}

/**
 * Takes in a round: by how much each pod's counters grew since its own last answer, per second.
 *
 * - A pod that came since the last round counted all that it tells since then; also one that was not ready before and had
 *   told nothing yet, or was silent then and has been restarted. Any other pod that is seen for the first time only
 *   begins to count.
 * - Ready pods whose growth is not known are taken to serve what the others do on average.
 * - What a pod served between its last answer and its end is lost: half of a round's requests at most for a pod that is
 *   killed, nothing for one that answers until it has ended. It is not made up for. Its clients are served by the other
 *   pods from then on, and whoever added its last rate would count them twice in every rolling restart.
 */
export function observePodCounters(
  memory: PodCounters,
  roundAt: number,
  readings: readonly PodReading[],
): PodRates {
  const lastRound = memory.roundAt;
  const round = { at: roundAt, longestStepMs: Math.max(LONGEST_STEP_MS, 2 * memory.roundMs) };
  const sums = { total: 0, part: 0, known: 0, readyTotal: 0, readyPart: 0 };
  let ready = 0;
  for (const reading of readings) {
    const pod = memory.pods.get(reading.uid) ?? firstSight(memory, reading, lastRound);
    if (reading.ready) ready += 1;
    const rates = observePod(pod, reading, round);
    if (rates === undefined) continue;
    sums.total += rates.total;
    sums.part += rates.part;
    if (!reading.ready) continue;
    sums.known += 1;
    sums.readyTotal += rates.total;
    sums.readyPart += rates.part;
  }
  forgetOthers(memory, readings);
  if (roundAt > lastRound) memory.roundMs = roundAt - lastRound;
  memory.roundAt = roundAt;
  const { known } = sums;
  const facts = { ready, known };
  if (ready === 0 || known / ready < MIN_KNOWN_SHARE) return { rates: undefined, ...facts };
  const rest = (ready - known) / known;
  const rates = { total: sums.total + rest * sums.readyTotal, part: sums.part + rest * sums.readyPart };
  return { rates: Number.isFinite(rates.total) ? rates : undefined, ...facts };
}

function firstSight(memory: PodCounters, { uid, createdAt }: PodReading, lastRound: number): PodMemory {
  const pod: PodMemory = { total: createCounter(), part: createCounter(), untold: true, silentAt: NaN };
  if (createdAt >= lastRound - CREATION_SLACK_MS) beginAtZero(pod, lastRound);
  memory.pods.set(uid, pod);
  return pod;
}

function beginAtZero({ total, part }: PodMemory, at: number): void {
  Object.assign(total, createCounter(), { at, value: 0 });
  Object.assign(part, createCounter(), { at, value: 0 });
}

function observePod(
  pod: PodMemory,
  { ready, answer }: PodReading,
  round: { readonly at: number; readonly longestStepMs: number },
): { readonly total: number; readonly part: number } | undefined {
  if (answer === undefined) {
    // It serves nobody yet: all that it will tell comes later than this.
    if (pod.untold && !ready) beginAtZero(pod, round.at);
    pod.silentAt = round.at;
    return undefined;
  }
  // It was being restarted: all that it tells comes later than that round.
  if (answer.total <= SHALLOW_FALL * pod.total.value && pod.silentAt > pod.total.at)
    beginAtZero(pod, pod.silentAt);
  pod.silentAt = NaN;
  const elapsed = answer.at - pod.total.at;
  const total = growth(pod.total, answer.at, answer.total);
  const part = answer.part === undefined ? 0 : growth(pod.part, answer.at, answer.part);
  pod.untold = false;
  // Also false for NaN.
  if (!(elapsed > 0 && elapsed <= round.longestStepMs && total >= 0 && part >= 0)) return undefined;
  return { total: (1000 * total) / elapsed, part: (1000 * part) / elapsed };
}

function growth(counter: Counter, at: number, value: number): number {
  const shallow = value < counter.value && value > SHALLOW_FALL * counter.value;
  const increase = observeCounter(counter, at, value);
  return shallow ? NaN : increase;
}

function forgetOthers({ pods }: PodCounters, readings: readonly PodReading[]): void {
  if (pods.size === readings.length) return;
  const present = new Set(readings.map(({ uid }) => uid));
  for (const uid of pods.keys()) if (!present.has(uid)) pods.delete(uid);
}
