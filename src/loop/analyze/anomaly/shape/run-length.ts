import { LARGEST_SURPRISE } from '../surprise/p-value.ts';

/** How long a condition lasts in one go, learnt from the minutes so far. */
export interface RunLengths {
  /** Of all minutes, and of those that went on with a run: forgotten with a half-life of about a day and a half. */
  minutes: number;
  continued: number;
  /** Longest run that ended by itself and was not reported. */
  longest: number;
  /** Minutes of the present run. */
  length: number;
}

const FORGET = 1 - 1 / 3000;
/** A run is rare beyond so many times the longest one. */
const BEYOND = 2;
/** Each further minute of a run says at most this much: half of all minutes go on, or more. */
const LEAST_CONTINUING = 0.5;
const LONGEST_FORGET = 1 - 1 / 20_000;
/** p of 1e-4: such a run was reported, and is no measure of what is usual. */
const REPORTED = 4;

export function createRunLengths(): RunLengths {
  return { minutes: 0, continued: 0, longest: 0, length: 0 };
}

/** One more minute, in which the run went on or another began: −log10 of the chance of a run this long, 0 … 12. */
export function observeRun(runs: RunLengths, goesOn: boolean): number {
  if (!goesOn) {
    if (rarityOf(runs) < REPORTED) runs.longest = Math.max(runs.length, runs.longest * LONGEST_FORGET);
    runs.length = 0;
  }
  runs.length += 1;
  const rarity = rarityOf(runs);
  runs.minutes = FORGET * runs.minutes + 1;
  runs.continued = FORGET * runs.continued + Number(goesOn);
  return rarity;
}

/** Share of the minutes that went on with a run, 0 … 1. */
export function continuingShare({ minutes, continued }: RunLengths): number {
  return (continued + 1) / (minutes + 2);
}

function rarityOf(runs: RunLengths): number {
  const beyond = runs.length - BEYOND * runs.longest;
  if (beyond <= 0) return 0;
  const continuing = Math.max(LEAST_CONTINUING, continuingShare(runs));
  return Math.min(LARGEST_SURPRISE, -beyond * Math.log10(continuing));
}
