import { wholeTicks } from './ticks.ts';

describe('a time in ticks', () => {
  it.each([
    [15, 5, 3],
    [5, 5, 1],
    [1.5, 0.5, 3],
  ])('of %d s is, at %d s a tick, %d', (seconds, tickSeconds, ticks) => {
    expect(wholeTicks(seconds, tickSeconds)).toBe(ticks);
  });

  it.each([
    [7, 5],
    [0, 5],
    [-5, 5],
    [NaN, 5],
    [5, 0],
  ])('refuses %d s at %d s a tick', (seconds, tickSeconds) => {
    expect(() => wholeTicks(seconds, tickSeconds)).toThrow(/must be a whole number of ticks/);
  });
});
