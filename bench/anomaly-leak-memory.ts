import { normal, type Random } from '../src/simulate/random.ts';

/** Memory of a process as a container's working set tells it, sampled each minute. */
export interface MemoryWorld {
  readonly limitBytes: number;
  /** Bytes an hour, of each hour or of each hour's mean demand. 0 = no leak. */
  readonly leak: number;
  readonly leaksBy: 'Time' | 'Demand';
  /** Hour of the run at which the leak begins. */
  readonly leakFrom: number;
  /** Bytes for each unit of demand, and how many minutes memory lags behind it. */
  readonly bytesPerDemand: number;
  readonly lagMinutes: number;
  /** Power of demand that memory follows: 1 is in proportion. */
  readonly power: number;
  /** Height and minutes of a tooth of garbage collection. */
  readonly toothBytes: number;
  readonly toothMinutes: number;
  /** A cache that fills: its size and time constant in hours. */
  readonly cacheBytes: number;
  readonly cacheHours: number;
  /** Jumps of memory: hour and bytes. */
  readonly jumps: readonly { readonly hour: number; readonly bytes: number }[];
  readonly baseBytes: number;
  /** Standard deviation of what is independent, and of what wanders within about an hour. */
  readonly noiseBytes: number;
  readonly wanderBytes: number;
  /** Share of its mean by which demand swings in a day, and the hour of the day at which the run begins. */
  readonly swing: number;
  readonly firstHour: number;
  /** A new pod each so many hours; Infinity for none. */
  readonly rolloutHours: number;
}

export interface MemoryMinute {
  readonly bytes: number;
  readonly demand: number;
  readonly startedAtMinute: number;
}

const MEAN_DEMAND = 100;

/** Minutes of `world`, until the limit is passed where `untilOutOfMemory`. */
export function simulateMemory(world: MemoryWorld, minutes: number, random: Random): MemoryMinute[] {
  const out: MemoryMinute[] = [];
  let wander = 0;
  let burst = 0;
  let lagged = NaN;
  let leaked = 0;
  let tooth = random() * world.toothBytes;
  let startedAtMinute = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    if (minute - startedAtMinute >= world.rolloutHours * 60) {
      startedAtMinute = minute;
      leaked = 0;
      tooth = 0;
      lagged = NaN;
    }
    burst = 0.97 * burst + 0.02 * normal(random);
    const demand = demandAt(world, minute) * Math.exp(burst + 0.03 * normal(random));
    lagged = Number.isNaN(lagged) ? demand : lagged + (demand - lagged) / Math.max(1, world.lagMinutes);
    wander = 0.98 * wander + Math.sqrt(1 - 0.98 ** 2) * world.wanderBytes * normal(random);
    const relative = demand / MEAN_DEMAND;
    if (minute >= world.leakFrom * 60)
      leaked += (world.leak / 60) * (world.leaksBy === 'Time' ? 1 : relative);
    // Garbage is made by work: a tooth rises faster under load, and falls at once.
    tooth += (world.toothBytes / world.toothMinutes) * (0.5 + relative / 2);
    if (tooth > world.toothBytes * (0.9 + 0.2 * random())) tooth = 0;
    const age = (minute - startedAtMinute) / 60;
    const jumped = world.jumps.reduce((sum, { hour, bytes }) => sum + (minute >= hour * 60 ? bytes : 0), 0);
    const driven = world.bytesPerDemand * MEAN_DEMAND * (lagged / MEAN_DEMAND) ** world.power;
    const cache = world.cacheBytes * (1 - Math.exp(-age / world.cacheHours));
    const noise = world.noiseBytes * normal(random) + wander;
    const bytes = Math.max(1e6, world.baseBytes + driven + cache + tooth + leaked + jumped + noise);
    out.push({ bytes, demand, startedAtMinute });
    if (world.leak > 0 && bytes >= world.limitBytes) break;
  }
  return out;
}

function demandAt({ swing, firstHour }: MemoryWorld, minute: number): number {
  const day = (2 * Math.PI * (minute / 60 + firstHour - 4)) / 24;
  return MEAN_DEMAND * (1 - swing * Math.cos(day) + 0.2 * swing * Math.sin(2 * day));
}

const GIB = 2 ** 30;

const QUIET: MemoryWorld = {
  limitBytes: GIB,
  leak: 0,
  leaksBy: 'Time',
  leakFrom: 0,
  bytesPerDemand: 0,
  lagMinutes: 1,
  power: 1,
  toothBytes: 0,
  toothMinutes: 60,
  cacheBytes: 0,
  cacheHours: 1,
  jumps: [],
  baseBytes: 0.3 * GIB,
  noiseBytes: 0.004 * GIB,
  wanderBytes: 0.004 * GIB,
  swing: 0.5,
  firstHour: 0,
  rolloutHours: Infinity,
};

export interface MemoryKind {
  readonly name: string;
  readonly draw: (random: Random) => MemoryWorld;
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random();
const logBetween = (random: Random, low: number, high: number): number => low * (high / low) ** random();

function base(random: Random): MemoryWorld {
  return {
    ...QUIET,
    baseBytes: between(random, 0.2, 0.4) * GIB,
    noiseBytes: logBetween(random, 0.001, 0.01) * GIB,
    wanderBytes: logBetween(random, 0.001, 0.008) * GIB,
    firstHour: between(random, 0, 24),
    swing: between(random, 0.2, 0.7),
  };
}

/** Fills what is free between eight hours and four days. */
function leaking(world: MemoryWorld, random: Random): MemoryWorld {
  const used = world.baseBytes + world.bytesPerDemand * MEAN_DEMAND + world.toothBytes;
  return { ...world, leak: (world.limitBytes - used) / logBetween(random, 10, 96) };
}

const teeth = (random: Random): Partial<MemoryWorld> => ({
  toothBytes: between(random, 0.05, 0.2) * GIB,
  toothMinutes: logBetween(random, 5, 180),
});

const load = (random: Random): Partial<MemoryWorld> => ({
  bytesPerDemand: (between(random, 0.05, 0.2) * GIB) / MEAN_DEMAND,
  lagMinutes: logBetween(random, 1, 30),
  power: between(random, 0.7, 1.4),
});

const cache = (random: Random): Partial<MemoryWorld> => ({
  cacheBytes: between(random, 0.1, 0.4) * GIB,
  cacheHours: logBetween(random, 0.2, 8),
});

export const LEAKS: readonly MemoryKind[] = [
  { name: 'linear', draw: (random) => leaking(base(random), random) },
  {
    name: 'with garbage collection',
    draw: (random) => leaking({ ...base(random), ...teeth(random) }, random),
  },
  { name: 'with daily load', draw: (random) => leaking({ ...base(random), ...load(random) }, random) },
  {
    name: 'by request, with daily load',
    draw: (random) => leaking({ ...base(random), ...load(random), leaksBy: 'Demand' }, random),
  },
  {
    name: 'with load and garbage collection',
    draw: (random) => leaking({ ...base(random), ...load(random), ...teeth(random) }, random),
  },
];

export const LEAK_FREE: readonly MemoryKind[] = [
  { name: 'noise', draw: base },
  { name: 'daily load', draw: (random) => ({ ...base(random), ...load(random) }) },
  { name: 'warm-up, rollouts', draw: (random) => rollouts({ ...base(random), ...cache(random) }, random) },
  {
    name: 'warm-up and daily load',
    draw: (random) => rollouts({ ...base(random), ...cache(random), ...load(random) }, random),
  },
  { name: 'garbage collection', draw: (random) => rollouts({ ...base(random), ...teeth(random) }, random) },
  {
    name: 'garbage collection, load',
    draw: (random) => rollouts({ ...base(random), ...teeth(random), ...load(random) }, random),
  },
  {
    name: 'jumps',
    draw: (random) => ({
      ...base(random),
      ...load(random),
      jumps: Array.from({ length: 6 }, () => ({
        hour: between(random, 1, 720),
        bytes: between(random, -0.03, 0.06) * GIB,
      })),
    }),
  },
];

function rollouts(world: MemoryWorld, random: Random): MemoryWorld {
  return { ...world, rolloutHours: logBetween(random, 24, 400) };
}
