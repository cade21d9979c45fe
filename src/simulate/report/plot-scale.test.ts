import { logScale } from './plot-scale.ts';

describe('a logarithmic scale', () => {
  const scale = logScale({ low: 1, high: 100, from: 400, to: 0, ticks: [0.5, 1, 10, 100, 1_000] });
  const cases: [string, number, number][] = [
    ['puts the low end at its start', 1, 400],
    ['the high end at its end', 100, 0],
    ['equal factors at equal distances', 10, 200],
    ['0 at the low end', 0, 400],
    ['what is above its high end above it', 1_000, -200],
  ];
  test.each(cases)('%s', (_, value, place) => {
    expect(scale.at(value)).toBeCloseTo(place);
  });

  test('labels only what it shows', () => {
    expect(scale.ticks).toEqual([1, 10, 100]);
  });
});
