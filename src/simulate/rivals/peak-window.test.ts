import { contextFixture, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import type { Contender } from '../scaler.ts';
import { autopilot72h, peak1h, peak24h, peak5m, peak5mErlang, peak5mFresh } from './peak-window.ts';

/** Replicas after each decision; the load is 100 requests per second at first and then 10. */
function afterBurst(contender: Contender, decisions: number): number[] {
  const scaler = contender.create(50, contextFixture());
  return Array.from({ length: decisions }, (_, index) => {
    const demand = index === 0 ? 100 : 10;
    return scaler.decide(viewFixture({ index, ready: 3, demand, cpu: demand / 10 }));
  });
}

describe('moving-window peak', () => {
  it.each([
    ['5 minutes', peak5m, 20],
    ['1 hour', peak1h, 240],
    ['24 hours', peak24h, 5760],
    ['72 hours', autopilot72h, 17_280],
  ])('keeps the replicas of a peak for %s', (_, contender, decisions) => {
    const seen = afterBurst(contender, decisions + 1);
    expect(seen[0]).toBe(20);
    expect(seen.slice(-2)).toEqual([20, 2]);
  });

  it('holds its replicas while nothing is measured, and goes on afterwards', () => {
    const scaler = peak5m.create(50, contextFixture());
    const seen = [50, undefined, 20].map((demand, index) =>
      scaler.decide(viewFixture({ index, ready: 7, demand })),
    );
    expect(seen).toEqual([10, 7, 10]);
  });

  it('Autopilot takes the CPU of five minutes, which its own replicas limit', () => {
    const cpu = (seconds: number) => (seconds === 300 ? 4 : 9);
    expect(autopilot72h.create(80, contextFixture()).decide(viewFixture({ ready: 4, demand: 90, cpu }))).toBe(
      5,
    );
  });

  it('differs with fresh metrics in their age alone', () => {
    const { name, title, metricAgeSeconds, ...rest } = peak5mFresh;
    expect(peak5m).toMatchObject(rest);
    expect([name, title, metricAgeSeconds]).toEqual(['peak-5m-fresh', '5-minute peak, fresh metrics', 0]);
  });

  it('by Erlang C serves the peak and the headroom within the objective', () => {
    const replicas = (headroom: number) =>
      peak5mErlang.create(headroom, contextFixture()).decide(viewFixture({ ready: 3, demand: 400 }));
    // 40 busy: C(41, 40) e^−3 = 0.039 is too slow, C(42, 40) e^−6 = 0.002 is not.
    expect(replicas(0)).toBe(42);
    expect(replicas(100)).toBeGreaterThan(80);
  });
});
