import { createDeviation, endDeviation, isAway, noteDeviation } from './deviation.ts';

describe('a deviation', () => {
  it.each([
    [400, 100, 300, true],
    [400, 100, 250, true],
    [400, 100, 240, false],
    [400, 100, 900, true],
    [400, 100, 0, false],
    [10, 100, 50, true],
    [10, 100, 60, false],
    [400, 100, NaN, false],
  ])('to %d where %d is usual goes on at %d: %s', (value, expected, next, away) => {
    const deviation = createDeviation();
    noteDeviation(deviation, value, expected);
    expect(isAway(deviation, next)).toBe(away);
  });

  it('is measured from where it began, until it ends', () => {
    const deviation = createDeviation();
    noteDeviation(deviation, 400, 100);
    noteDeviation(deviation, 1000, 900);
    expect(isAway(deviation, 260)).toBe(true);
    endDeviation(deviation);
    expect(isAway(deviation, 400)).toBe(false);
  });

  it('of nothing is none', () => {
    const deviation = createDeviation();
    noteDeviation(deviation, 100, 100);
    noteDeviation(deviation, 100, NaN);
    expect(isAway(deviation, 100)).toBe(false);
  });
});
