import { ControllerRateLimiter } from './rate-limiter.ts';

describe('ControllerRateLimiter', () => {
  it('doubles a key’s delay from 5 ms up to 1000 s', () => {
    const limiter = new ControllerRateLimiter(0);
    // Far apart, so that the overall bucket is always full.
    const delays = Array.from({ length: 20 }, (_, n) => limiter.when('a', n * 1e7));
    expect(delays.slice(0, 5)).toEqual([5, 10, 20, 40, 80]);
    expect(delays.slice(-2)).toEqual([1_000_000, 1_000_000]);
    expect(limiter.failures('a')).toBe(20);
  });

  it('keeps keys apart and begins anew after forget', () => {
    const limiter = new ControllerRateLimiter(0);
    limiter.when('a', 0);
    limiter.when('a', 0);
    expect(limiter.when('b', 0)).toBe(5);
    limiter.forget('a');
    expect([limiter.failures('a'), limiter.when('a', 0)]).toEqual([0, 5]);
  });

  it('holds all keys together to ten a second after a hundred at once', () => {
    const limiter = new ControllerRateLimiter(0);
    for (let n = 0; n < 100; n += 1) expect(limiter.when(`key-${n}`, 0)).toBe(5);
    expect([limiter.when('x', 0), limiter.when('y', 0)]).toEqual([100, 200]);
  });
});
