import { normal, seededRandom } from '../../../../simulate/random.ts';
import {
  createAutoencoder,
  createPass,
  layoutOf,
  reconstructionError,
  type Autoencoder,
} from './autoencoder.ts';
import { trainAutoencoder } from './train-autoencoder.ts';

const FEATURES = 18;
const HIDDEN = 8;

/** Vectors of three hidden causes and a little noise. */
function samplesOf(seed: number, count: number): Float64Array {
  const random = seededRandom(seed);
  const mixing = seededRandom(99);
  const mix = Array.from({ length: FEATURES * 3 }, () => 2 * mixing() - 1);
  const samples = new Float64Array(count * FEATURES);
  for (let i = 0; i < count; i++) {
    const causes = [normal(random), normal(random), normal(random)];
    for (let f = 0; f < FEATURES; f++) {
      const value = causes.reduce((sum, cause, c) => sum + cause * mix[3 * f + c]!, 0);
      samples[i * FEATURES + f] = value + 0.05 * normal(random);
    }
  }
  return samples;
}

function trained(samples: Float64Array, epochs = 60): { model: Autoencoder; losses: number[] } {
  const random = seededRandom(3);
  const model = createAutoencoder({ features: FEATURES, hidden: HIDDEN, random });
  return { model, losses: trainAutoencoder(model, samples, { epochs, random }) };
}

const { model, losses } = trained(samplesOf(1, 400));

function errorOf(point: Float64Array): number {
  return reconstructionError(model, point, createPass(model));
}

test('the loss falls to a tenth of what it was', () => {
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 10);
});

test('what breaks the relations between features is told from what keeps them', () => {
  const samples = samplesOf(7, 50);
  for (let i = 0; i < 50; i++) {
    const usual = samples.slice(i * FEATURES, (i + 1) * FEATURES);
    const broken = usual.map((value, f) => (f < 4 ? -value - 2 : value));
    expect(errorOf(broken)).toBeGreaterThan(errorOf(usual));
  }
});

test('equal samples and random numbers make equal models', () => {
  const samples = samplesOf(1, 100);
  expect(trained(samples, 3).model).toEqual(trained(samples, 3).model);
});

test('gradients are what small changes of the weights say', () => {
  const tiny = createAutoencoder({ features: 3, hidden: 2, random: seededRandom(5) });
  const sample = Float64Array.of(0.5, -1, 0.3);
  const before = tiny.weights.slice();
  const lossOf = (weights: Float32Array): number =>
    reconstructionError({ ...tiny, weights }, sample, createPass(tiny)) ** 2;
  // Adam's first step is the learning rate against the sign of each slope.
  trainAutoencoder(tiny, sample, { epochs: 1, random: seededRandom(1), hiddenShare: 0, learningRate: 1e-3 });
  for (let i = 0; i < layoutOf(tiny).length; i++) {
    const nudged = before.slice();
    nudged[i] = before[i]! + 0.01;
    const slope = lossOf(nudged) - lossOf(before);
    if (Math.abs(slope) > 1e-3) expect(Math.sign(tiny.weights[i]! - before[i]!)).toBe(-Math.sign(slope));
  }
});

test('missing features are neither asked for nor fatal, in training and after', () => {
  const holes = samplesOf(2, 200).map((value, i) => (i % 7 === 0 ? NaN : value));
  const { model: other, losses: path } = trained(holes, 40);
  expect(path.every((loss) => Number.isFinite(loss))).toBe(true);
  expect(other.weights.every((weight) => Number.isFinite(weight))).toBe(true);
  const point = samplesOf(8, 1).map((value, f) => (f === 5 ? NaN : value));
  expect(errorOf(point)).toBeLessThan(0.5);
  expect(errorOf(new Float64Array(FEATURES).fill(NaN))).toBeNaN();
});

test('a model that was stored and read again answers the same', () => {
  const point = samplesOf(9, 1);
  const copy = structuredClone(model);
  expect(reconstructionError(copy, point, createPass(copy))).toBe(errorOf(point));
});

test.each([0, 17, 19])('%i numbers are no samples of 18 features', (length) => {
  const random = seededRandom(1);
  const fresh = createAutoencoder({ features: FEATURES, hidden: HIDDEN, random });
  expect(() => trainAutoencoder(fresh, new Float64Array(length), { epochs: 1, random })).toThrow(
    /vectors of 18/,
  );
});
