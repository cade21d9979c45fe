import { percentile, preprocess } from './crane-preprocessing.ts';

const minutes = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

describe('preprocess', () => {
  test('bridges a gap by a straight line', () => {
    const history = { minutes: [...minutes(0, 50), ...minutes(53, 7)], values: Array<number>(57).fill(3) };
    history.values[49] = 10;
    history.values[50] = 18;
    const samples = preprocess(history);
    expect(samples).toHaveLength(60);
    expect([...samples.subarray(49, 54)]).toEqual([10, 12, 14, 16, 18]);
  });

  test.each([
    { name: 'keeps what was before a gap of one hour', gap: 60, samples: 240 },
    { name: 'forgets what was before a longer gap', gap: 61, samples: 120 },
  ])('$name', ({ gap, samples }) => {
    const history = {
      minutes: [...minutes(0, 61), ...minutes(60 + gap, 120)],
      values: Array<number>(181).fill(1),
    };
    expect(preprocess(history)).toHaveLength(samples);
  });

  test('keeps the latest whole hours', () => {
    const values = minutes(0, 130);
    expect([...preprocess({ minutes: values, values })]).toEqual(minutes(10, 120));
  });

  test('puts the value before in the place of one beyond the percentiles 0.1 and 99.9', () => {
    const values = minutes(0, 2880).map((i) => 100 + (i % 10));
    values[500] = 1e6;
    values[700] = 0;
    values[900] = 1e5;
    const samples = preprocess({ minutes: minutes(0, 2880), values });
    expect([samples[500], samples[700], samples[900]]).toEqual([109, 109, 109]);
  });

  test('of nothing is nothing', () => {
    expect(preprocess({ minutes: [], values: [] })).toHaveLength(0);
  });
});

describe('percentile', () => {
  // Expected by montanaflynn/stats v0.6.6.
  test.each([
    { sorted: [1, 2, 3, 4], percent: 50, expected: 2 },
    { sorted: [1, 2, 3, 4, 5], percent: 50, expected: 2.5 },
    { sorted: [7], percent: 99.9, expected: 7 },
    { sorted: [1, 2, 3, 4], percent: 0.1, expected: undefined },
    { sorted: [], percent: 50, expected: undefined },
  ])('$percent of $sorted is $expected', ({ sorted, percent, expected }) => {
    expect(percentile(Float64Array.from(sorted), percent)).toBe(expected);
  });
});
