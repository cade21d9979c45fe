import { contextFixture, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { fixed, staticUntuned } from './static.ts';

/** 999 quiet values and two of 400 requests per second, the 99.9th percentile: 42 replicas by Erlang C. */
const warmup = Float64Array.from([400, ...Array.from({ length: 999 }, () => 100), 400]);

describe('static replicas', () => {
  it.each([
    ['half of those for the percentile', 50, 21],
    ['all of them', 100, 42],
    ['half as many more, rounded up', 150, 63],
  ])('%s', (_, percent, expected) => {
    const scaler = fixed.create(percent, contextFixture({ warmup }));
    expect(scaler.decide(viewFixture({ ready: 2 }))).toBe(expected);
    expect(scaler.decide(viewFixture({ ready: 2, demand: 5000, index: 9 }))).toBe(expected);
  });

  it('are at least one, also after a warm-up without load', () => {
    expect(fixed.create(100, contextFixture({ warmup: new Float64Array(10) })).decide(viewFixture())).toBe(1);
  });

  it('untuned are those for the percentile', () => {
    expect(staticUntuned.create(99.9, contextFixture({ warmup })).decide(viewFixture())).toBe(42);
  });

  it('need a warm-up', () => {
    expect(() => fixed.create(100, contextFixture())).toThrow('needs a warm-up');
  });
});
