import { createDemandForecaster, forecastPeak, observeDemand, type DemandForecaster } from './forecaster.ts';
import type { PeakForecast } from './peak-forecast.ts';

/** A Monday, so that day n of a test has a name. */
const T0 = Date.UTC(2025, 0, 6);
const MINUTE = 60_000;
const DAY = 1440;

type Demand = (minute: number, noise: number) => number;

/** The same noise (−1 … 1) in every run. */
function noiseAt(minute: number): number {
  const mixed = Math.imul(Math.floor(minute * 4) ^ 0x9e3779b9, 2654435761) >>> 0;
  return (Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 0) / 2 ** 31 - 1;
}

/** A stretch of minutes with a sample for each `step` of them. */
type Stretch = readonly [from: number, to: number, step?: number];

function feed(state: DemandForecaster, demand: Demand, [from, to, step = 1]: Stretch): DemandForecaster {
  for (let minute = from; minute <= to; minute += step) {
    const at = T0 + minute * MINUTE;
    observeDemand(state, at, demand(minute, noiseAt(minute)), at);
  }
  return state;
}

function ask(state: DemandForecaster, minute: number, leadSeconds: number, confidence = 0.95): PeakForecast {
  const forecast = forecastPeak(state, { now: T0 + minute * MINUTE, leadSeconds, confidence });
  if ('absent' in forecast) throw new Error(`absent: ${forecast.absent}`);
  return forecast;
}

const reasonAt = (state: DemandForecaster, minute: number, leadSeconds = 120) => {
  const request = { now: T0 + minute * MINUTE, leadSeconds, confidence: 0.95 };
  const forecast = forecastPeak(state, request);
  return 'absent' in forecast ? forecast.absent : 'present';
};

/** From 100 to 300 within the three minutes from 10:00, and back at 12:00. */
const step: Demand = (minute, noise) => {
  const since = (minute % DAY) - 600;
  const risen = since < 0 || since >= 120 ? 0 : Math.min(1, since / 3);
  return 100 * (1 + 2 * risen) * (1 + 0.02 * noise);
};
const flat: Demand = (_minute, noise) => 100 * (1 + 0.02 * noise);

describe('demand that triples within three minutes at the same time each day', () => {
  const state = feed(createDemandForecaster(), step, [0, 14 * DAY + 500]);
  const rise = 14 * DAY + 600;

  test.each([60, 95, 155, 300, 600])('is raised %d s ahead, and not long before that', (lead) => {
    const live = structuredClone(state);
    // The rise is complete at 10:03; the lead must reach into that minute.
    const due = rise + 3 - lead / 60;
    feed(live, step, [14 * DAY + 500.25, due - 4, 0.25]);
    expect(ask(live, due - 4, lead).upper).toBeLessThan(150);
    feed(live, step, [due - 3.75, due + 1, 0.25]);
    expect(ask(live, due + 1, lead).peak).toBeGreaterThan(260);
    expect(ask(live, due + 1, lead).upper).toBeLessThan(400);
  });

  test('is not raised twice once the rise has begun', () => {
    const live = feed(structuredClone(state), step, [14 * DAY + 500.25, rise + 5, 0.25]);
    expect(ask(live, rise + 5, 300).peak).toBeLessThan(330);
  });

  test('is explained: what is now, what the season adds, and the rest', () => {
    const live = feed(structuredClone(state), step, [14 * DAY + 500.25, rise - 2, 0.25]);
    const forecast = ask(live, rise - 2, 600);
    expect(forecast.season).toBeGreaterThan(150);
    expect(forecast.level + forecast.season + forecast.trend).toBeCloseTo(forecast.peak, 6);
    expect(forecast).toMatchObject({ reliable: true, doubt: undefined });
    expect(forecast.ageDays).toBeCloseTo(14.4, 1);
  });

  test('is still raised when it failed to come on the day before', () => {
    const missed: Demand = (minute, noise) =>
      Math.floor(minute / DAY) === 14 ? flat(minute, noise) : step(minute, noise);
    const live = feed(structuredClone(state), missed, [14 * DAY + 501, rise + DAY - 5]);
    expect(ask(live, rise + DAY - 5, 600).upper).toBeGreaterThan(260);
  });
});

test('one wild day does not raise the next ones', () => {
  const wild: Demand = (minute, noise) =>
    Math.floor(minute / DAY) === 7 ? step(minute, noise) : flat(minute, noise);
  const state = feed(createDemandForecaster(), wild, [0, 8 * DAY + 595]);
  expect(ask(state, 8 * DAY + 595, 600).upper).toBeLessThan(115);
});

test('demand that rises on Mondays only is raised on Mondays only', () => {
  const mondays: Demand = (minute, noise) =>
    Math.floor(minute / DAY) % 7 === 0 ? step(minute, noise) : flat(minute, noise);
  const state = feed(createDemandForecaster(), mondays, [0, 21 * DAY + 595]);
  expect(ask(state, 21 * DAY + 595, 600).peak).toBeGreaterThan(200);
  feed(state, mondays, [21 * DAY + 596, 22 * DAY + 595]);
  expect(ask(state, 22 * DAY + 595, 600).peak).toBeLessThan(115);
});

test('a daily wave is followed up and down by its own slope', () => {
  const wave: Demand = (minute) => 100 + 50 * Math.sin((2 * Math.PI * minute) / DAY);
  const state = feed(createDemandForecaster(), wave, [0, 4 * DAY]);
  for (const [later, from] of [
    [10, 0],
    [10, 300],
    [0, 700],
  ] as const) {
    feed(state, wave, [4 * DAY + 1, 4 * DAY + from]);
    const expected = wave(4 * DAY + from + later, 0);
    expect(ask(state, 4 * DAY + from, 600).peak / expected).toBeCloseTo(1, 1);
  }
});

test('a series without a season is not harmed by looking for one', () => {
  let walk = 1000;
  const state = createDemandForecaster();
  feed(state, (_minute, noise) => (walk = Math.max(1, walk + noise)), [0, 5 * DAY]);
  // Of a random walk the last value is the best forecast of the next minute; longer maxima lie above it.
  expect(ask(state, 5 * DAY, 60).skill).toBeGreaterThan(-0.05);
  expect(ask(state, 5 * DAY, 300).skill).toBeGreaterThan(0.05);
});

test('a constant demand is forecast as it is', () => {
  const forecast = ask(
    feed(createDemandForecaster(), () => 42, [0, 2 * DAY]),
    2 * DAY,
    300,
  );
  expect(forecast.peak).toBeCloseTo(42, 2);
  expect(forecast.upper).toBeCloseTo(42, 2);
  expect(forecast).toMatchObject({ reliable: true });
  expect(forecast.coverage).toBeGreaterThan(0.9);
});

describe('noisy demand', () => {
  const noisy: Demand = (minute, noise) => 50 + 10 * noise ** 3 + 20 * Math.sin(minute / 229);
  const state = feed(createDemandForecaster(), noisy, [0, 4 * DAY]);

  test.each([0.5, 0.8, 0.9, 0.95, 0.97, 0.99])('stays below its bound at %d in that share', (confidence) => {
    for (const lead of [60, 150, 300, 600]) {
      const { coverage } = ask(state, 4 * DAY, lead, confidence);
      expect(Math.abs((coverage ?? 0) - confidence)).toBeLessThan(0.02);
    }
  });
});

test('a launch nobody knew of is followed at once, and the bound stays within twice the record', () => {
  const launch: Demand = (minute, noise) => flat(minute, noise) * (minute >= 3 * DAY ? 20 : 1);
  const state = feed(createDemandForecaster(), launch, [0, 3 * DAY - 60]);
  feed(state, launch, [3 * DAY - 59, 3 * DAY + 1, 0.25]);
  const forecast = ask(state, 3 * DAY + 1, 120);
  expect(forecast.peak).toBeGreaterThan(1800);
  expect(forecast.upper).toBeLessThanOrEqual(2 * 2040);
  feed(state, launch, [3 * DAY + 1.25, 3 * DAY + 120, 0.25]);
  expect(ask(state, 3 * DAY + 120, 120).upper).toBeLessThan(2600);
});

test('the first requests after days of silence do not make the bound absurd', () => {
  const idle: Demand = (minute) => (minute < 5 * DAY ? 0 : 5);
  const state = feed(createDemandForecaster(), idle, [0, 5 * DAY + 3]);
  expect(ask(state, 5 * DAY + 3, 300).upper).toBeLessThanOrEqual(10);
});

describe('without a usable series there is a reason instead of a forecast', () => {
  test('before ten samples', () => {
    expect(reasonAt(createDemandForecaster(), 0)).toBe('TooFewSamples');
    expect(reasonAt(feed(createDemandForecaster(), flat, [0, 8]), 8)).toBe('TooFewSamples');
    expect(reasonAt(feed(createDemandForecaster(), flat, [0, 9]), 9)).toBe('present');
  });

  test('long leads in the first day', () => {
    const state = feed(createDemandForecaster(), flat, [0, DAY - 1]);
    expect([reasonAt(state, DAY - 1, 900), reasonAt(state, DAY - 1, 901)]).toEqual([
      'present',
      'LeadTooLong',
    ]);
    feed(state, flat, [DAY, DAY]);
    expect(reasonAt(state, DAY, 3600)).toBe('present');
  });

  test('more than five minutes after the last sample, until the next one', () => {
    const state = feed(createDemandForecaster(), flat, [0, 100]);
    expect([reasonAt(state, 105), reasonAt(state, 105.1)]).toEqual(['present', 'StaleSeries']);
    feed(state, flat, [300, 300]);
    expect(reasonAt(state, 300)).toBe('present');
  });

  test.each([
    ['no time', { now: NaN, leadSeconds: 60, confidence: 0.9 }],
    ['no lead', { now: T0, leadSeconds: 0, confidence: 0.9 }],
    ['a lead that is no number', { now: T0, leadSeconds: NaN, confidence: 0.9 }],
    ['a confidence in percent', { now: T0, leadSeconds: 60, confidence: 95 }],
    ['a confidence below one half', { now: T0, leadSeconds: 60, confidence: 0.4 }],
  ])('for a request with %s', (_what, request) => {
    const state = feed(createDemandForecaster(), flat, [0, 20]);
    expect(forecastPeak(state, request)).toMatchObject({ absent: 'InvalidRequest' });
  });
});
