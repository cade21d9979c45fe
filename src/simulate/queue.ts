import { probabilityOfWait } from '../loop/plan/erlang-c.ts';
import type { Random } from './random.ts';
import { WORLD_CONFIG } from './world-config.ts';

/** What one workload meets during one tick. Rates in requests per second. */
export interface QueueLoad {
  readonly arrivalRate: number;
  /** Replicas that serve, a whole number; 0 turns every request away. */
  readonly servers: number;
  /** Requests per second that one of them completes. */
  readonly serviceRate: number;
  /** Length of the tick. */
  readonly seconds: number;
  /** Requests that were left waiting by the tick before. */
  readonly backlog: number;
}

/**
 * How long the requests that arrive in one tick wait: the longer of two waits. The fluid one, behind the backlog,
 * moves in a straight line over the tick; the random one is that of a stationary M/M/c queue.
 */
export interface Waits {
  /** Fluid wait at the start and the end of the tick, seconds; negative where the line is clear. */
  readonly fluidFrom: number;
  readonly fluidTo: number;
  /** Probability of any random wait, and the rate (1/s) of its exponential tail. */
  readonly randomProbability: number;
  readonly randomRate: number;
}

/** One tick's result; numbers of requests are means, not whole. arrived + old backlog = served + dropped + backlog. */
export interface QueueOutcome {
  readonly arrived: number;
  readonly served: number;
  /** Turned away because they would have waited longer than the queue holds. */
  readonly dropped: number;
  readonly backlog: number;
  /** Mean number of replicas at work, 0 … servers: what CPU shows, and why CPU saturates when demand does not. */
  readonly busyServers: number;
  /** Mean number of requests inside, waiting or served (Little's law on the mean wait). */
  readonly inSystem: number;
  /** Share of the arrivals that wait longer than the threshold or are turned away, 0 … 1; 0 when none arrived. */
  readonly slowShare: number;
  readonly waits: Waits;
}

/** What a queue is like, beside its load. */
export interface Physics {
  /** A request that waits longer is slow. */
  readonly waitThresholdSeconds: number;
  /** Seconds of work, at full capacity, that may wait; what is beyond is turned away. */
  readonly queueSeconds: number;
  /** Below 1: the random wait grows no further beyond it. */
  readonly maxUtilization: number;
  /** One line for all servers (M/M/c, the default), or one for each behind a random balancer (c × M/M/1). */
  readonly discipline?: 'shared' | 'split';
  /**
   * Squared coefficient of variation of the service time; 1, the default, is exponential. Waits scale by
   * (1 + it) ÷ 2 (Allen and Cunneen's approximation).
   */
  readonly squaredVariation?: number;
}

/**
 * One tick of M/M/c with a backlog: within capacity the stationary wait by Erlang's C formula, above it a fluid
 * backlog bounded at `queueSeconds` of capacity (Urgaonkar et al., TAAS 2008; Gandhi et al., TOCS 2012).
 * Requests count when they arrive, so that their rate does not saturate as CPU does.
 */
export function queueTick(load: QueueLoad, physics: Physics = WORLD_CONFIG): QueueOutcome {
  checkLoad(load);
  const { arrivalRate, servers, serviceRate, seconds, backlog } = load;
  const capacity = servers * serviceRate;
  const arrived = arrivalRate * seconds;
  if (capacity === 0) return turnedAway(arrived, backlog, physics);

  const served = Math.min(backlog + arrived, capacity * seconds);
  const waiting = Math.max(0, backlog + arrived - served);
  const left = Math.min(waiting, physics.queueSeconds * capacity);
  const dropped = waiting - left;
  const waits = waitsOf(load, capacity, physics);
  const busyServers = served / (serviceRate * seconds);
  return {
    arrived,
    served,
    dropped,
    backlog: left,
    busyServers,
    inSystem: busyServers + arrivalRate * meanOfWaits(waits, physics.queueSeconds),
    slowShare:
      arrived === 0
        ? 0
        : Math.max(shareBeyond(waits, physics.waitThresholdSeconds), Math.min(1, dropped / arrived)),
    waits,
  };
}

function waitsOf(load: QueueLoad, capacity: number, physics: Physics): Waits {
  const { arrivalRate, seconds, backlog } = load;
  const longest = physics.queueSeconds;
  return {
    fluidFrom: Math.min(longest, backlog / capacity),
    fluidTo: Math.min(longest, (backlog + (arrivalRate - capacity) * seconds) / capacity),
    ...randomWait(load, physics),
  };
}

/** The stationary wait at this rate of arrivals, without a backlog; `servers` at least 1. */
export function randomWait(
  { arrivalRate, servers, serviceRate }: Pick<QueueLoad, 'arrivalRate' | 'servers' | 'serviceRate'>,
  physics: Physics,
): Pick<Waits, 'randomProbability' | 'randomRate'> {
  const capacity = servers * serviceRate;
  const rate = Math.min(arrivalRate, physics.maxUtilization * capacity);
  const stretch = (1 + (physics.squaredVariation ?? 1)) / 2;
  return physics.discipline === 'split'
    ? { randomProbability: rate / capacity, randomRate: (capacity - rate) / servers / stretch }
    : {
        randomProbability: probabilityOfWait(servers, rate / serviceRate),
        randomRate: (capacity - rate) / stretch,
      };
}

/** No replica is ready: there is nothing to wait behind, and who waited is turned away. */
function turnedAway(arrived: number, backlog: number, physics: Physics): QueueOutcome {
  return {
    arrived,
    served: 0,
    dropped: backlog + arrived,
    backlog: 0,
    busyServers: 0,
    inSystem: 0,
    slowShare: arrived === 0 ? 0 : 1,
    waits: {
      fluidFrom: physics.queueSeconds,
      fluidTo: physics.queueSeconds,
      randomProbability: 1,
      randomRate: 0,
    },
  };
}

/** Share of the tick's arrivals that wait longer than `seconds` (0 or more), 0 … 1. */
export function shareBeyond(waits: Waits, seconds: number): number {
  const fluid = shareOfLineAbove(waits.fluidFrom, waits.fluidTo, seconds);
  return fluid + (1 - fluid) * waits.randomProbability * Math.exp(-waits.randomRate * seconds);
}

/** Part of the straight line from `from` to `to` that lies above `level`. */
function shareOfLineAbove(from: number, to: number, level: number): number {
  const low = Math.min(from, to);
  const high = Math.max(from, to);
  if (low > level) return 1;
  return high <= level ? 0 : (high - level) / (high - low);
}

/** Mean wait in seconds, at most `longest`: Simpson's rule over the tick on the mean of the longer of both waits. */
export function meanOfWaits(waits: Waits, longest: number): number {
  const { fluidFrom, fluidTo, randomProbability, randomRate } = waits;
  if (randomRate === 0) return longest;
  const meanBehind = (line: number): number => {
    const fluid = Math.max(0, line);
    return Math.min(longest, fluid + (randomProbability * Math.exp(-randomRate * fluid)) / randomRate);
  };
  return (meanBehind(fluidFrom) + 4 * meanBehind((fluidFrom + fluidTo) / 2) + meanBehind(fluidTo)) / 6;
}

/** The wait of one request that arrives at a random moment of the tick, seconds, at most `longest`. */
export function sampleWait(waits: Waits, longest: number, random: Random): number {
  const fluid = waits.fluidFrom + (waits.fluidTo - waits.fluidFrom) * random();
  const waitsAtRandom = random() < waits.randomProbability;
  const exponential = waitsAtRandom ? -Math.log(1 - random()) / waits.randomRate : 0;
  return Math.min(longest, Math.max(0, fluid, exponential));
}

function checkLoad(load: QueueLoad): void {
  for (const field of ['arrivalRate', 'serviceRate', 'backlog', 'servers', 'seconds'] as const) {
    const value = load[field];
    if (!(value >= 0) || value === Infinity) {
      throw new RangeError(`${field} must be a finite number of at least 0, found ${value}`);
    }
  }
  if (load.seconds === 0) throw new RangeError('seconds must be more than 0, found 0');
  if (!Number.isInteger(load.servers))
    throw new RangeError(`servers must be a whole number, found ${load.servers}`);
}
