import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { normal, seededRandom } from '../../../simulate/random.ts';
import type { Reaction } from './adopted-reaction.ts';
import { createPeakForecaster, type PeakForecaster } from './forecaster-state.ts';
import { backfillPeak, noteRevision, observePeakDemand } from './forecaster.ts';
import { assessPeak, type PeakAssessment } from './peak-assessment.ts';
import { peakForecast, type PeakForecast } from './peak-forecast.ts';
import { peakQuantile } from './peak-nodes.ts';
import type { ForecastTier } from './tier.ts';

/** A Monday. */
const T0 = Date.UTC(2026, 0, 5);
const STEP = 15_000;
const DAY = 5760;
const TIERS: readonly ForecastTier[] = ['Full', 'Light'];

type Demand = (bin: number) => number;

/** A start-up of 60 s, data 20 s old. */
function reactionAt(at: number, startupSeconds = 60): Reaction {
  return { now: at + 20_000, startupSeconds, lagSeconds: 0 };
}

/** Feeds the bins `from … to - 1`, each of which ends with its sample. */
function feed(f: PeakForecaster, demand: Demand, [from, to]: readonly [number, number], startup = 60): void {
  for (let bin = from; bin < to; bin++) {
    const at = T0 + (bin + 1) * STEP;
    observePeakDemand(f, { at, value: demand(bin) }, reactionAt(at, startup));
  }
}

/** Learning is the same for many tests: done once, and copied. */
const LEARNED = new Map<string, PeakForecaster>();

function backfilled(tier: ForecastTier, demand: Demand, bins: number, stepBins = 1): PeakForecaster {
  const key = [tier, demand.toString(), bins, stepBins].join('|');
  let f = LEARNED.get(key);
  if (f === undefined) {
    f = createPeakForecaster(tier);
    const values = Float64Array.from({ length: bins / stepBins }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < stepBins; k++) sum += demand(i * stepBins + k);
      return sum / stepBins;
    });
    const history = { startMs: T0, stepMs: stepBins * STEP, values };
    backfillPeak(f, history, reactionAt(T0 + bins * STEP));
    LEARNED.set(key, f);
  }
  return structuredClone(f);
}

function ask(f: PeakForecaster, startup = 60): PeakForecast & PeakAssessment {
  const forecast = peakForecast(f, reactionAt(f.clock.newestAt, startup));
  if ('absent' in forecast) throw new Error(forecast.message);
  return { ...forecast, ...assessPeak(f, forecast) };
}

function bound(f: PeakForecaster, level = 0.95, startup = 60): number {
  const { up, weights } = ask(f, startup);
  return peakQuantile(up, weights, level);
}

/** The same noise for a bin in every run. */
function noise(bin: number): number {
  const mixed = Math.imul(bin ^ 0x9e3779b9, 2654435761) >>> 0;
  return (Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 0) / 2 ** 31 - 1;
}

const wave: Demand = (bin) => 100 - 50 * Math.cos((2 * Math.PI * bin) / DAY) + 3 * noise(bin);

/** A burst of ten minutes each noon. */
const noonBurst: Demand = (bin) => wave(bin) + (bin % DAY >= DAY / 2 && bin % DAY < DAY / 2 + 40 ? 80 : 0);

/** Jest's own equality takes seconds for arrays of this size. */
function sameState(a: PeakForecaster, b: PeakForecaster): boolean {
  return isDeepStrictEqual(structuredClone(a), structuredClone(b));
}

function nodesAreSound({ up, hold }: PeakForecast): boolean {
  return [up, hold].every((nodes) =>
    nodes.every(
      (node, i) => Number.isFinite(node) && node >= 0 && (i % 13 === 0 || node >= (nodes[i - 1] ?? 0)),
    ),
  );
}

describe.each(TIERS)('a %s forecaster', (tier) => {
  test('says nothing until two minutes are known, and is honest about how little that is', () => {
    const f = createPeakForecaster(tier);
    feed(f, wave, [0, 7]);
    expect(peakForecast(f, reactionAt(T0 + 7 * STEP))).toMatchObject({ absent: 'TooFewSamples' });
    feed(f, wave, [7, 8]);
    const forecast = ask(f);
    expect(forecast).toMatchObject({ confidence: 'Low', reliable: false, samples: 8 });
    expect(forecast.doubt).toMatch(/too few/);
    expect(nodesAreSound(forecast)).toBe(true);
  });

  test('expects what is constant to stay', () => {
    const f = backfilled(tier, () => 42, DAY);
    expect(ask(f).point).toBeCloseTo(42, 3);
    expect(bound(f)).toBeLessThan(43);
    expect(ask(f)).toMatchObject({ reliable: true, coverage: 1 });
  });

  test('expects nothing where there was never anything', () => {
    const { up, hold } = ask(backfilled(tier, () => 0, 2000));
    expect([...up, ...hold].every((node) => node === 0)).toBe(true);
  });

  test('sees the burst of every noon come', () => {
    const f = backfilled(tier, noonBurst, 3 * DAY + DAY / 2 - 100);
    expect(bound(f, 0.9)).toBeLessThan(170);
    feed(f, noonBurst, [3 * DAY + DAY / 2 - 100, 3 * DAY + DAY / 2 - 3]);
    expect(ask(f).point).toBeGreaterThan(noonBurst(3 * DAY + DAY / 2 - 4) + 25);
  });

  test('covers the peaks that come as often as asked, and measures it', () => {
    const random = seededRandom(4);
    let level = 100;
    const values = Array.from({ length: 2 * DAY }, () => {
      level = Math.max(10, level + 0.02 * (100 - level) + 2 * normal(random));
      return level;
    });
    const f = createPeakForecaster(tier);
    let below = 0;
    let counted = 0;
    for (let bin = 0; bin < values.length - 12; bin++) {
      feed(f, (b) => values[b] ?? 0, [bin, bin + 1]);
      if (bin < DAY || bin % 3 > 0) continue;
      // 20 s old data: the decision falls in the third bin after; a start-up of 60 s matters from the fourth on.
      const coming = values.slice(bin + 3 + 4, bin + 3 + 7);
      if (Math.max(...coming) <= bound(f)) below++;
      counted++;
    }
    expect(below / counted).toBeGreaterThan(0.93);
    expect(below / counted).toBeLessThan(0.97);
    const { coverage, skill, reliable } = ask(f);
    expect(coverage).toBeCloseTo(below / counted, 1);
    // Of a random walk the last value is the best forecast.
    expect(skill).toBeGreaterThan(-0.1);
    expect(reliable).toBe(true);
  });

  test('its parts add up to its point', () => {
    const { parts, point } = ask(backfilled(tier, noonBurst, DAY + 500));
    const sum = Object.values<number>({ ...parts }).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(point, 2);
  });

  test('the same samples give the same state, and a copy goes on exactly as the original', () => {
    const original = backfilled(tier, wave, DAY);
    const [copy, again] = [structuredClone(original), backfilled(tier, wave, DAY)];
    for (const f of [original, copy, again]) feed(f, noonBurst, [DAY, DAY + 600]);
    expect(sameState(copy, original)).toBe(true);
    expect(sameState(again, original)).toBe(true);
    expect(ask(copy)).toEqual(ask(original));
  });

  test.each([
    ['no number', NaN, 0, 'NotANumber'],
    ['an infinite rate', Infinity, 0, 'NotANumber'],
    ['a negative rate', -1, 0, 'OutOfRange'],
    ['an absurd rate', 1e308, 0, 'OutOfRange'],
    ['a sample of the future', 5, 200_000, 'InFuture'],
    ['a sample of last week', 5, -7 * 86_400_000, 'TooOld'],
  ])('refuses %s and stays as it is', (_what, value, shift, reason) => {
    const f = backfilled(tier, wave, 300);
    const before = structuredClone(f);
    const at = T0 + 301 * STEP;
    const outcome = observePeakDemand(f, { at: at + shift, value }, reactionAt(at));
    expect(outcome).toMatchObject({ status: 'Refused', reason });
    expect(sameState(f, before)).toBe(true);
  });

  test('the same sample again, and a late one of a known time, change nothing', () => {
    const f = backfilled(tier, wave, 300);
    const before = structuredClone(f);
    for (const bin of [299, 290]) {
      const at = T0 + (bin + 1) * STEP;
      expect(observePeakDemand(f, { at, value: 7 }, reactionAt(T0 + 300 * STEP))).toEqual({
        status: 'Duplicate',
      });
    }
    expect(sameState(f, before)).toBe(true);
  });

  test('a late sample fills the bin that was missing', () => {
    const f = backfilled(tier, wave, 300);
    feed(f, wave, [304, 305]);
    const at = T0 + 302 * STEP;
    expect(observePeakDemand(f, { at, value: 99 }, reactionAt(T0 + 305 * STEP))).toEqual({
      status: 'Merged',
    });
  });

  test('two samples of one bin count as their mean', () => {
    const f = backfilled(tier, () => 100, 300);
    const at = T0 + 301 * STEP;
    observePeakDemand(f, { at, value: 100 }, reactionAt(at));
    const outcome = observePeakDemand(f, { at: at + 5000, value: 140 }, reactionAt(at + 5000));
    expect(outcome).toEqual({ status: 'Merged' });
    expect(ask(f).parts.newest).toBe(120);
  });

  test.each([
    ['30 s', 2],
    ['60 s', 4],
    ['2 minutes', 8],
  ])('learns from samples every %s', (_what, stepBins) => {
    const f = createPeakForecaster(tier);
    for (let bin = 0; bin < 1.25 * DAY; bin += stepBins) feed(f, wave, [bin, bin + 1]);
    const { coverage, samples, confidence } = ask(f);
    expect(samples).toBe((1.25 * DAY) / stepBins);
    expect(coverage).toBeGreaterThan(0.9);
    expect(confidence).not.toBe('Low');
  });

  test.each([1, 2, 3, 4, 8])('with a long start-up it learns from samples every %d bins, too', (stepBins) => {
    const f = createPeakForecaster(tier);
    for (let bin = 1; bin < DAY / 2; bin += stepBins) feed(f, wave, [bin, bin + 1], 900);
    expect(f.learned).toBeGreaterThan(DAY / 48);
    expect(ask(f, 900).horizonSeconds).toBe(945);
  });

  test('jitter of seven seconds leaves no gaps and no doubled steps', () => {
    const f = createPeakForecaster(tier);
    for (let bin = 0; bin < DAY / 2; bin++) {
      const at = T0 + (bin + 1) * STEP + 7000 + 6000 * noise(bin * 7);
      observePeakDemand(f, { at, value: wave(bin) }, reactionAt(at));
    }
    expect(f.known).toBeGreaterThan((0.98 * DAY) / 2);
    expect(ask(f).coverage).toBeGreaterThan(0.9);
  });

  test.each([
    ['five minutes', 20],
    ['three hours', 720],
    ['nine days', 9 * DAY],
  ])('goes on after a gap of %s without learning from what it did not see', (_what, gap) => {
    const f = backfilled(tier, wave, DAY);
    const { learned } = f;
    const from = DAY + gap;
    feed(f, wave, [from, from + 200]);
    // The first window that is complete again ends as many bins later as the forecast looks ahead.
    expect(f.learned - learned).toBeLessThanOrEqual(200);
    expect(nodesAreSound(ask(f))).toBe(true);
    expect(Math.abs(ask(f).point - wave(from + 199))).toBeLessThan(25);
  });

  test('without samples for more than five minutes there is no forecast', () => {
    const f = backfilled(tier, wave, DAY);
    const stale = peakForecast(f, reactionAt(T0 + (DAY + 21) * STEP));
    expect(stale).toMatchObject({ absent: 'StaleSeries' });
  });

  test('a forecast from data older than usual is wider', () => {
    const f = backfilled(tier, wave, DAY);
    feed(f, wave, [DAY, DAY + 50]);
    const late = peakForecast(f, reactionAt(f.clock.newestAt + 60_000));
    if ('absent' in late) throw new Error(late.message);
    expect(peakQuantile(late.up, late.weights, 0.95)).toBeGreaterThan(bound(f));
  });

  test('a clock that ran an hour ahead costs only that while', () => {
    const f = backfilled(tier, wave, DAY);
    feed(f, wave, [DAY + 240, DAY + 245]);
    const at = T0 + (DAY + 6) * STEP;
    expect(peakForecast(f, reactionAt(at))).toMatchObject({ absent: 'ClockMovedBack' });
    feed(f, wave, [DAY + 5, DAY + 100]);
    expect(Math.abs(ask(f).point - wave(DAY + 100))).toBeLessThan(20);
    expect(nodesAreSound(ask(f))).toBe(true);
  });

  test.each([1000, 1e27])('one value %d times too large leaves no trace within minutes', (factor) => {
    const f = backfilled(tier, wave, 2 * DAY);
    const clean = structuredClone(f);
    feed(f, (bin) => (bin === 2 * DAY ? factor : 1) * wave(bin), [2 * DAY, 2 * DAY + 8]);
    feed(clean, wave, [2 * DAY, 2 * DAY + 8]);
    expect(bound(f) / bound(clean)).toBeCloseTo(1, 1);
    feed(f, wave, [2 * DAY + 8, 2 * DAY + 400]);
    feed(clean, wave, [2 * DAY + 8, 2 * DAY + 400]);
    expect(bound(f) / bound(clean)).toBeCloseTo(1, 2);
    expect(f.plausibility.record).toBeCloseTo(clean.plausibility.record, 1);
  });

  test('an absurd first value is forgotten', () => {
    const f = createPeakForecaster(tier);
    feed(f, (bin) => (bin === 0 ? 1e30 : 50), [0, 40]);
    expect(bound(f)).toBeLessThan(100);
    expect(f.level).toBe(50);
  });

  test('a level a thousand times as high is believed when it lasts, and soon as calm as the old one', () => {
    const f = backfilled(tier, wave, 2 * DAY);
    feed(f, (bin) => 1000 * wave(bin), [2 * DAY, 2 * DAY + 3]);
    expect(bound(f)).toBeGreaterThan(0.9 * wave(2 * DAY) * 1000);
    expect(nodesAreSound(ask(f))).toBe(true);
    feed(f, (bin) => 1000 * wave(bin), [2 * DAY + 3, 3 * DAY]);
    const wanted = 1000 * wave(3 * DAY);
    expect(bound(f)).toBeGreaterThan(0.9 * wanted);
    expect(bound(f)).toBeLessThan(2 * wanted);
  });

  test('a level a thousand times as low is followed', () => {
    const f = backfilled(tier, wave, 2 * DAY);
    feed(f, (bin) => wave(bin) / 1000, [2 * DAY, 4 * DAY]);
    expect(ask(f).point).toBeLessThan(0.3);
    expect(bound(f)).toBeLessThan(1);
  });

  test('a start-up that becomes slower makes forecasts wider at once, and they hold within hours', () => {
    const f = backfilled(tier, wave, 2 * DAY);
    const held = (from: number, to: number): number => {
      let below = 0;
      for (let bin = from; bin < to; bin++) {
        feed(f, wave, [bin, bin + 1], 240);
        const coming = Array.from({ length: 3 }, (_, i) => wave(bin + 3 + 16 + i));
        if (Math.max(...coming) <= bound(f, 0.95, 240)) below++;
      }
      return below / (to - from);
    };
    feed(f, wave, [2 * DAY, 2 * DAY + 25], 240);
    expect(ask(f, 240).horizonSeconds).toBe(285);
    expect(held(2 * DAY + 25, 2 * DAY + 500)).toBeGreaterThan(0.8);
    expect(held(2 * DAY + 500, 3 * DAY)).toBeGreaterThan(0.9);
    expect(bound(f, 0.95, 240)).toBeLessThan(1.3 * wave(3 * DAY));
  });

  test('a start-up that wanders by seconds changes nothing', () => {
    const f = backfilled(tier, wave, DAY);
    feed(f, wave, [DAY, DAY + 10], 60);
    const { from, to } = f.reaction;
    for (let bin = DAY + 10; bin < DAY + 200; bin++) {
      feed(f, wave, [bin, bin + 1], bin % 2 === 0 ? 58 : 62);
    }
    expect(f.reaction).toMatchObject({ from, to });
  });

  test('a new revision widens the forecast for hours', () => {
    const f = backfilled(tier, wave, 2 * DAY);
    const width = (): number => bound(f) - bound(f, 0.5);
    const before = width();
    noteRevision(f, f.clock.newestAt);
    expect(width() / before).toBeGreaterThan(1.3);
    feed(f, wave, [2 * DAY, 2 * DAY + 4 * 480]);
    expect(width()).toBeLessThan(1.25 * before);
  });

  test('history in minutes does not teach bounds that live demand breaks', () => {
    const f = backfilled(tier, wave, 3 * DAY, 4);
    expect(Math.abs(ask(f).point - wave(3 * DAY))).toBeLessThan(10);
    let below = 0;
    for (let bin = 3 * DAY; bin < 3 * DAY + 960; bin++) {
      feed(f, wave, [bin, bin + 1]);
      const coming = Array.from({ length: 3 }, (_, i) => wave(bin + 3 + 4 + i));
      if (bin >= 3 * DAY + 240 && Math.max(...coming) <= bound(f)) below++;
    }
    expect(below / 720).toBeGreaterThan(0.85);
  });

  test('gaps in history stay gaps', () => {
    const f = backfilled(tier, (bin) => (bin > 1000 && bin < 1100 ? NaN : wave(bin)), 2000);
    expect(f.known).toBe(2000 - 99);
  });

  test('whatever comes in, nodes are finite, rising and not negative, and quantiles rise', () => {
    const value = fc.oneof(
      { weight: 8, arbitrary: fc.double({ min: 0, max: 1e6, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(0, NaN, -1, Infinity, -Infinity, 1e308, 1e30, 1e-300) },
    );
    const pause = fc.oneof(
      { weight: 20, arbitrary: fc.double({ min: 1, max: 70, noNaN: true }) },
      { weight: 2, arbitrary: fc.constantFrom(0, -15, -3600, -86_400, 3600, 86_400, 9 * 86_400) },
    );
    const sample = fc.record({ pause, value, startup: fc.constantFrom(0, 20, 20, 20, 300, 1e5) });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 150 }), fc.nat({ max: 400 }), (samples, bins) => {
        const f = backfilled(tier, wave, bins);
        let now = T0 + bins * STEP;
        for (const { pause: seconds, value: drawn, startup } of samples) {
          now += seconds * 1000;
          const reaction = { now, startupSeconds: startup, lagSeconds: 0 };
          observePeakDemand(f, { at: now, value: drawn }, reaction);
          const forecast = peakForecast(f, reaction);
          if ('absent' in forecast) continue;
          const levels = [0.05, 0.5, 0.8, 0.9, 0.95, 0.99, 0.9995];
          const quantiles = levels.map((level) => peakQuantile(forecast.up, forecast.weights, level));
          const rising = quantiles.every((quantile, i) => quantile >= (quantiles[i - 1] ?? 0));
          // Once for each sample: an expectation costs as much as a forecast.
          expect(nodesAreSound(forecast) && rising).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});
