import fc from 'fast-check';
import { prepareArrivals, type Arrivals } from './arrivals.ts';
import { probabilityOfWaitBeyond } from '../loop/plan/erlang-c.ts';
import type { Scaler, ScalerView } from './scaler.ts';
import { simulate, type SimulationOptions } from './simulate.ts';
import { DEFAULT_SIMULATION, type SimulationConfig } from './simulation-config.ts';

const start = Date.UTC(2024, 5, 3);
const HOUR = 3600;
const config: SimulationConfig = {
  ...DEFAULT_SIMULATION,
  arrivals: { process: 'poisson', dispersion: 4 },
  bounds: { minReplicas: 1, maxReplicas: 60 },
  settleDays: 0,
};

/** Twelve hours, one sample a minute: a wave of two hours around half of the peak. */
function waves(own: SimulationConfig = config): Arrivals {
  const values = Float64Array.from({ length: 721 }, (_, i) => 5 + 4.9 * Math.sin((i * Math.PI) / 60));
  return prepareArrivals({ times: values.map((_, i) => start + i * 60_000), values }, own);
}

const arrivals = waves();

function constant(replicas: number): Scaler {
  return { decide: () => replicas };
}

/** Follows the last 30 s at 70 % utilisation. */
function follower(onView?: (view: ScalerView) => void): Scaler {
  return {
    decide(view) {
      onView?.(view);
      const demand = view.measured.demand(30);
      return demand === undefined ? view.replicas : Math.ceil(demand / 7);
    },
    explain: () => '30 s at 70 %',
  };
}

function play(options: Partial<SimulationOptions> = {}): ReturnType<typeof simulate> {
  return simulate({ arrivals, config, scaler: follower(), warmupSeconds: 3 * HOUR, ...options });
}

describe('a simulated queue', () => {
  it.each(['shared', 'split'] as const)('with one rate and one size is the closed form: %s', (discipline) => {
    const own: SimulationConfig = {
      ...config,
      arrivals: { process: 'linear', dispersion: 4 },
      service: { ...config.service, discipline },
    };
    const flat = prepareArrivals(
      { times: Float64Array.of(start, start + HOUR * 1000), values: Float64Array.of(1, 1) },
      own,
    );
    const run = play({ arrivals: flat, config: own, scaler: constant(48), warmupSeconds: 600 });
    const expected =
      discipline === 'shared'
        ? probabilityOfWaitBeyond({ arrivalRate: 400, serviceRate: 10, servers: 48 }, 0.3)
        : (400 / 480) * Math.exp(-(10 - 400 / 48) * 0.3);
    expect(run.test.slowRequests / run.test.requests).toBeCloseTo(expected, 9);
  });

  it('loses no request of the arrivals', () => {
    const { warmup, test } = play();
    const all = arrivals.cumulative.at(-1) ?? 0;
    expect(warmup.requests + test.requests).toBeCloseTo(all, 3);
  });
});

describe('the costs of a run', () => {
  it('of a fixed number of replicas are that number times the time', () => {
    const { test, warmup, decisions } = play({ scaler: constant(arrivals.needed[0] ?? 0) });
    expect(test).toMatchObject({ seconds: 9 * HOUR, actions: 0, windows: 108 });
    expect(test.replicaSeconds).toBe((arrivals.needed[0] ?? 0) * 9 * HOUR);
    expect(warmup.seconds).toBe(3 * HOUR);
    expect(decisions).toBe(12 * 240);
  });

  it('contain starting and terminating replicas', () => {
    const plan = [10, 20, 20, 20, 5];
    const scaler: Scaler = { decide: ({ index }) => plan[Math.min(index, 4)] ?? 0 };
    const quick = { ...config, startup: { medianSeconds: 20, sigma: 0 } };
    const { test } = play({ scaler, config: quick, warmupSeconds: 0, untilSeconds: 120 });
    const first = arrivals.needed[0] ?? 0;
    // 15 s of 10, 45 s of 20, 60 s of 5; what was given up ready is paid for 30 s more.
    const ended = 30 * Math.max(0, first - 10) + 30 * 15;
    expect(test.replicaSeconds).toBe(15 * 10 + 45 * 20 + 60 * 5 + ended);
    expect(test.actions).toBe(3);
  });

  it('need n*(t), whoever scales', () => {
    const needed = 15 * arrivals.needed.subarray(720).reduce((sum, replicas) => sum + replicas, 0);
    expect(play().test.neededReplicaSeconds).toBe(needed);
    const { test } = play({ scaler: { decide: ({ index }) => arrivals.needed[index] ?? 1 } });
    expect(test.spareReplicaSeconds).toBe(0);
    expect(test.shortReplicaSeconds).toBeGreaterThan(0);
  });

  it('do not count what happens while everybody settles', () => {
    const day = { ...config, settleDays: 1 / 24 };
    expect(play({ config: day }).warmup.seconds).toBe(2 * HOUR);
    expect(play({ config: day }).test).toEqual(play().test);
  });

  it('are given day by day, the last one short', () => {
    const long = prepareArrivals(
      { times: Float64Array.of(start, start + 60 * HOUR * 1000), values: Float64Array.of(1, 1) },
      config,
    );
    const { days, test } = play({ arrivals: long, warmupSeconds: 2 * HOUR });
    expect(days.map(({ seconds }) => seconds / HOUR)).toEqual([24, 24, 10]);
    expect(test.replicaSeconds).toBe(days.reduce((sum, day) => sum + day.replicaSeconds, 0));
    expect(test.seconds).toBe(58 * HOUR);
  });
});

describe('a scaler', () => {
  it('is kept within the bounds', () => {
    const seen = new Set<number>();
    const bounds = { minReplicas: 3, maxReplicas: 8 };
    const wild: Scaler = {
      decide: ({ index, replicas }) => {
        seen.add(replicas);
        return index % 2 === 0 ? -5 : 1e9;
      },
    };
    const own = { ...config, bounds };
    play({ arrivals: waves(own), config: own, scaler: wild });
    expect([...seen].sort()).toEqual([3, 8]);
  });

  it.each([NaN, 2.5, Infinity])('that wants %d replicas is a mistake', (wanted) => {
    expect(() => play({ scaler: constant(wanted) })).toThrow(/must want a whole number of replicas, found/);
  });

  it('sees counters that never fall and times that follow each other', () => {
    let last = { now: -Infinity, until: -Infinity, requests: 0, slow: 0, index: -1 };
    const check = ({ now, index, measured, replicas, ready, starting, pods }: ScalerView): void => {
      expect(index).toBe(last.index + 1);
      expect(now).toBe(start + index * 15_000);
      expect(measured.until).toBe(now - 30_000);
      expect(measured.requests).toBeGreaterThanOrEqual(last.requests);
      expect(measured.slowRequests).toBeGreaterThanOrEqual(last.slow);
      expect(measured.slowRequests).toBeLessThanOrEqual(measured.requests);
      expect([ready + starting, pods.length]).toEqual([replicas, replicas]);
      last = { now, until: measured.until, requests: measured.requests, slow: measured.slowRequests, index };
    };
    play({ scaler: follower(check), untilSeconds: 2 * HOUR });
    expect(last.index).toBe(479);
  });

  it('sees CPU that saturates at the ready replicas, and demand that does not', () => {
    let most = 0;
    const watcher: Scaler = {
      decide({ measured }) {
        most = Math.max(most, measured.demand(30) ?? 0);
        expect(measured.cpu(30) ?? 0).toBeLessThanOrEqual(10 + 1e-9);
        return 10;
      },
    };
    play({ scaler: watcher, arrivals: { ...arrivals, needed: arrivals.needed.map(() => 10) } });
    expect(most).toBeGreaterThan(300);
  });

  it('never sees what has not been measured yet', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 12 }), (changed, age) => {
        const other = changedFrom(arrivals, changed);
        const views = (of: Arrivals): string[] => {
          const seen: string[] = [];
          const scaler = follower((view) => seen.push(JSON.stringify(shown(view))));
          play({ arrivals: of, scaler, metricAgeSeconds: 5 * age, untilSeconds: 2 * HOUR });
          return seen;
        };
        const before = views(arrivals);
        const after = views(other);
        // A decision at the beginning of tick t has seen the ticks before t - age.
        const blind = Math.floor((changed + age) / 3) + 1;
        expect(after.slice(0, blind)).toEqual(before.slice(0, blind));
        expect(after).not.toEqual(before);
      }),
      { numRuns: 15 },
    );
  });
});

describe('two runs', () => {
  it('with the same options are the same bytes', () => {
    const run = (): string => JSON.stringify(play({ record: true }));
    expect(run()).toBe(run());
  });

  it('of which one is recorded or stopped earlier are otherwise the same', () => {
    const plain = play();
    expect(play({ record: true })).toMatchObject({ ...plain });
    expect(play({ untilSeconds: 3 * HOUR }).warmup).toEqual(plain.warmup);
    expect(play({ untilSeconds: 3 * HOUR })).toMatchObject({ days: [], test: { seconds: 0 } });
  });
});

describe('a recorded run', () => {
  const { series, changes, test } = play({ record: true });

  it('has one value for each minute', () => {
    expect(series).toMatchObject({ stepSeconds: 60 });
    expect(series?.demand).toHaveLength(720);
    const mean = (arrivals.cumulative[24] ?? 0) - (arrivals.cumulative[12] ?? 0);
    expect(series?.demand[1]).toBeCloseTo(mean / 60, 3);
    expect(Math.max(...(series?.slowShare ?? []))).toBeLessThanOrEqual(1);
  });

  it('has each change of the test phase with its reason', () => {
    expect(changes).toHaveLength(test.actions);
    for (const change of changes ?? []) {
      expect(change.from).not.toBe(change.to);
      expect(change.at).toBeGreaterThanOrEqual(start + 3 * HOUR * 1000);
      expect(change.why).toBe('30 s at 70 %');
    }
  });
});

/** As `arrivals`, with more requests in each tick from `tick` on. */
function changedFrom(of: Arrivals, tick: number): Arrivals {
  const rates = of.rates.map((rate, i) => (i < tick ? rate : rate + 50));
  const cumulative = of.cumulative.map((sum, i) => (i <= tick ? sum : sum + 250 * (i - tick)));
  return { ...of, rates, cumulative };
}

function shown({ now, replicas, ready, pods, measured }: ScalerView): unknown {
  const { until, requests, slowRequests } = measured;
  return {
    ...{ now, replicas, ready, pods, until, requests, slowRequests },
    means: [5, 30, 300].map((seconds) => [measured.demand(seconds), measured.cpu(seconds)]),
  };
}
