import type { Arrivals } from './arrivals.ts';
import { MetricPath, type Blackout } from './metric-path.ts';

const startAt = Date.UTC(2024, 5, 3);
const TICKS = 200;

/** Tick i brings i requests per second, uses i ÷ 100 cores, and one request of it is slow. */
function pathOf(ageSeconds: number, blackouts: readonly Blackout[] = []): MetricPath {
  const rates = Float64Array.from({ length: TICKS }, (_, i) => i);
  const cumulative = new Float64Array(TICKS + 1);
  for (let i = 0; i < TICKS; i += 1) cumulative[i + 1] = cumulative[i]! + rates[i]! * 5;
  const arrivals: Arrivals = { startAt, rates, cumulative, needed: new Uint32Array(), scale: 1, seed: 1 };
  const path = new MetricPath({ arrivals, tickSeconds: 5, ageSeconds, blackouts });
  for (let i = 0; i < TICKS; i += 1) path.record(i, i / 100, 1);
  return path;
}

describe('what can be measured', () => {
  it('is as old as the metric path makes it', () => {
    const path = pathOf(30);
    path.advanceTo(100);
    expect(path.until).toBe(startAt + 94 * 5000);
    expect(path.requests).toBe((5 * 93 * 94) / 2);
    expect(path.slowRequests).toBe(94);
    // Ticks 88 … 93.
    expect(path.demand(30)).toBeCloseTo(90.5, 9);
    expect(path.cpu(30)).toBeCloseTo(0.905, 9);
    expect(path.demand(5)).toBeCloseTo(93, 9);
  });

  it('is younger by another way, which is never older', () => {
    const path = pathOf(30);
    const [younger, same] = [path.within(15), path.within(60)];
    path.record(100, 1, 7);
    for (const each of [path, younger, same]) each.advanceTo(104);
    expect([path, younger, same].map(({ until }) => (until - startAt) / 5000)).toEqual([98, 101, 98]);
    expect(younger.slowRequests - path.slowRequests).toBe(1 + 1 + 7);
    expect(younger.requests).toBe((5 * 100 * 101) / 2);
  });

  it('is everything so far when nothing delays it', () => {
    const path = pathOf(0);
    path.advanceTo(100);
    expect(path.until).toBe(startAt + 500_000);
    expect(path.demand(5)).toBeCloseTo(99, 9);
  });

  it('is unknown, not zero, before there is enough', () => {
    const path = pathOf(30);
    expect(path).toMatchObject({ until: startAt - 30_000, requests: 0, slowRequests: 0 });
    expect(path.demand(5)).toBeUndefined();
    path.advanceTo(11);
    expect(path.demand(30)).toBeUndefined();
    expect(path.cpu(30)).toBeUndefined();
    expect(path.demand(25)).toBeCloseTo(2, 9);
    path.advanceTo(12);
    expect(path.demand(30)).toBeCloseTo(2.5, 9);
  });
});

describe('a blackout', () => {
  const path = pathOf(30, [{ fromTick: 50, toTick: 70 }]);

  it.each<[number, number, number | undefined, string]>([
    [56, 50, 46.5, 'the last value before it is still there'],
    [57, 50, undefined, 'nothing new arrives'],
    [75, 50, undefined, 'nothing new arrives until its end'],
    [76, 70, undefined, 'the mean began where nothing was measured'],
    [81, 75, undefined, 'it still does'],
    [82, 76, 72.5, 'all of the mean was measured'],
  ])('at tick %d shows what was measured until tick %d, mean %p: %s', (tick, untilTick, demand) => {
    path.advanceTo(tick);
    expect(path.until).toBe(startAt + untilTick * 5000);
    expect(path.slowRequests).toBe(untilTick);
    if (demand === undefined) expect(path.demand(30)).toBeUndefined();
    else expect(path.demand(30)).toBeCloseTo(demand, 9);
  });

  it('is bridged by a mean that began before it: counters go on', () => {
    path.advanceTo(76);
    expect(path.demand(125)).toBeCloseTo(57, 9);
  });
});
