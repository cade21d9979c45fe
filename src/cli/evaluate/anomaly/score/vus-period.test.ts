import { vusPeriod } from './vus-period.ts';

function wave(period: number): Float64Array {
  return Float64Array.from({ length: 2000 }, (_, i) => Math.sin((2 * Math.PI * i) / period));
}

test.each([
  ['a cycle of 50 rows', wave(50), 50],
  ['a cycle of 288 rows', wave(288), 288],
  ['a cycle too long to count, of 350 rows', wave(350), 125],
  ['a ramp', Float64Array.from({ length: 1000 }, (_, i) => i), 125],
  ['equal values', new Float64Array(1000).fill(3), 125],
])('of %s the window is right', (_, series, expected) => {
  // The sum over fewer products at longer lags moves a peak by a row at most.
  expect(Math.abs(vusPeriod(series) - expected)).toBeLessThanOrEqual(1);
});
