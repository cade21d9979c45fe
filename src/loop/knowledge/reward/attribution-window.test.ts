import { attributionSeconds, effectSeconds } from './attribution-window.ts';

describe('the time in which what comes is put down to a change', () => {
  test.each([
    ['ten minutes at least', 20, 600],
    ['still ten minutes where pods need five', 300, 600],
    ['start-up and settling where pods need longer', 900, 1200],
  ])('is %s', (_name, startup, seconds) => {
    expect(attributionSeconds(startup)).toBe(seconds);
  });

  test('begins to be felt with the start of the pods, or at once where they are given back', () => {
    expect(effectSeconds('ScaleUp', 90)).toBe(90);
    expect(effectSeconds('ScaleDown', 90)).toBe(0);
  });
});
