import {
  createPass,
  forward,
  known,
  layoutOf,
  type Autoencoder,
  type AutoencoderPass,
} from './autoencoder.ts';

export interface TrainingOptions {
  readonly epochs: number;
  /** Uniform in [0, 1): for the order of samples and for what is hidden from the network. */
  readonly random: () => number;
  /** Share of the inputs that are hidden in each sample, but asked for: a metric may be missing later too. */
  readonly hiddenShare?: number;
  readonly learningRate?: number;
}

const BATCH = 16;
const HIDDEN_SHARE = 0.1;
const LEARNING_RATE = 0.005;
/** Of Adam (Kingma, Ba, ICLR 2015), as in the paper. */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

interface Training {
  readonly model: Autoencoder;
  readonly pass: AutoencoderPass;
  readonly gradient: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly outputErrors: Float64Array;
  readonly learningRate: number;
  steps: number;
}

/**
 * Fits a model to samples, in place: Adam on the mean squared error over what each sample knows. Equal samples and equal
 * random numbers give equal models.
 * @param samples one after the other, as many numbers each as the model has features; standardized, NaN is missing.
 * @returns mean squared error of each epoch, of samples as the network saw them.
 * @throws RangeError when samples are no whole number of vectors, or there is none.
 */
export function trainAutoencoder(
  model: Autoencoder,
  samples: Float64Array,
  { epochs, random, hiddenShare = HIDDEN_SHARE, learningRate = LEARNING_RATE }: TrainingOptions,
): number[] {
  const count = samples.length / model.features;
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`samples has ${samples.length} numbers; it must hold vectors of ${model.features}`);
  }
  const training = begin(model, learningRate);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: epochs }, () => {
    shuffle(order, random);
    let loss = 0;
    for (let start = 0; start < count; start += BATCH) {
      const batch = order.subarray(start, start + BATCH);
      for (const sample of batch) {
        const from = sample * model.features;
        loss += learn(training, samples.subarray(from, from + model.features), random, hiddenShare);
      }
      step(training, batch.length);
    }
    return loss / count;
  });
}

function begin(model: Autoencoder, learningRate: number): Training {
  const { length } = layoutOf(model);
  return {
    model,
    pass: createPass(model),
    gradient: new Float64Array(length),
    first: new Float64Array(length),
    second: new Float64Array(length),
    outputErrors: new Float64Array(model.features),
    learningRate,
    steps: 0,
  };
}

/** Fisher and Yates. */
function shuffle(order: Uint32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const other = Math.trunc(random() * (i + 1));
    const held = order[i] ?? 0;
    order[i] = order[other] ?? 0;
    order[other] = held;
  }
}

/** Adds the gradient of one sample. @returns its mean squared error */
function learn(training: Training, sample: Float64Array, random: () => number, hiddenShare: number): number {
  const { model, pass, outputErrors } = training;
  for (let f = 0; f < model.features; f++) {
    pass.inputs[f] = random() < hiddenShare ? 0 : known(sample[f] ?? NaN);
  }
  forward(model, pass);
  let squares = 0;
  let count = 0;
  for (let f = 0; f < model.features; f++) {
    const value = sample[f] ?? NaN;
    const error = Number.isNaN(value) ? 0 : (pass.outputs[f] ?? 0) - value;
    outputErrors[f] = error;
    squares += error ** 2;
    if (!Number.isNaN(value)) count += 1;
  }
  if (count === 0) return 0;
  backward(training, 2 / count);
  return squares / count;
}

function backward(training: Training, scale: number): void {
  const { model, pass, gradient, outputErrors } = training;
  const { features, hidden } = model;
  const { hiddenBiases, outputs, outputBiases } = layoutOf(model);
  for (let f = 0; f < features; f++) {
    const slope = scale * (outputErrors[f] ?? 0);
    addTo(gradient, outputBiases + f, slope);
    const row = outputs + f * hidden;
    for (let h = 0; h < hidden; h++) addTo(gradient, row + h, slope * (pass.activations[h] ?? 0));
  }
  for (let h = 0; h < hidden; h++) {
    const slope = scale * slopeOfHidden(training, outputs + h, h);
    addTo(gradient, hiddenBiases + h, slope);
    const row = h * features;
    for (let f = 0; f < features; f++) addTo(gradient, row + f, slope * (pass.inputs[f] ?? 0));
  }
}

/** @param first place of the unit's first output weight */
function slopeOfHidden({ model, pass, outputErrors }: Training, first: number, h: number): number {
  let sum = 0;
  for (let f = 0; f < model.features; f++) {
    sum += (outputErrors[f] ?? 0) * (model.weights[first + f * model.hidden] ?? 0);
  }
  return sum * (1 - (pass.activations[h] ?? 0) ** 2);
}

function addTo(sums: Float64Array, place: number, value: number): void {
  sums[place] = (sums[place] ?? 0) + value;
}

/** One step of Adam along the mean gradient of a batch, which is 0 again afterwards. */
function step(training: Training, samples: number): void {
  const { model, gradient, first, second, learningRate } = training;
  training.steps += 1;
  const rate = (learningRate * Math.sqrt(1 - BETA2 ** training.steps)) / (1 - BETA1 ** training.steps);
  for (let i = 0; i < gradient.length; i++) {
    const slope = (gradient[i] ?? 0) / samples;
    const mean = BETA1 * (first[i] ?? 0) + (1 - BETA1) * slope;
    const square = BETA2 * (second[i] ?? 0) + (1 - BETA2) * slope ** 2;
    first[i] = mean;
    second[i] = square;
    model.weights[i] = (model.weights[i] ?? 0) - (rate * mean) / (Math.sqrt(square) + EPSILON);
  }
  gradient.fill(0);
}
