import { busyStretch, HISTORY_MS, replayFrom, scaleToBusyReplicas } from '../world/busy-stretch.ts';
import { readTrace } from '../../src/adapters/csv/read-trace.ts';
import { generateDemand, type Demand } from '../../src/simulate/demand.ts';
import { seededRandom } from '../../src/simulate/random.ts';
import { WORLD_CONFIG } from '../../src/simulate/world-config.ts';

/** The load of the demonstration: its past, and the quarter of an hour to come. */
export interface Scenario {
  readonly title: string;
  readonly demand: Demand;
  /** Where the past begins, ms since the epoch. */
  readonly from: number;
  readonly minutes: number;
  readonly initialReplicas: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Replicas that the busiest moments keep busy. */
const BUSY_REPLICAS = 16;

/** Share of a replica's capacity that both contenders aim at: usual for a service with an objective on latency. */
export const TARGET_UTILIZATION = 0.7;

/** A shop whose sale opens at the same time every day: load triples within two minutes, stays, and goes again. */
export function saleScenario(now: number, minutes: number): Scenario {
  const shape = {
    baseRate: 32,
    dailySwing: 0.25,
    // Base load is at its mean when the demonstration begins, whatever the hour.
    peakHour: ((now % DAY_MS) / 3_600_000 + 6) % 24,
    weekendFactor: 0.9,
    noise: 0.06,
    burstsPerDay: 1,
    burstFactor: 0.5,
  };
  const from = now - HISTORY_MS;
  const base = generateDemand(shape, { from, to: now + minutes * MINUTE_MS }, seededRandom(7));
  const rush = dailyRush(now + 0.28 * minutes * MINUTE_MS, minutes * MINUTE_MS);
  const demand: Demand = (at) => base(at) + 110 * rush(at);
  return {
    title: 'a shop whose sale opens at the same time every day',
    demand,
    from,
    minutes,
    initialReplicas: replicasFor(demand(now)),
  };
}

/** 0 … 1: up within 13 % of the demonstration, high for 20 %, down within 7 %; each day at the same time. */
function dailyRush(opensAt: number, lengthMs: number): Demand {
  const [up, high, down] = [0.13 * lengthMs, 0.2 * lengthMs, 0.07 * lengthMs];
  return (at) => {
    const since = (((at - opensAt) % DAY_MS) + DAY_MS) % DAY_MS;
    if (since < up) return since / up;
    if (since < up + high) return 1;
    return Math.max(0, 1 - (since - up - high) / down);
  };
}

/** The busiest quarter of an hour of somebody's own trace, after as much of its past as there is. @throws TraceError */
export function traceScenario(file: string, now: number): Scenario {
  const trace = readTrace(file);
  const stretch = busyStretch(trace);
  const scale = scaleToBusyReplicas(trace, BUSY_REPLICAS, WORLD_CONFIG.requestsPerCoreSecond);
  const { demand, from } = replayFrom(trace, stretch, now, scale);
  const minutes = Math.round((stretch.end - stretch.start) / MINUTE_MS);
  return {
    title: `the busiest ${minutes} minutes of ${file} (from ${new Date(stretch.start).toISOString()} on)`,
    demand,
    from,
    minutes,
    initialReplicas: replicasFor(demand(now)),
  };
}

function replicasFor(rate: number): number {
  return Math.max(2, Math.ceil(rate / (TARGET_UTILIZATION * WORLD_CONFIG.requestsPerCoreSecond)));
}
