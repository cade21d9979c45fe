import fc from 'fast-check';
import { Dft, type Spectrum } from './crane-dft.ts';

/** The definition, N² steps. */
function byDefinition(samples: Float64Array): Spectrum {
  const length = samples.length;
  const re = new Float64Array(length);
  const im = new Float64Array(length);
  for (let k = 0; k < length; k += 1) {
    for (let n = 0; n < length; n += 1) {
      const angle = (-2 * Math.PI * ((k * n) % length)) / length;
      re[k]! += samples[n]! * Math.cos(angle);
      im[k]! += samples[n]! * Math.sin(angle);
    }
  }
  return { re, im };
}

function expectClose(found: Float64Array, wanted: Float64Array, scale: number): void {
  expect(found).toHaveLength(wanted.length);
  const worst = found.reduce((most, value, index) => Math.max(most, Math.abs(value - wanted[index]!)), 0);
  expect(worst).toBeLessThanOrEqual(1e-11 * Math.max(1, scale));
}

const anySamples = fc
  .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 130 })
  .map((values) => Float64Array.from(values));

describe('Dft', () => {
  test('of any length is the sum of its definition', () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        const scale = samples.reduce((sum, value) => sum + Math.abs(value), 0);
        const found = new Dft(samples.length).forward(samples);
        const wanted = byDefinition(samples);
        expectClose(found.re, wanted.re, scale);
        expectClose(found.im, wanted.im, scale);
      }),
    );
  });

  test('is undone by its inverse, also when one object transforms again and again', () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        const dft = new Dft(samples.length);
        const scale = samples.reduce((sum, value) => sum + Math.abs(value), 0);
        dft.forward(samples.map((value) => -value));
        expectClose(dft.inverseReal(dft.forward(samples)), samples, scale);
      }),
    );
  });

  test('puts a week of minutes with one wave a day into line 7 and its mirror', () => {
    const samples = Float64Array.from(
      { length: 10_080 },
      (_, i) => 5 + 3 * Math.cos((2 * Math.PI * i) / 1440),
    );
    const { re, im } = new Dft(10_080).forward(samples);
    const lines = [...re]
      .map((value, k) => ({ k, amplitude: Math.hypot(value, im[k]!) / 10_080 }))
      .filter(({ amplitude }) => amplitude > 1e-9);
    expect(lines.map(({ k }) => k)).toEqual([0, 7, 10_073]);
    expect(lines.map(({ amplitude }) => amplitude.toFixed(9))).toEqual([
      '5.000000000',
      '1.500000000',
      '1.500000000',
    ]);
  });
});
