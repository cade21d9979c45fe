import { prepareArrivals } from './arrivals.ts';
import type { Scaler, ScalerView } from './scaler.ts';
import { simulate } from './simulate.ts';
import { DEFAULT_SIMULATION, type FaultConfig, type SimulationConfig } from './simulation-config.ts';
import type { SimulationRun } from './simulation-run.ts';

const start = Date.UTC(2024, 5, 3);
const DAY = 86_400;
const config: SimulationConfig = {
  ...DEFAULT_SIMULATION,
  bounds: { minReplicas: 1, maxReplicas: 60 },
  settleDays: 0,
};
/** Two days at one rate: 200 requests per second, half of the configured peak's. */
const halved = { ...config, demand: { peakReplicas: 20, peakQuantile: 0.999 } };
const steady = prepareArrivals(
  { times: Float64Array.of(start, start + 2 * DAY * 1000), values: Float64Array.of(1, 1) },
  halved,
);
const nodes = { replicasPerNode: 5, startupSeconds: 120, emptySeconds: 600 };
const nothing: FaultConfig = { blackoutSecondsPerDay: 0, nodeLossesPerWeek: 0, refusedWriteShare: 0 };

function play(own: Partial<SimulationConfig>, scaler: Scaler): SimulationRun {
  return simulate({ arrivals: steady, config: { ...halved, ...own }, scaler, warmupSeconds: 0 });
}

function constant(replicas: number): Scaler {
  return { decide: () => replicas };
}

describe('a metric blackout', () => {
  it('of five minutes a day leaves twenty decisions a day without metrics, and counters that stand still', () => {
    let blind = 0;
    let still = 0;
    let requests = -1;
    const scaler: Scaler = {
      decide({ index, measured }) {
        if (index > 3 && measured.demand(5) === undefined) blind += 1;
        if (index > 3 && measured.requests === requests) still += 1;
        requests = measured.requests;
        return 40;
      },
    };
    play({ faults: { ...nothing, blackoutSecondsPerDay: 300 } }, scaler);
    expect(Math.abs(blind - 40)).toBeLessThanOrEqual(2);
    expect(Math.abs(still - 40)).toBeLessThanOrEqual(2);
  });
});

describe('a refused write', () => {
  it('changes nothing, is told to the scaler and is no action', () => {
    const told: number[] = [];
    let asked = 0;
    const scaler: Scaler = {
      decide({ replicas }) {
        asked += 1;
        return replicas === 30 ? 31 : 30;
      },
      refused: ({ index }: ScalerView) => told.push(index),
    };
    const { test } = play({ faults: { ...nothing, refusedWriteShare: 0.25 } }, scaler);
    expect(told.length / asked).toBeCloseTo(0.25, 1);
    expect(test.actions).toBe(asked - told.length);
  });
});

describe('nodes', () => {
  it('are paid for as long as they are needed and not given back', () => {
    const { test } = play({ nodes }, constant(steady.needed[0] ?? 0));
    expect(test.nodeSeconds).toBe(Math.ceil((steady.needed[0] ?? 0) / 5) * 2 * DAY);
    expect(test.outOfMemory).toBeUndefined();
  });

  it('make a start without room take longer', () => {
    const grow: Scaler = { decide: ({ index }) => (index < 100 ? (steady.needed[0] ?? 0) : 50) };
    const late = (own: Partial<SimulationConfig>): number => {
      let seconds = 0;
      const watched: Scaler = {
        decide(view) {
          if (view.starting > 0) seconds += 15;
          return grow.decide(view);
        },
      };
      play(own, watched);
      return seconds;
    };
    expect(late({ nodes })).toBeGreaterThan(late({}) + 60);
  });

  it('that are lost take their pods with them until these have started again', () => {
    const faults = { ...nothing, nodeLossesPerWeek: 40 };
    const lossy = play({ nodes, faults }, constant(40)).test;
    const safe = play({ nodes }, constant(40)).test;
    expect(safe.shortSeconds).toBeLessThan(60);
    expect(lossy.actions).toBe(safe.actions);
    // A node of five is a fifth of what is needed and forty have room to spare: less is spare, and hardly any short.
    expect(lossy.spareReplicaSeconds).toBeLessThan(safe.spareReplicaSeconds);
    expect(lossy.replicaSeconds).toBeCloseTo(safe.replicaSeconds, -5);
  });
});

describe('a memory leak', () => {
  const memory = { idleBytes: 100e6, requestBytes: 250e3, leakBytesPerRequest: 1000, limitBytes: 300e6 };

  it('restarts each replica about as often as it fills its memory', () => {
    const { test } = play({ memory }, constant(40));
    // 5 requests per second and replica fill 200 MB in some 40,000 s: four times in two days.
    const each = (test.outOfMemory ?? 0) / 40;
    expect(each).toBeGreaterThanOrEqual(4);
    expect(each).toBeLessThan(5);
    expect(test.replicaSeconds).toBe(play({}, constant(40)).test.replicaSeconds);
    expect(test.slowRequests).toBeGreaterThan(play({}, constant(40)).test.slowRequests);
  });

  it('that is none kills nobody', () => {
    const { test } = play({ memory: { ...memory, leakBytesPerRequest: 0 } }, constant(40));
    expect(test.outOfMemory).toBe(0);
    const { outOfMemory, ...rest } = test;
    expect(outOfMemory).toBe(0);
    expect(rest).toEqual(play({}, constant(40)).test);
  });

  it('of requests in a long line kills all of them at once', () => {
    const tight = { ...memory, leakBytesPerRequest: 0, limitBytes: 101e6 };
    expect(play({ memory: tight }, constant(15)).test.outOfMemory).toBeGreaterThan(15);
  });
});
