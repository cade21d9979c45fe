/**
 * A network of three layers that learns to say a vector again through fewer numbers than it has: what it cannot say again
 * is not like what it was trained on. Hidden layer tanh, output linear; all state is one array of weights.
 */
export interface Autoencoder {
  readonly features: number;
  readonly hidden: number;
  /** Input weights by hidden unit, hidden biases, output weights by feature, output biases. */
  readonly weights: Float32Array;
}

export interface AutoencoderOptions {
  readonly features: number;
  readonly hidden: number;
  /** Uniform in [0, 1), for the first weights. */
  readonly random: () => number;
}

/** Where each part of the weights begins. */
export interface AutoencoderLayout {
  readonly hiddenBiases: number;
  readonly outputs: number;
  readonly outputBiases: number;
  readonly length: number;
}

export function layoutOf({ features, hidden }: Pick<Autoencoder, 'features' | 'hidden'>): AutoencoderLayout {
  const hiddenBiases = features * hidden;
  const outputs = hiddenBiases + hidden;
  const outputBiases = outputs + features * hidden;
  return { hiddenBiases, outputs, outputBiases, length: outputBiases + features };
}

/** Weights uniform within ±√(6 ÷ (inputs + outputs)), biases 0 (Glorot, Bengio, AISTATS 2010). */
export function createAutoencoder({ features, hidden, random }: AutoencoderOptions): Autoencoder {
  const { hiddenBiases, outputs, outputBiases, length } = layoutOf({ features, hidden });
  const weights = new Float32Array(length);
  const reach = Math.sqrt(6 / (features + hidden));
  for (let i = 0; i < hiddenBiases; i++) weights[i] = reach * (2 * random() - 1);
  for (let i = outputs; i < outputBiases; i++) weights[i] = reach * (2 * random() - 1);
  return { features, hidden, weights };
}

/** What a pass leaves behind: for the error, and for the trainer to go back through. */
export interface AutoencoderPass {
  readonly inputs: Float64Array;
  readonly activations: Float64Array;
  readonly outputs: Float64Array;
}

export function createPass({ features, hidden }: Autoencoder): AutoencoderPass {
  return {
    inputs: new Float64Array(features),
    activations: new Float64Array(hidden),
    outputs: new Float64Array(features),
  };
}

/** Says `pass.inputs` again as `pass.outputs`; no input may be NaN. */
export function forward({ features, hidden, weights }: Autoencoder, pass: AutoencoderPass): void {
  const { hiddenBiases, outputs, outputBiases } = layoutOf({ features, hidden });
  const { inputs, activations } = pass;
  for (let h = 0; h < hidden; h++) {
    let sum = weights[hiddenBiases + h] ?? 0;
    const row = h * features;
    for (let f = 0; f < features; f++) sum += (weights[row + f] ?? 0) * (inputs[f] ?? 0);
    activations[h] = Math.tanh(sum);
  }
  for (let f = 0; f < features; f++) {
    let sum = weights[outputBiases + f] ?? 0;
    const row = outputs + f * hidden;
    for (let h = 0; h < hidden; h++) sum += (weights[row + h] ?? 0) * (activations[h] ?? 0);
    pass.outputs[f] = sum;
  }
}

/**
 * Root mean square of what could not be said again, over the features that are known; NaN where none is. A missing
 * feature enters as its mean, 0, and is not asked for.
 * @param point standardized; NaN is missing.
 */
export function reconstructionError(model: Autoencoder, point: Float64Array, pass: AutoencoderPass): number {
  for (let f = 0; f < model.features; f++) pass.inputs[f] = known(point[f] ?? NaN);
  forward(model, pass);
  let squares = 0;
  let count = 0;
  for (let f = 0; f < model.features; f++) {
    const value = point[f] ?? NaN;
    if (Number.isNaN(value)) continue;
    squares += (value - (pass.outputs[f] ?? 0)) ** 2;
    count += 1;
  }
  return Math.sqrt(squares / count);
}

export function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
