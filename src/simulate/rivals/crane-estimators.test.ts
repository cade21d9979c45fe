import { CRANE_REFERENCES, craneSeries, DAY, signalOf, WEEK } from '../../../test/support/crane-series.ts';
import { bestEstimator, DEFAULT_ESTIMATORS, estimate, predictionError } from './crane-estimators.ts';
import { percentile } from './crane-preprocessing.ts';

describe.each(CRANE_REFERENCES)('as gocrane/crane v0.11.0, the series "$shape"', (reference) => {
  const samples = craneSeries(reference.shape);
  const history = signalOf(samples.slice(0, WEEK - DAY));
  const actual = samples.slice(WEEK - DAY);

  test('has the percentiles 99.9 and 0.1', () => {
    const sorted = samples.slice().sort();
    expect(percentile(sorted, 99.9)).toBeCloseTo(reference.percentiles[0], 9);
    expect(percentile(sorted, 0.1)).toBeCloseTo(reference.percentiles[1], 9);
  });

  test('is foretold by each estimator with the error', () => {
    const errors = DEFAULT_ESTIMATORS.map((by) => predictionError(actual, estimate(history, DAY, by)));
    // The weakest line that stays decides by its rounding upstream whether its mirror stays too: half a percent.
    for (const [i, error] of errors.entries()) expect(error / reference.errors[i]!).toBeCloseTo(1, 2);
  });

  test('is foretold by the best estimator as', () => {
    const best = bestEstimator(history, actual);
    expect(DEFAULT_ESTIMATORS.indexOf(best!)).toBe(reference.best);
    const values = estimate(signalOf(samples), DAY, best!);
    for (const [i, minute] of [0, 100, 720, 1439].entries()) {
      expect(values[minute]! / reference.estimate[i]!).toBeCloseTo(1, 2);
    }
  });
});

describe('predictionError', () => {
  test.each([
    { name: 'too much counts as it is', actual: [100, 100], predicted: [110, 130], expected: 0.2 },
    { name: 'too little counts more', actual: [100], predicted: [50], expected: 3.10628371950539 },
    { name: 'next to zero only differences count', actual: [0, 4], predicted: [1, 2], expected: 1.5 },
  ])('$name', ({ actual, predicted, expected }) => {
    const found = predictionError(Float64Array.from(actual), Float64Array.from(predicted));
    expect(found).toBeCloseTo(expected, 12);
  });
});
