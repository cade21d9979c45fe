import { oracleOf, prepareTrace, runTrial } from './backtest.ts';
import { contextFixture } from '../../test/support/scaler-fixtures.ts';
import { autonomic, autonomicScrape } from './autonomic/autonomic.ts';
import { CONTENDERS, REFERENCE_CONTENDERS } from './contenders.ts';
import { SCRAPE_AGE_SECONDS } from './metric-path.ts';
import { peak5m } from './rivals/peak-window.ts';
import { simulate } from './simulate.ts';
import type { Contender, ScalerContext } from './scaler.ts';
import { DEFAULT_SIMULATION } from './simulation-config.ts';
import type { Trace } from './trace-demand.ts';

const START = Date.UTC(2026, 4, 4);
const MINUTES_PER_DAY = 1440;
const DAY = 86_400;

/** A day's rhythm with a ripple of seventeen minutes, one value each minute. */
function traceOf(days: number): Trace {
  const times = Float64Array.from({ length: days * MINUTES_PER_DAY + 1 }, (_, i) => START + i * 60_000);
  const values = Float64Array.from(times, (_, i) => {
    return 20 + 10 * Math.sin((2 * Math.PI * i) / MINUTES_PER_DAY) + 2 * Math.sin(i / 17);
  });
  return { times, values };
}

const trace = prepareTrace(traceOf(5), DEFAULT_SIMULATION, 2 * DAY);
const plain = { trace, frontier: false, record: false };

/** Without the tuning. */
const quick: Contender = { ...autonomic, knob: { ...autonomic.knob, values: [70] } };

describe('a trace made ready', () => {
  test.each([
    ['as long a warm-up as was asked for', 10, 3 * DAY, 3 * DAY],
    ['at most 40 % of a short trace', 5, 7 * DAY, 2 * DAY],
  ])('has %s', (_name, days, asked, seconds) => {
    expect(prepareTrace(traceOf(days), DEFAULT_SIMULATION, asked).warmupSeconds).toBe(seconds);
  });

  test.each([
    ['a trace of two days', 2, 7 * DAY, /0\.8 days is too short.*more than 2\.5 days of data/],
    ['a warm-up that ends before anything counts', 10, DAY, /1\.0 days is too short.*at least 2d/],
  ])('refuses %s and says what would do', (_name, days, asked, message) => {
    expect(() => prepareTrace(traceOf(days), DEFAULT_SIMULATION, asked)).toThrow(message);
  });
});

describe('a trial', () => {
  test('plays the value that was the cheapest to meet the objective on the warm-up', () => {
    const warmupOnly = peak5m.knob.values.map((value) => {
      const scaler = peak5m.create(value, contextFixture());
      const { warmup } = simulate({ ...trace, scaler, untilSeconds: trace.warmupSeconds });
      return { value, cost: warmup.replicaSeconds, met: warmup.slowRequests <= 0.01 * warmup.requests };
    });
    const cheapest = warmupOnly.filter(({ met }) => met).reduce((a, b) => (b.cost < a.cost ? b : a));
    expect(runTrial({ ...plain, contender: peak5m }).knob).toBe(cheapest.value);
  });

  test('gives everybody the same arrivals and the oracle alone the future', () => {
    const [ours, oracle] = [quick, oracleOf(trace)].map((contender) => runTrial({ ...plain, contender }));
    expect(oracle?.costOverOracle).toBeLessThan(ours?.costOverOracle ?? 0);
    expect(oracle?.costOverOracle).toBeGreaterThan(1);
  });

  test('of a policy that reads its pods is that of any policy with metrics of that age', () => {
    const everybody = { ...trace, config: { ...trace.config, metrics: { ageSeconds: SCRAPE_AGE_SECONDS } } };
    const { name, ...scraping } = runTrial({ ...plain, contender: autonomicScrape });
    expect(runTrial({ ...plain, trace: everybody, contender: autonomic })).toMatchObject(scraping);
    expect(runTrial({ ...plain, contender: autonomic })).not.toMatchObject(scraping);
    expect(name).toBe('autonomic-scrape');
  });

  test('repeats itself to the last bit', () => {
    const again = prepareTrace(traceOf(5), DEFAULT_SIMULATION, 2 * DAY);
    const run = (prepared: typeof trace): string =>
      JSON.stringify(runTrial({ ...plain, trace: prepared, contender: quick, record: true }));
    expect(run(again)).toBe(run(trace));
  });

  test('tells each whole day, the warm-up after its settling day and what was expected apart', () => {
    const { daily, warmupDaily, series, changes } = runTrial({ ...plain, contender: quick, record: true });
    expect([warmupDaily.length, daily.length]).toEqual([1, 3]);
    expect(series?.bound?.some((bound) => bound > 0)).toBe(true);
    expect(changes?.every(({ at, why }) => at >= START + 2 * DAY * 1000 && why !== undefined)).toBe(true);
  });

  test('has the whole curve of a knob when asked', () => {
    const { frontier, knob, costOverOracle } = runTrial({ ...plain, contender: peak5m, frontier: true });
    expect(frontier?.map((point) => point.knob)).toEqual(peak5m.knob.values);
    expect(frontier?.find((point) => point.knob === knob)?.costOverOracle).toBe(costOverOracle);
  });

  test('shows a contender what its user could know beforehand, and no more', () => {
    let seen: ScalerContext | undefined;
    const curious: Contender = {
      ...peak5m,
      knob: { name: 'none', values: [1] },
      create: (knob, context) => {
        seen = context;
        return { decide: ({ replicas }) => replicas };
      },
    };
    runTrial({ ...plain, contender: curious });
    expect(seen?.warmup).toHaveLength((2 * DAY) / 15);
    expect(seen?.startAt).toBe(START);
    expect(seen?.serviceRate).toBe(10);
  });
});

describe('the contenders', () => {
  const all = [...CONTENDERS, ...REFERENCE_CONTENDERS];

  test('have names of their own, and say where their rules come from', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { source, title } of all) expect(Math.min(source.length, title.length)).toBeGreaterThan(2);
  });

  test('are tuned on as many values as each other where they have a setting', () => {
    const budgets = CONTENDERS.map(({ knob }) => knob.values.length).filter((length) => length > 1);
    expect(Math.max(...budgets) / Math.min(...budgets)).toBeLessThanOrEqual(1.5);
  });

  const faults = { blackoutSecondsPerDay: 300, nodeLossesPerWeek: 0, refusedWriteShare: 0.2 };
  const world = prepareTrace(traceOf(3), { ...DEFAULT_SIMULATION, faults, settleDays: 0 }, DAY);

  test.each(all.map((contender) => [contender.name, contender] as const))(
    '%s plays through a day that has a blackout of its metrics',
    (_name, contender) => {
      const knob = { ...contender.knob, values: contender.knob.values.slice(0, 1) };
      const { badRequestShare, replicaSeconds } = runTrial({
        ...plain,
        trace: world,
        contender: { ...contender, knob },
      });
      expect(replicaSeconds).toBeGreaterThan(0);
      expect(badRequestShare).toBeLessThan(1);
    },
  );
});
