import fc from 'fast-check';
import { seededRandom } from '../../../../simulate/random.ts';
import { discoveryCut } from './false-discovery.ts';

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 });

// The example of Benjamini and Hochberg, 1995, section 3.2: four of fifteen at q = .05.
const PAPER = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
  0.759, 1,
];

test("of the paper's fifteen hypotheses four are discoveries", () => {
  expect(discoveryCut(Float64Array.from(PAPER), 0.05)).toBe(0.0095);
});

test.each([
  ['nothing measured', [], 0.05, 0],
  ['one alone is compared with q', [0.04], 0.05, 0.04],
  ['one of many is not', [0.04, 0.9, 0.9], 0.05, 0],
  ['what is unknown is not a test', [0.04, NaN, NaN], 0.05, 0.04],
  ['impossible by chance', [0, 0.5], 0.001, 0],
  ['none at q = 0', [0.001, 0.01], 0, 0],
])('%s', (_, values, q, cut) => {
  expect(discoveryCut(Float64Array.from(values), q)).toBe(cut);
});

test('every p up to the cut, and no other, passes: their number is what the procedure allows', () => {
  fc.assert(
    fc.property(pValues, fc.double({ min: 0.001, max: 1, noNaN: true }), (values, q) => {
      const cut = discoveryCut(Float64Array.from(values), q);
      const discoveries = values.filter((p) => cut > 0 && p <= cut).length;
      if (cut > 0) expect(cut).toBeLessThanOrEqual((q * discoveries) / values.length);
      const sorted = values.toSorted((a, b) => a - b);
      for (let rank = discoveries + 1; rank <= values.length; rank++) {
        if ((sorted[rank - 1] ?? 1) > 0) expect(sorted[rank - 1]).toBeGreaterThan((q * rank) / values.length);
      }
    }),
  );
});

test('more is discovered at a larger q', () => {
  fc.assert(
    fc.property(pValues, (values) => {
      const list = Float64Array.from(values);
      expect(discoveryCut(list, 0.01)).toBeLessThanOrEqual(discoveryCut(list, 0.1));
    }),
  );
});

test('among pure noise a discovery is as rare as q', () => {
  const random = seededRandom(12);
  let ticks = 0;
  for (let tick = 0; tick < 2000; tick++) {
    if (discoveryCut(Float64Array.from({ length: 200 }, random), 0.05) > 0) ticks += 1;
  }
  expect(ticks / 2000).toBeLessThan(0.07);
});

test.each([-0.1, 1.1, NaN])('q = %d is refused', (q) => {
  expect(() => discoveryCut(new Float64Array(1), q)).toThrow(/between 0 and 1/);
});
