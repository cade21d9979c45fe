import { serialize } from 'node:v8';
import { awkwardSeries } from '../../../../../test/support/awkward-series.ts';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createLeakWatch, observeLeak, type LeakFinding, type LeakSample, type LeakWatch } from './leak.ts';

const MINUTE = 60_000;
const MIB = 2 ** 20;
const LIMIT = 1000 * MIB;

/** Memory in MiB by hour and demand. */
type Memory = (hours: number, demand: number) => number;

function sampleAt(minute: number, memory: Memory, noise: number): LeakSample {
  const hours = minute / 60;
  const demand = 100 + 50 * Math.sin((2 * Math.PI * hours) / 24);
  const workingSetBytes = (memory(hours, demand) + noise) * MIB;
  return { now: minute * MINUTE, workingSetBytes, limitBytes: LIMIT, demand, oldestPodStartedAt: 0 };
}

function run(
  memory: Memory,
  hours: number,
  watch: LeakWatch = createLeakWatch(),
): (LeakFinding | undefined)[] {
  const random = seededRandom(6);
  return Array.from({ length: hours * 60 }, (_, minute) =>
    observeLeak(watch, sampleAt(minute, memory, 2 * normal(random))),
  );
}

test('a leak of 20 MiB an hour is found hours before its end, with its slope and its end', () => {
  const finding = run((hours) => 300 + 20 * hours, 28).at(-1);
  expect((finding?.slopeBytesPerHour.median ?? NaN) / MIB).toBeCloseTo(20, 0);
  expect((finding?.secondsToOutOfMemory?.median ?? NaN) / 3600).toBeGreaterThan(6);
  expect((finding?.secondsToOutOfMemory?.median ?? NaN) / 3600).toBeLessThan(8);
});

test('a leak below what demand drives is found, and its slope is not the demand’s', () => {
  const finding = run((hours, demand) => 200 + 1.5 * demand + 8 * hours, 48).at(-1);
  expect((finding?.slopeBytesPerHour.median ?? NaN) / MIB).toBeCloseTo(8, 0);
});

test.each<[string, Memory]>([
  ['follows demand', (_, demand) => 200 + 4 * demand],
  ['only varies', () => 500],
  ['warms up and stays', (hours) => 200 + 600 * (1 - Math.exp(-hours / 2))],
  ['is collected every hour', (hours) => 300 + 300 * (hours % 1)],
  ['jumps to another level', (hours) => (hours < 20 ? 300 : 500)],
  ['falls', (hours) => 900 - 8 * hours],
])('memory that %s is no leak', (_, memory) => {
  expect(run(memory, 60).every((finding) => finding === undefined)).toBe(true);
});

test('another oldest pod ends the finding, and begins anew', () => {
  const watch = createLeakWatch();
  expect(run((hours) => 300 + 20 * hours, 25, watch).at(-1)).toBeDefined();
  const fresh = { ...sampleAt(25 * 60, () => 300, 0), oldestPodStartedAt: 25 * 60 * MINUTE };
  expect(observeLeak(watch, fresh)).toBeUndefined();
  expect(watch.long.bins.count).toBe(0);
});

test('without demand, memory that rises for less than a day is not yet a leak, and one that goes on is', () => {
  const watch = createLeakWatch();
  const random = seededRandom(8);
  const findings = Array.from({ length: 40 * 60 }, (_, minute) =>
    observeLeak(watch, { ...sampleAt(minute, (hours) => 300 + 15 * hours, normal(random)), demand: NaN }),
  );
  expect(findings[20 * 60]).toBeUndefined();
  expect(findings.at(-1)).toBeDefined();
});

test('without a limit there is no time to its end, and large growth is found nevertheless', () => {
  const watch = createLeakWatch();
  const random = seededRandom(8);
  const findings = Array.from({ length: 30 * 60 }, (_, minute) =>
    observeLeak(watch, { ...sampleAt(minute, (hours) => 300 + 20 * hours, normal(random)), limitBytes: NaN }),
  );
  expect(findings.at(-1)?.secondsToOutOfMemory).toBeUndefined();
  expect(findings.at(-1)?.p).toBeLessThan(1e-3);
});

test('a leak that begins after three quiet days and fills the limit within ten hours is found hours before', () => {
  const findings = run((hours) => 300 + 70 * Math.max(0, hours - 72), 80);
  expect(findings.slice(0, 72 * 60).every((finding) => finding === undefined)).toBe(true);
  expect(findings.findIndex((finding) => finding !== undefined)).toBeLessThan(78 * 60);
  const { slopeBytesPerHour, secondsToOutOfMemory } = findings.at(-1) ?? {};
  expect((slopeBytesPerHour?.median ?? NaN) / MIB).toBeGreaterThan(60);
  expect((secondsToOutOfMemory?.median ?? NaN) / 3600).toBeLessThan(3);
});

test('the watches of a fleet do not all look at the same minute', () => {
  const foundAt = Array.from(
    { length: 12 },
    (_, k) => run((hours) => 300 + k + 25 * hours, 20).at(-1)?.foundAt,
  );
  expect(new Set(foundAt).size).toBeGreaterThan(3);
});

test('its state stays below 4 KiB', () => {
  const watch = createLeakWatch();
  run((hours) => 200 + 8 * hours, 80, watch);
  expect(serialize(watch).length).toBeLessThan(4096);
});

test.each(awkwardSeries(3000))(
  'memory that is %s is no leak, and as demand or time it throws nothing',
  (_, values) => {
    const [memory, demand, time] = [createLeakWatch(), createLeakWatch(), createLeakWatch()];
    for (const [minute, value] of values.entries()) {
      const sample = sampleAt(minute, () => 500, 0);
      expect(observeLeak(memory, { ...sample, workingSetBytes: value })).toBeUndefined();
      expect(observeLeak(demand, { ...sample, demand: value })).toBeUndefined();
      observeLeak(time, { ...sample, now: value });
    }
  },
);
