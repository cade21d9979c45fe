import { firstIndexAfter, traceDemand } from './trace-demand.ts';

const trace = { times: Float64Array.of(1000, 2000, 6000), values: Float64Array.of(10, 20, 0) };

describe('a trace as a load', () => {
  it.each([
    [1000, 10, 'at a sample'],
    [1500, 15, 'halfway between samples'],
    [4000, 10, 'across a gap'],
    [0, 10, 'before the first sample'],
    [9000, 0, 'after the last sample'],
    [6000, 0, 'at the last sample'],
  ])('at %d ms is %d: %s', (time, expected) => {
    expect(traceDemand(trace)(time)).toBeCloseTo(expected, 12);
  });

  it('is scaled and shifted', () => {
    const demand = traceDemand(trace, { scale: 3, shiftMs: 100_000 });
    expect(demand(101_500)).toBeCloseTo(45, 12);
  });

  it('needs samples', () => {
    const empty = { times: new Float64Array(), values: new Float64Array() };
    expect(() => traceDemand(empty)).toThrow(/needs samples/);
  });
});

describe('the first sample after a time', () => {
  it.each([
    [999, 0],
    [1000, 1],
    [5999, 2],
    [6000, 3],
  ])('for %d is %d', (time, index) => {
    expect(firstIndexAfter(trace.times, time)).toBe(index);
  });
});
