import { prepareArrivals } from '../../src/simulate/arrivals.ts';
import { seededRandom } from '../../src/simulate/random.ts';
import type { Scaler } from '../../src/simulate/scaler.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { DEFAULT_SIMULATION, type SimulationConfig } from '../../src/simulate/simulation-config.ts';
import type { WorldPod } from './cluster.ts';
import { testPod } from './test-pods.ts';
import { Workload } from './workload.ts';

const TICK_SECONDS = 5;
const start = Date.UTC(2024, 5, 3);

/** A decision before each tick, so that the pods of each tick are seen. */
const config: SimulationConfig = {
  ...DEFAULT_SIMULATION,
  decisionSeconds: TICK_SECONDS,
  arrivals: { process: 'linear', dispersion: 4 },
  metrics: { ageSeconds: 0 },
  settleDays: 0,
};

/** An hour of a load that rises faster than its replicas, so that lines form, overflow and melt. */
const minutes = Array.from({ length: 61 }, (_, i) => 6 + 5 * Math.sin(i / 4) + (i > 40 && i < 44 ? 8 : 0));
const arrivals = prepareArrivals(
  {
    times: Float64Array.from(minutes, (_, i) => start + i * 60_000),
    values: Float64Array.from(minutes),
  },
  config,
);

describe('the simulator and the live world', () => {
  const web = new Workload({ namespace: 'shop', name: 'web', demand: () => 0 });
  const random = seededRandom(4);
  const known = new Set<string>();
  let simulatedCores = 0;
  let livedCoreSeconds = 0;

  const scaler: Scaler = {
    decide({ index, measured, replicas, pods }) {
      // Both until the beginning of this tick.
      simulatedCores += measured.cpu(TICK_SECONDS) ?? 0;
      livedCoreSeconds = [...web.counters.values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
      // Behind by two minutes, and a little short: V must be large to be compared well.
      const wanted = Math.max(1, Math.round((arrivals.rates[index - 24] ?? 100) / 9.3));
      for (const { name } of pods) known.add(name);
      // What is given up is starting or the youngest, so that the oldest ready ones serve this tick.
      const ready = pods.filter((pod) => pod.ready).slice(0, wanted);
      const serving = new Set(ready.map(({ name }) => name));
      const world: WorldPod[] = [...known].map((name) => testPod(name, { ready: serving.has(name) }));
      web.advance(world, { demand: arrivals.rates[index] ?? 0, seconds: TICK_SECONDS }, random);
      return index % 3 === 0 ? wanted : Math.min(replicas, wanted);
    },
  };
  const { test } = simulate({ arrivals, config, scaler, warmupSeconds: 0 });

  it('agree on the number of requests', () => {
    const { requests } = web.accounts;
    // The world draws the number that the simulation expects: three standard deviations of a Poisson count.
    expect(Math.abs(requests - test.requests)).toBeLessThan(3 * Math.sqrt(test.requests));
    expect(test.requests).toBeGreaterThan(500_000);
  });

  it('agree on the share of slow requests', () => {
    const simulated = test.slowRequests / test.requests;
    const lived = web.accounts.slowRequests / web.accounts.requests;
    // Enough of both kinds for the comparison to mean something; the requests of one tick share its fate.
    expect(simulated).toBeGreaterThan(0.1);
    expect(simulated).toBeLessThan(0.9);
    expect(Math.abs(lived / simulated - 1)).toBeLessThan(0.01);
  });

  it('agree on the CPU that is used', () => {
    expect(livedCoreSeconds).toBeGreaterThan(50_000);
    expect(livedCoreSeconds / (simulatedCores * TICK_SECONDS)).toBeCloseTo(1, 9);
  });
});
