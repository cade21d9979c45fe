import { Backoff, REFLECTOR_BACKOFF } from './backoff.ts';

describe('Backoff', () => {
  it('doubles the bound of its waits from 0.8 s to 30 s', () => {
    const backoff = new Backoff(REFLECTOR_BACKOFF, () => 1);
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(() => backoff.next(0))).toEqual([
      800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000,
    ]);
  });

  it('waits anywhere between nothing and the bound', () => {
    expect(new Backoff(REFLECTOR_BACKOFF, () => 0).next(0)).toBe(0);
    expect(new Backoff(REFLECTOR_BACKOFF, () => 0.5).next(0)).toBe(400);
  });

  it('begins anew after two minutes without a failure, not counting the wait', () => {
    const backoff = new Backoff(REFLECTOR_BACKOFF, () => 1);
    backoff.next(0);
    expect(backoff.next(120_800)).toBe(1600);
    expect(backoff.next(120_800 + 1600 + 120_001)).toBe(800);
  });
});
