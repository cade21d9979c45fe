import { TokenBucket } from './token-bucket.ts';

describe('TokenBucket', () => {
  it('gives the burst at once, then one token per interval', () => {
    const bucket = new TokenBucket(10, 3, 0);
    expect([0, 0, 0, 0, 0].map((now) => bucket.reserve(now))).toEqual([0, 0, 0, 100, 200]);
  });

  it('fills up again to the burst and no further', () => {
    const bucket = new TokenBucket(10, 2, 0);
    bucket.reserve(0);
    bucket.reserve(0);
    expect([1e6, 1e6, 1e6].map((now) => bucket.tryTake(now))).toEqual([true, true, false]);
  });

  it('refuses without debt when asked to try', () => {
    const bucket = new TokenBucket(10, 1, 0);
    expect([bucket.tryTake(0), bucket.tryTake(0), bucket.tryTake(50), bucket.tryTake(100)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('does not run backwards with a clock that does', () => {
    const bucket = new TokenBucket(10, 1, 1000);
    bucket.reserve(1000);
    expect(bucket.reserve(500)).toBe(100);
  });
});
