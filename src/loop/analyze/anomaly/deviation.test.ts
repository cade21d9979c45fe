import { createDeviation, goesOn, isReturn, noteDeviation } from './deviation.ts';

describe('a deviation', () => {
  it.each([
    [400, 100, 300, true],
    [400, 100, 250, true],
    [400, 100, 240, false],
    [400, 100, 900, true],
    [400, 100, 0, false],
    [10, 100, 50, true],
    [10, 100, 60, false],
  ])('to %d where %d is usual goes on at %d: %s', (value, expected, next, away) => {
    const deviation = createDeviation();
    noteDeviation(deviation, { minute: 0, value }, expected);
    expect(goesOn(deviation, 1, next)).toBe(away);
    expect(goesOn(deviation, 2, value)).toBe(away);
  });

  it('is measured from where it began', () => {
    const deviation = createDeviation();
    noteDeviation(deviation, { minute: 0, value: 400 }, 100);
    noteDeviation(deviation, { minute: 5, value: 1000 }, 900);
    expect(goesOn(deviation, 6, 260)).toBe(true);
  });

  it('of nothing is none', () => {
    const deviation = createDeviation();
    noteDeviation(deviation, { minute: 0, value: 100 }, 100);
    noteDeviation(deviation, { minute: 0, value: 100 }, NaN);
    expect(goesOn(deviation, 1, 100)).toBe(false);
    expect(isReturn(deviation, 1, 100)).toBe(false);
  });

  it('comes back to what was usual before it, for as long as that is remembered', () => {
    const deviation = createDeviation();
    noteDeviation(deviation, { minute: 0, value: 400 }, 100);
    expect(isReturn(deviation, 1, 390)).toBe(false);
    expect(isReturn(deviation, 1, 110)).toBe(true);
    expect(isReturn(deviation, 1, -200)).toBe(false);
    goesOn(deviation, 2, 110);
    expect(isReturn(deviation, 62, 90)).toBe(true);
    expect(isReturn(deviation, 63, 90)).toBe(false);
  });
});
