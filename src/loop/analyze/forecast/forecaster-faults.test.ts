import fc from 'fast-check';
import { createDemandForecaster, forecastPeak, observeDemand, type DemandForecaster } from './forecaster.ts';

const T0 = Date.UTC(2025, 0, 6);
const MINUTE = 60_000;
const DAY = 1440;

function wave(minute: number): number {
  return 200 + 80 * Math.sin((2 * Math.PI * minute) / DAY) + 15 * Math.sin(minute * 1.7);
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly step?: number;
  readonly scale?: number;
}

function feed(state: DemandForecaster, { from, to, step = 1, scale = 1 }: Stretch): DemandForecaster {
  for (let minute = from; minute <= to; minute += step) {
    const at = T0 + minute * MINUTE;
    observeDemand(state, at, scale * wave(minute), at);
  }
  return state;
}

function forecastAt(state: DemandForecaster, minute: number, leadSeconds = 300, confidence = 0.95) {
  return forecastPeak(state, { now: T0 + minute * MINUTE, leadSeconds, confidence });
}

const resolved = (state: DemandForecaster) => state.windows.map(({ score }) => score.resolved);

test('the same samples give the same state', () => {
  const run = () => feed(createDemandForecaster(), { from: 0, to: DAY, step: 0.25 });
  expect(run()).toEqual(run());
});

test('a state that was stored and read back goes on as if nothing had happened', () => {
  const state = feed(createDemandForecaster(), { from: 0, to: DAY + 7.25, step: 0.25 });
  const restored = structuredClone(state);
  feed(state, { from: DAY + 7.5, to: DAY + 300, step: 0.25 });
  feed(restored, { from: DAY + 7.5, to: DAY + 300, step: 0.25 });
  expect(restored).toEqual(state);
});

test('history that overlaps what is known already changes nothing', () => {
  const state = feed(createDemandForecaster(), { from: 0, to: 2 * DAY });
  const before = structuredClone(state);
  const now = T0 + 2 * DAY * MINUTE;
  for (let minute = DAY; minute <= 2 * DAY; minute++) {
    expect(observeDemand(state, T0 + minute * MINUTE, wave(minute), now).status).toBe('Duplicate');
  }
  expect(state).toEqual(before);
});

test('a gap of hours teaches nothing, and the forecast is there again with the first sample after it', () => {
  const state = feed(createDemandForecaster(), { from: 0, to: 3 * DAY });
  const before = resolved(state);
  feed(state, { from: 3 * DAY + 300, to: 3 * DAY + 300 });
  const after = resolved(state);
  // Windows that were complete but for their last minute when the gap began may still count; none inside it.
  after.forEach((count, i) => expect(count - (before[i] ?? 0)).toBeLessThanOrEqual(4));
  const forecast = forecastAt(state, 3 * DAY + 300);
  expect(forecast).toMatchObject({ level: wave(3 * DAY + 300) });
});

test('late samples fill the past but teach no more', () => {
  const state = feed(createDemandForecaster(), { from: 0, to: DAY });
  feed(state, { from: DAY + 60, to: DAY + 61 });
  const before = resolved(state);
  for (let minute = DAY + 10; minute < DAY + 50; minute++) {
    const outcome = observeDemand(state, T0 + minute * MINUTE, wave(minute), T0 + (DAY + 61) * MINUTE);
    expect(outcome.status).toBe('Merged');
  }
  expect(resolved(state)).toEqual(before);
});

test('a scrape interval of two minutes is enough to learn from', () => {
  const state = feed(createDemandForecaster(), { from: 0, to: 3 * DAY, step: 2 });
  for (const count of resolved(state).slice(1)) expect(count).toBeGreaterThan(200);
  for (const lead of [35, 90, 300]) {
    const forecast = forecastAt(state, 3 * DAY, lead);
    if ('absent' in forecast) throw new Error(forecast.message);
    expect(forecast.coverage).toBeGreaterThan(0.9);
    expect(forecast.accuracy).toBeGreaterThan(0.9);
  }
});

test.each([
  ['an hour', 60],
  ['a day', DAY],
])('a clock that runs %s ahead for a while costs only that while', (_what, ahead) => {
  const state = feed(createDemandForecaster(), { from: 0, to: 4 * DAY });
  feed(state, { from: 4 * DAY + ahead, to: 4 * DAY + ahead + 5 });
  expect(forecastAt(state, 4 * DAY + 6)).toMatchObject({ absent: 'ClockMovedBack' });
  feed(state, { from: 4 * DAY + 6, to: 4 * DAY + 60 });
  const forecast = forecastAt(state, 4 * DAY + 60);
  if ('absent' in forecast) throw new Error(forecast.message);
  expect(forecast.peak / wave(4 * DAY + 62)).toBeCloseTo(1, 1);
});

test('a sample from the future is refused while the clock is right', () => {
  const state = feed(createDemandForecaster(), { from: 0, to: 60 });
  const before = structuredClone(state);
  const now = T0 + 60 * MINUTE;
  expect(observeDemand(state, now + 3_600_000, 5, now)).toMatchObject({
    status: 'Refused',
    reason: 'InFuture',
  });
  expect(state).toEqual(before);
});

const anyNumber = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, NaN, -1, Infinity, -Infinity, 1e308, 1e30, 1e-300) },
);

/** Seconds since the sample before: mostly a tick, sometimes a repetition, a jump or a gap. */
const anyPause = fc.oneof(
  { weight: 20, arbitrary: fc.double({ min: 5, max: 70, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, -15, -3600, -86_400, 3600, 86_400, 9 * 86_400) },
);

const anyStream = fc.array(fc.record({ pause: anyPause, value: anyNumber }), { maxLength: 150 });

test('whatever comes in, a forecast is finite, ordered, and rises with the confidence', () => {
  fc.assert(
    fc.property(anyStream, fc.double({ min: 1, max: 900, noNaN: true }), (stream, leadSeconds) => {
      const state = feed(createDemandForecaster(), { from: 0, to: 30 });
      let now = T0 + 30 * MINUTE;
      for (const { pause, value } of stream) {
        now += pause * 1000;
        observeDemand(state, now, value, now);
        let below = 0;
        for (const confidence of [0.5, 0.66, 0.9, 0.951, 0.99]) {
          const forecast = forecastPeak(state, { now, leadSeconds, confidence });
          if ('absent' in forecast) continue;
          const { peak, upper, level, season, trend } = forecast;
          for (const part of [peak, upper, level, season, trend]) expect(part).not.toBeNaN();
          expect(Number.isFinite(upper) && peak >= 0 && upper >= peak && upper >= below).toBe(true);
          below = upper;
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('another unit gives the same forecast in that unit', () => {
  fc.assert(
    fc.property(fc.double({ min: -6, max: 9, noNaN: true }), (exponent) => {
      const scale = 10 ** exponent;
      const plain = forecastAt(feed(createDemandForecaster(), { from: 0, to: 1000 }), 1000);
      const scaled = forecastAt(feed(createDemandForecaster(), { from: 0, to: 1000, scale }), 1000);
      if ('absent' in plain || 'absent' in scaled) throw new Error('no forecast');
      expect(scaled.peak / scale / plain.peak).toBeCloseTo(1, 3);
      expect(scaled.upper / scale / plain.upper).toBeCloseTo(1, 3);
    }),
    { numRuns: 5 },
  );
});
