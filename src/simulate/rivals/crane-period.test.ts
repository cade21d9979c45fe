import {
  CRANE_REFERENCES,
  craneSeries,
  DAY,
  signalOf,
  wave,
  WEEK,
} from '../../../test/support/crane-series.ts';
import { seededRandom } from '../random.ts';
import { Dft } from './crane-dft.ts';
import { findPeriod } from './crane-period.ts';

const periodOf = (samples: Float64Array, seed = 1): number | undefined =>
  findPeriod({ ...signalOf(samples), random: seededRandom(seed) });

describe('findPeriod', () => {
  test.each(CRANE_REFERENCES)(
    'finds $period in the series "$shape", as gocrane/crane v0.11.0',
    (reference) => {
      expect(periodOf(craneSeries(reference.shape))).toBe(reference.period);
    },
  );

  test.each([1, 2, 3, 4, 5])('finds no day in noise (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const samples = Float64Array.from({ length: WEEK }, () => 100 + 50 * random());
    expect(periodOf(samples, seed + 100)).not.toBe(DAY);
  });

  test('finds nothing in a constant', () => {
    expect(periodOf(new Float64Array(2 * DAY).fill(42))).toBeUndefined();
  });

  test('finds a day in noise of twice its size', () => {
    const random = seededRandom(1);
    const samples = Float64Array.from({ length: WEEK }, (_, i) => 100 + 10 * wave(i, DAY) + 40 * random());
    expect(periodOf(samples)).toBe(DAY);
  });

  test('answers by the same draws as if it had made all shuffles', () => {
    const noise = seededRandom(5);
    // So weak a wave that the shuffles decide whether it is one.
    const samples = Float64Array.from({ length: 2 * DAY }, (_, i) => 0.13 * wave(i, 360) + 3 * noise());
    const seeds = [0, 1, 2, 3];
    const wanted = periodsByDefinition(samples, seeds);
    expect(wanted).toEqual([undefined, undefined, 360, undefined]);
    expect(seeds.map((seed) => periodOf(samples, seed))).toEqual(wanted);
  });
});

/** All hundred shuffles, the autocorrelation as a sum, and no shortcut. */
function periodsByDefinition(samples: Float64Array, seeds: readonly number[]): (number | undefined)[] {
  const dft = new Dft(samples.length);
  const lines = linesOf(dft.forward(samples));
  const correlation = circularCorrelation(samples);
  return seeds.map((seed) => {
    const threshold = shuffledMaxima(samples, dft, seed)[98]!;
    let best: number | undefined;
    for (let k = 2; k < samples.length / 2; k += 1) {
      const period = Math.trunc(samples.length / k);
      if (lines[k]! <= threshold || correlation[period]! <= (best === undefined ? 0 : correlation[best]!))
        continue;
      const reach = Math.min(240, Math.trunc(period / 2));
      const rises = slope(correlation, period - reach, period) > 0;
      if (rises && slope(correlation, period, period + reach) < 0) best = period;
    }
    return best;
  });
}

function shuffledMaxima(samples: Float64Array, dft: Dft, seed: number): number[] {
  const random = seededRandom(seed);
  const shuffled = samples.slice();
  return Array.from({ length: 100 }, () => {
    for (let left = shuffled.length - 1; left > 0; left -= 1) {
      const other = Math.floor(random() * (left + 1));
      [shuffled[left], shuffled[other]] = [shuffled[other]!, shuffled[left]!];
    }
    return Math.max(...linesOf(dft.forward(shuffled)).slice(1, shuffled.length / 2));
  }).sort((a, b) => a - b);
}

function circularCorrelation(samples: Float64Array): Float64Array {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  return samples.map((_, lag) => {
    let sum = 0;
    for (let i = 0; i < samples.length; i += 1) {
      sum += (samples[i]! - mean) * (samples[(i + lag) % samples.length]! - mean);
    }
    return sum;
  });
}

const linesOf = ({ re, im }: { re: Float64Array; im: Float64Array }): number[] =>
  [...re].map((value, k) => Math.hypot(value, im[k]!));

function slope(values: Float64Array, first: number, last: number): number {
  let sum = 0;
  for (let at = first; at <= last; at += 1) sum += (at - (first + last) / 2) * values[at]!;
  return sum;
}
