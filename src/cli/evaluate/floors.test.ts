import { ConformalFloor, FLOORS, type FloorName } from './floors.ts';

const DAY = 288;

function medians(name: FloorName, valueOf: (i: number) => number, count = 4 * DAY): Float64Array {
  const values = Float64Array.from({ length: count }, (_, i) => valueOf(i));
  const floor = new ConformalFloor(name, DAY);
  for (let known = 1; known <= count; known++) floor.observe(values, known);
  const out = new Float64Array(3 * DAY);
  floor.forecast(values, count, [0.1, 0.5, 0.9], out);
  return out;
}

test.each(FLOORS)('%s forecasts a constant exactly, without width', (name) => {
  for (const quantile of medians(name, () => 7)) expect(quantile).toBeCloseTo(7, 9);
});

test.each(['theta-deseasonalised', 'seasonal-naive'] as const)('%s knows the day', (name) => {
  const valueOf = (i: number): number => 50 + 20 * Math.sin((2 * Math.PI * i) / DAY);
  const out = medians(name, valueOf);
  for (let h = 1; h <= DAY; h++)
    expect(Math.abs(out[3 * (h - 1) + 1]! - valueOf(4 * DAY - 1 + h))).toBeLessThan(0.5);
});

test('the interval around a point is that of its past errors at the same step', () => {
  // Steps of ±1 by turns: an error of a last value is 0 at even steps and ±2 at odd ones.
  const out = medians('last-value', (i) => (i % 2 === 0 ? 9 : 11));
  expect([...out.subarray(3, 6)]).toEqual([11, 11, 11]);
  expect([...out.subarray(0, 3)]).toEqual([9, 11, 13]);
});
