import FFT from 'fft.js';

/** Complex numbers, real parts apart from imaginary ones. */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * Discrete Fourier transform of a length that need not be a power of two, by Bluestein's chirp algorithm (IEEE Trans.
 * Audio Electroacoust. 18, 1970): n·k = (n² + k² − (k−n)²) ÷ 2 turns the sum into a convolution, and that into three
 * transforms of a power of two. Exact up to rounding: seven days of minutes stay 10 080 samples.
 */
export class Dft {
  readonly length: number;
  readonly #fft: FFT;
  /** Interleaved re, im, as are all below. */
  readonly #chirp: Float64Array;
  /** Transform of the conjugated chirp, wrapped round. */
  readonly #kernel: Float64Array;
  readonly #work: Float64Array;
  readonly #product: Float64Array;

  constructor(length: number) {
    this.length = length;
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * length - 1)));
    this.#fft = new FFT(size);
    this.#chirp = chirp(length);
    this.#work = new Float64Array(2 * size);
    this.#product = new Float64Array(2 * size);
    this.#kernel = new Float64Array(2 * size);
    for (let n = 0; n < length; n += 1) {
      for (const at of n === 0 ? [0] : [n, size - n]) {
        this.#work[2 * at] = this.#chirp[2 * n] ?? 0;
        this.#work[2 * at + 1] = -(this.#chirp[2 * n + 1] ?? 0);
      }
    }
    this.#fft.transform(this.#kernel, this.#work);
  }

  /** @param samples as many as `length`, real. */
  forward(samples: Float64Array): Spectrum {
    return this.#transform(samples, undefined);
  }

  /** Real part of the inverse transform, 1 ÷ N included. */
  inverseReal({ re, im }: Spectrum): Float64Array {
    // The inverse is the conjugate of the transform of the conjugate, and conjugates have the same real part.
    const conjugate = im.map((value) => -value);
    return this.#transform(re, conjugate).re.map((value) => value / this.length);
  }

  #transform(re: Float64Array, im: Float64Array | undefined): Spectrum {
    const { length } = this;
    const work = this.#work.fill(0);
    for (let n = 0; n < length; n += 1) {
      work[2 * n] = re[n] ?? 0;
      work[2 * n + 1] = im?.[n] ?? 0;
    }
    multiply(work, this.#chirp, 2 * length);
    this.#fft.transform(this.#product, work);
    multiply(this.#product, this.#kernel, work.length);
    this.#fft.inverseTransform(work, this.#product);
    multiply(work, this.#chirp, 2 * length);
    const out = { re: new Float64Array(length), im: new Float64Array(length) };
    for (let k = 0; k < length; k += 1) {
      out.re[k] = work[2 * k] ?? 0;
      out.im[k] = work[2 * k + 1] ?? 0;
    }
    return out;
  }
}

/** e^(−iπn²/N). */
function chirp(length: number): Float64Array {
  const values = new Float64Array(2 * length);
  for (let n = 0; n < length; n += 1) {
    // n² modulo 2N: the angle stays small, and the sine exact.
    const angle = (Math.PI * ((n * n) % (2 * length))) / length;
    values[2 * n] = Math.cos(angle);
    values[2 * n + 1] = -Math.sin(angle);
  }
  return values;
}

/** Complex product in place of the first, of as many numbers as `end`; both interleaved. */
function multiply(target: Float64Array, factor: Float64Array, end: number): void {
  for (let at = 0; at < end; at += 2) {
    const re = target[at] ?? 0;
    const im = target[at + 1] ?? 0;
    const c = factor[at] ?? 0;
    const s = factor[at + 1] ?? 0;
    target[at] = re * c - im * s;
    target[at + 1] = re * s + im * c;
  }
}
