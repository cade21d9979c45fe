import { pValueOf, severityOf } from './p-value.ts';

test.each([
  [0, 1],
  [2, 0.01],
  [12, 1e-12],
])('a surprise of %d is a chance of %d', (surprise, p) => {
  expect(pValueOf(surprise)).toBeCloseTo(p, 14);
});

test('an unknown surprise has an unknown chance', () => {
  expect(pValueOf(NaN)).toBeNaN();
});

test.each([
  [NaN, 'Low'],
  [2, 'Low'],
  [2.99, 'Low'],
  [-Math.log10(1e-3), 'Medium'],
  [3.99, 'Medium'],
  [-Math.log10(1e-4), 'High'],
  [Infinity, 'High'],
])('a surprise of %d is of severity %s', (surprise, severity) => {
  expect(severityOf(surprise)).toBe(severity);
});
