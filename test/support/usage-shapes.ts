import { normal, seededRandom, type Random } from '../../src/simulate/random.ts';

/** What one container used: ms since the epoch, cores, bytes. */
export interface Usage {
  readonly at: number;
  readonly cpu: number;
  readonly memory: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MIB = 1024 ** 2;

interface Moment {
  /** Days since the beginning. */
  readonly day: number;
  readonly random: Random;
}

/** Cores and mebibytes as functions of time; noise comes from the moment's generator. */
type Shape = (moment: Moment) => readonly [cores: number, mebibytes: number];

/** 0 at midnight, 1 at noon. */
const daylight = (day: number): number => (1 - Math.cos(2 * Math.PI * day)) / 2;

const SHAPES = {
  constant: () => [0.4, 700],
  daily: ({ day, random }) => [
    Math.max(0, 0.2 + 1.5 * daylight(day) + 0.05 * normal(random)),
    500 + 400 * daylight(day) + 20 * random(),
  ],
  /** Idle with a burst in one of fifty minutes. */
  bursty: ({ random }) => (random() < 0.02 ? [3 + random(), 2600 + 300 * random()] : [0.15, 900]),
  /** Grows by a gibibyte in three days, then starts anew. */
  leak: ({ day, random }) => [0.3 + 0.02 * random(), 400 + (1024 / 3) * (day % 3)],
  /** A container that hardly works: below the recommender's minimum and in its first buckets. */
  idle: ({ random }) => [0.012 * random(), 20 + 15 * random()],
  /** Beyond the recommender's largest bucket in CPU, near it in memory. */
  huge: ({ random }) => [1100 * random(), 900_000 * (0.5 + random())],
  growing: ({ day, random }) => [0.1 * 1.3 ** day * (1 + 0.1 * random()), 300 * 1.1 ** day],
} satisfies Record<string, Shape>;

export type ShapeName = keyof typeof SHAPES;
export const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[];

/**
 * A made-up container with a shape that real ones have: a sample each `stepMinutes` from `start` (ms since the epoch)
 * on; `kept` is the share of the samples that arrive.
 */
export function usageOf(
  shape: ShapeName,
  { start = Date.UTC(2026, 0, 5, 7, 13), days = 10, stepMinutes = 5, kept = 1, seed = 1 } = {},
): Usage[] {
  const random = seededRandom(seed);
  const usage: Usage[] = [];
  for (let at = start; at < start + days * DAY_MS; at += stepMinutes * MINUTE_MS) {
    const [cores, mebibytes] = SHAPES[shape]({ day: (at - start) / DAY_MS, random });
    if (random() < kept) usage.push({ at, cpu: cores, memory: mebibytes * MIB });
  }
  return usage;
}
