import type { Trace } from '../../src/simulate/trace-demand.ts';
import { busyStretch, replayFrom, scaleToBusyReplicas } from './busy-stretch.ts';

const minute = 60_000;
const day = 1440 * minute;

/** One sample a minute. */
function trace(minutes: number, load: (minute: number) => number): Trace {
  const times = Float64Array.from({ length: minutes }, (_, index) => index * minute);
  return { times, values: times.map((time) => load(time / minute)) };
}

/** A triangle of height 1 and 14 minutes. */
const hill = (at: number, top: number): number => Math.max(0, 1 - Math.abs(at - top) / 7);

describe('the busy stretch', () => {
  it('is the quarter of an hour in which load rises and falls by most', () => {
    const stretch = busyStretch(trace(3000, (at) => 100 + 50 * hill(at, 2000) + 90 * hill(at, 2500)));
    expect(stretch.start / minute).toBeGreaterThan(2485);
    expect(stretch.start / minute).toBeLessThan(2500);
    expect(stretch.end - stretch.start).toBe(15 * minute);
  });

  it('lies behind enough history: half of a short trace', () => {
    const stretch = busyStretch(trace(3000, (at) => 100 + 90 * hill(at, 500) + 50 * hill(at, 2500)));
    expect(stretch.start / minute).toBeGreaterThan(2485);
  });

  it('is not a single strange sample, nor a rise that stays', () => {
    const stretch = busyStretch(
      trace(3000, (at) => (at === 1800 ? 5000 : 100) + (at > 2200 ? 400 : 0) + 50 * hill(at, 2600)),
    );
    expect(stretch.start / minute).toBeGreaterThan(2585);
    expect(stretch.start / minute).toBeLessThan(2600);
  });

  it('has no gap in it', () => {
    const whole = trace(3000, (at) => 100 + 90 * hill(at, 2500) + 50 * hill(at, 2000));
    const keep = (_: number, index: number): boolean => index < 2494 || index > 2506;
    const gappy = { times: whole.times.filter(keep), values: whole.values.filter(keep) };
    expect(busyStretch(gappy).start / minute).toBeLessThan(2000);
  });

  it.each([
    ['flat', 3000, (): number => 5],
    ['too short', 20, (at: number): number => at],
  ])('is refused where the trace is %s', (_, minutes, load) => {
    expect(() => busyStretch(trace(minutes, load))).toThrow(
      /no quarter of an hour in which load rises and falls/,
    );
  });
});

describe('the scale', () => {
  it('keeps so many replicas busy at the 99.9th percentile', () => {
    const series = trace(2001, (at) => (at >= 1999 ? 1e6 : at === 1998 ? 50 : 10));
    expect(scaleToBusyReplicas(series, 40, 10) * 50).toBeCloseTo(400, 9);
  });

  it('is refused for a trace of zeros', () => {
    expect(() =>
      scaleToBusyReplicas(
        trace(10, () => 0),
        40,
        10,
      ),
    ).toThrow(/no load to scale/);
  });
});

describe('a replay', () => {
  const series = trace(20 * 1440, (at) => at);
  const stretch = { start: 18 * day, end: 18 * day + 15 * minute, swing: 0 };
  const now = Date.UTC(2025, 0, 1);

  it('begins the stretch now and keeps days and weeks apart as they were', () => {
    const { demand } = replayFrom(series, stretch, now, 2);
    expect(demand(now)).toBeCloseTo(2 * 18 * 1440, 6);
    expect(demand(now - 7 * day)).toBeCloseTo(2 * 11 * 1440, 6);
  });

  it('has a past of 14 days, or what there is', () => {
    expect(replayFrom(series, stretch, now, 1).from).toBe(now - 14 * day);
    expect(replayFrom(series, { ...stretch, start: 3 * day }, now, 1).from).toBe(now - 3 * day);
  });
});
