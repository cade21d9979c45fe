import { pValueOf, severityOf } from './p-value.ts';

test.each([
  [0, 1],
  [2, 0.01],
  [12, 1e-12],
])('a surprise of %d is a chance of %d', (surprise, p) => {
  expect(pValueOf(surprise)).toBeCloseTo(p, 14);
});

test('an unknown surprise has an unknown chance and no severity', () => {
  expect(pValueOf(NaN)).toBeNaN();
  expect(severityOf(NaN)).toBeUndefined();
});

test.each([
  [0.5, undefined],
  [0.011, undefined],
  [0.01, 'Low'],
  [0.0011, 'Low'],
  [0.001, 'Medium'],
  [0.00011, 'Medium'],
  [0.0001, 'High'],
  [0, 'High'],
])('a chance of %d is of severity %s', (p, severity) => {
  expect(severityOf(p)).toBe(severity);
});
