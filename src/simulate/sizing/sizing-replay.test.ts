import fc from 'fast-check';
import { SHAPE_NAMES, usageOf } from '../../../test/support/usage-shapes.ts';
import type { Resources, SizingContender, UsageSample } from './sizing-contender.ts';
import { SIZING_CONTENDERS } from './sizing-contenders.ts';
import { replaySizing } from './sizing-replay.ts';
import { sizingRows, type SizingSeries } from './sizing-series.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);
const GIB = 1024 ** 3;

interface Row {
  readonly at: number;
  readonly cpu: number;
  readonly memory: number;
}

function seriesOf(rows: readonly Row[], requested: Resources, name = 'web'): SizingSeries {
  return {
    name,
    times: Float64Array.from(rows, ({ at }) => at),
    cpuUsed: Float64Array.from(rows, ({ cpu }) => cpu),
    memoryUsed: Float64Array.from(rows, ({ memory }) => memory),
    cpuRequested: new Float64Array(rows.length).fill(requested.cpu),
    memoryRequested: new Float64Array(rows.length).fill(requested.memory),
  };
}

const everyMinute = (minutes: number, use: (minute: number) => Resources): Row[] =>
  Array.from({ length: minutes }, (_, minute) => ({ at: START + minute * MINUTE, ...use(minute) }));

/** Asks for the same from the first decision on, and writes down what it hears. */
function fixed(request: Resources, heard: UsageSample[] = [], kills: number[] = []): SizingContender {
  return {
    name: 'fixed',
    title: 'Fixed',
    source: 'this test',
    decisionSeconds: 3600,
    limitsCpu: true,
    create: () => ({
      observe: (sample) => void heard.push(sample),
      outOfMemory: (at) => void kills.push(at),
      recommend: () => request,
    }),
  };
}

describe('a replay of requests', () => {
  test('scores slack, throttling and requests after the warm-up against what was provisioned', () => {
    // An hour of warm-up and nine hours, in one of which the CPU request of one core is used up.
    const rows = everyMinute(600, (minute) => ({ cpu: minute >= 540 ? 1 : 0.5, memory: GIB }));
    const { series, config } = replaySizing(
      [seriesOf(rows, { cpu: 2, memory: 4 * GIB })],
      [fixed({ cpu: 1, memory: 2 * GIB })],
      3600,
    );
    const [provisioned, own] = series[0]!.contenders;
    expect(config).toEqual({ warmupSeconds: 3600, contenders: ['as-provisioned', 'fixed'] });
    expect(series[0]).toMatchObject({ rows: 600, warmupHours: 1, scoredHours: 9 });
    expect(provisioned).toMatchObject({
      memorySlack: 0.75,
      throttledTimeShare: 0,
      changes: 0,
      coreHours: 18,
    });
    expect(provisioned?.cpuSlack).toBeCloseTo((8 * 0.75 + 0.5) / 9, 9);
    expect(own).toMatchObject({ memorySlack: 0.5, changes: 1, coreHours: 9, gibHours: 18 });
    expect(own?.cpuSlack).toBeCloseTo((8 * 0.5) / 9, 9);
    expect(own?.throttledTimeShare).toBeCloseTo(1 / 9, 9);
    expect(own).toMatchObject({ cpuOverProvisioned: 0.5, memoryOverProvisioned: 0.5, outOfMemoryEvents: 0 });
  });

  test('kills a container that wants more memory, not more often than it would be started again', () => {
    const kills: number[] = [];
    const rows = everyMinute(100, (minute) => ({
      cpu: 1,
      memory: minute >= 80 && minute < 92 ? 3 * GIB : GIB,
    }));
    const contender = fixed({ cpu: 1, memory: 2 * GIB }, [], kills);
    const { series } = replaySizing([seriesOf(rows, { cpu: 1, memory: 4 * GIB })], [contender], 0);
    expect(kills.map((at) => (at - START) / MINUTE)).toEqual([80, 85, 90]);
    expect(series[0]!.contenders[1]).toMatchObject({ outOfMemoryEvents: 3, outOfMemoryTimeShare: 0.12 });
  });

  test.each([
    ['its own limit', true, 1],
    ['all there is where it sets none', false, 3],
  ])('lets a contender measure no more than %s', (_, limitsCpu, cpu) => {
    const heard: UsageSample[] = [];
    const rows = everyMinute(100, () => ({ cpu: 3, memory: 3 * GIB }));
    const contender = { ...fixed({ cpu: 1, memory: 2 * GIB }, heard), limitsCpu };
    replaySizing([seriesOf(rows, { cpu: 4, memory: 4 * GIB })], [contender], 30 * 60);
    expect(heard[0]).toMatchObject({ cpu: 3, memory: 3 * GIB, seconds: 60 });
    expect(heard.at(-1)).toMatchObject({ cpu, memory: 2 * GIB });
  });

  test('counts a row before a gap for one step, and no time of the gap', () => {
    const rows = everyMinute(100, () => ({ cpu: 1, memory: GIB }));
    const gap = rows.map((row, index) => (index < 50 ? row : { ...row, at: row.at + 5 * HOUR }));
    const [result] = replaySizing([seriesOf(gap, { cpu: 2, memory: GIB })], [], 0).series;
    expect(result?.scoredHours).toBeCloseTo(100 / 60, 9);
  });

  test('takes at most 40 % of a series for the warm-up', () => {
    const rows = everyMinute(101, () => ({ cpu: 1, memory: GIB }));
    const [result] = replaySizing([seriesOf(rows, { cpu: 2, memory: GIB })], []).series;
    expect(result?.warmupHours).toBeCloseTo(40 / 60, 9);
    expect(result?.scoredHours).toBeCloseTo(61 / 60, 9);
  });

  test('sums up: medians over series, requests and kills over all', () => {
    const series = [1, 2, 3].map((cpu) =>
      seriesOf(
        everyMinute(100, () => ({ cpu, memory: cpu * GIB })),
        { cpu: 4, memory: 4 * GIB },
        `web-${cpu}`,
      ),
    );
    const { summary } = replaySizing(series, [fixed({ cpu: 4, memory: 2.5 * GIB })], 0);
    expect(summary[0]).toMatchObject({
      name: 'as-provisioned',
      series: 3,
      medianCpuSlack: 0.5,
      cpuOverProvisioned: 1,
    });
    expect(summary[1]).toMatchObject({
      seriesWithOutOfMemory: 1,
      outOfMemoryEvents: 20,
    });
    expect(summary[1]?.medianMemorySlack).toBeCloseTo(0.2, 9);
    expect(summary[1]?.memoryOverProvisioned).toBeCloseTo(0.625, 9);
  });

  test.each(['memoryUsed', 'cpuUsed', 'cpuRequested', 'memoryRequested'] as const)(
    'is refused where %s is no amount, with name and time',
    (column) => {
      const series = seriesOf(
        everyMinute(3, () => ({ cpu: 1, memory: 1 })),
        { cpu: 1, memory: 1 },
      );
      series[column][1] = -1;
      expect(() => replaySizing([series], [])).toThrow('web: 2026-01-01T00:01:00.000Z:');
    },
  );

  test('is refused where times do not rise or columns are of unequal length', () => {
    const series = seriesOf(
      everyMinute(3, () => ({ cpu: 1, memory: 1 })),
      { cpu: 1, memory: 1 },
    );
    expect(() => sizingRows({ ...series, times: Float64Array.of(1, 2, 2) })).toThrow('web: times must rise');
    expect(() => sizingRows({ ...series, cpuUsed: Float64Array.of(1) })).toThrow(
      'web: columns must be of one length',
    );
  });
});

describe('the known right-sizers', () => {
  const series = SHAPE_NAMES.filter((name) => name !== 'huge').map((name) => {
    const usage = usageOf(name, { days: 14 });
    const peak = (of: (row: Row) => number): number =>
      usage.reduce((most, row) => Math.max(most, of(row)), 0);
    return seriesOf(
      usage,
      { cpu: 2 * peak(({ cpu }) => cpu), memory: 2 * peak(({ memory }) => memory) },
      name,
    );
  });

  test('save CPU on containers with twice their peak, and give each a positive request at all times', () => {
    const { summary } = replaySizing(series, SIZING_CONTENDERS);
    for (const { name, cpuOverProvisioned, medianChangesPerDay } of summary.slice(1)) {
      expect([name, cpuOverProvisioned]).toEqual([name, expect.any(Number)]);
      expect(cpuOverProvisioned).toBeGreaterThan(0);
      expect(cpuOverProvisioned).toBeLessThan(0.7);
      expect(medianChangesPerDay).toBeGreaterThan(0);
    }
  });

  test.each(SIZING_CONTENDERS.map((contender) => [contender.name, contender] as const))(
    '%s knows nothing of the future: a series cut short is decided alike until there',
    (_, contender) => {
      const requests = (rows: readonly Row[]): Resources[] => {
        const asked: Resources[] = [];
        const noting: SizingContender = {
          ...contender,
          create: () => {
            const sizer = contender.create();
            return {
              observe: (sample) => sizer.observe(sample),
              outOfMemory: (at, request) => sizer.outOfMemory(at, request),
              recommend: (at, current) => {
                const request = sizer.recommend(at, current);
                asked.push(request);
                return request;
              },
            };
          },
        };
        replaySizing([seriesOf(rows, { cpu: 2, memory: 2 * GIB })], [noting], 6 * 3600);
        return asked;
      };
      const usage = usageOf('leak', { days: 4 });
      const whole = requests(usage);
      fc.assert(
        fc.property(fc.integer({ min: 400, max: usage.length }), (length) => {
          const part = requests(usage.slice(0, length));
          expect(whole.slice(0, part.length)).toEqual(part);
        }),
        { numRuns: 5 },
      );
    },
  );
});
