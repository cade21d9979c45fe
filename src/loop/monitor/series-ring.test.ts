import fc from 'fast-check';
import {
  ABSENT,
  acquireSeries,
  cellAsOf,
  cellOfBin,
  createSeriesRing,
  DUPLICATE,
  get,
  openCell,
  put,
  REFUSED,
  releaseSeries,
  type SeriesRing,
} from './series-ring.ts';

const STEP = 10_000;
const SLOTS = 8;
const NOW = 1_000_000_000;

const ringOf = (series = 2, statistics = 2): SeriesRing =>
  createSeriesRing({ series, slots: SLOTS, statistics, stepMs: STEP });

/** Writes `value` and its negative; returns what openCell said. Without `now`, the sample is taken as it comes. */
function write(
  ring: SeriesRing,
  id: string,
  ...[at, value, now = at]: readonly [at: number, value: number, now?: number]
): number {
  const cell = openCell(ring, acquireSeries(ring, id), at, now);
  if (cell < 0) return cell;
  put(ring, cell, 0, value);
  put(ring, cell, 1, -value);
  return cell;
}

/** The first statistic of each kept bin up to `bin`, oldest first. */
function bins(ring: SeriesRing, id: string, bin: number): number[] {
  const series = acquireSeries(ring, id);
  return Array.from({ length: SLOTS }, (_, i) => {
    const cell = cellOfBin(ring, series, bin - SLOTS + 1 + i);
    return cell === ABSENT ? NaN : get(ring, cell, 0);
  });
}

const BIN = NOW / STEP;

describe('samples of one series', () => {
  test('stand in their bins, and bins without one are gaps', () => {
    const ring = ringOf();
    write(ring, 'a', NOW, 1);
    write(ring, 'a', NOW + STEP, 2);
    write(ring, 'a', NOW + 4 * STEP + 3, 5);
    expect(bins(ring, 'a', BIN + 4)).toEqual([NaN, NaN, NaN, 1, 2, NaN, NaN, 5]);
  });

  test('are forgotten when the ring has gone round, and no older value shows in a gap', () => {
    const ring = ringOf();
    for (let i = 0; i < SLOTS; i += 1) write(ring, 'a', NOW + i * STEP, i);
    write(ring, 'a', NOW + (SLOTS + 2) * STEP, 99);
    expect(bins(ring, 'a', BIN + SLOTS + 2)).toEqual([3, 4, 5, 6, 7, NaN, NaN, 99]);
    write(ring, 'a', NOW + 100 * STEP, 1);
    expect(bins(ring, 'a', BIN + 100)).toEqual([NaN, NaN, NaN, NaN, NaN, NaN, NaN, 1]);
  });

  test.each([
    ['the same time', 3, DUPLICATE, 7],
    ['an earlier time in the same bin', 2, DUPLICATE, 7],
    ['a later time in the same bin', 4, 'written', 8],
  ])('with %s: the latest by its own time counts', (_, offset, outcome, value) => {
    const ring = ringOf();
    write(ring, 'a', NOW + 3, 7);
    const said = write(ring, 'a', NOW + offset, 8, NOW + 5);
    expect(said < 0 ? said : 'written').toBe(outcome);
    expect(bins(ring, 'a', BIN).at(-1)).toBe(value);
  });

  test('that come late fill their gap and do not make the series younger', () => {
    const ring = ringOf();
    write(ring, 'a', NOW, 1);
    write(ring, 'a', NOW + 3 * STEP, 4);
    write(ring, 'a', NOW + STEP, 2, NOW + 3 * STEP);
    expect(bins(ring, 'a', BIN + 3)).toEqual([NaN, NaN, NaN, NaN, 1, 2, NaN, 4]);
    expect(ring.newestAt[0]).toBe(NOW + 3 * STEP);
  });

  test.each([
    ['no time', NaN, NOW],
    ['a time before the epoch', -1, NOW],
    ['an infinite time', Infinity, NOW],
    ['a time from the future', NOW + 61_000, NOW],
    ['an unknown clock', NOW, NaN],
    ['a time older than what is kept', NOW - SLOTS * STEP, NOW],
  ])('with %s are refused and change nothing', (_, at, now) => {
    const ring = ringOf();
    write(ring, 'a', NOW, 1);
    const before = structuredClone(ring);
    expect(write(ring, 'a', at, 9, now)).toBe(REFUSED);
    expect(ring).toEqual(before);
  });

  test.each([NaN, Infinity, -Infinity, 1e308, -1e308])('of %d are unknown', (value) => {
    const ring = ringOf();
    write(ring, 'a', NOW, 5);
    write(ring, 'a', NOW + 1, value);
    expect(bins(ring, 'a', BIN).at(-1)).toBeNaN();
  });

  test('from before a clock was set back are kept, those from its future are not', () => {
    const ring = ringOf();
    const ahead = 6 * 60_000;
    write(ring, 'a', NOW, 1);
    write(ring, 'a', NOW + STEP + 9, 2);
    write(ring, 'a', NOW + ahead, 3);
    write(ring, 'a', NOW + 2 * STEP, 4);
    // The ring went round under the wrong clock: nothing older is left.
    expect(bins(ring, 'a', BIN + 2)).toEqual([NaN, NaN, NaN, NaN, NaN, NaN, NaN, 4]);

    const wide = createSeriesRing({ series: 1, slots: 60, statistics: 2, stepMs: STEP });
    write(wide, 'a', NOW, 1);
    write(wide, 'a', NOW + STEP + 9, 2);
    write(wide, 'a', NOW + ahead, 3);
    write(wide, 'a', NOW + STEP + 5, 4);
    const kept = [0, 1].map((i) => get(wide, cellOfBin(wide, 0, BIN + i), 0));
    expect(kept).toEqual([1, 4]);
    expect(cellOfBin(wide, 0, BIN + ahead / STEP)).toBe(ABSENT);
  });
});

describe('what was known at a time', () => {
  const ring = ringOf();
  write(ring, 'a', NOW + 4, 1);
  write(ring, 'a', NOW + STEP + 4, 2);
  write(ring, 'a', NOW + 4 * STEP + 4, 5);

  test.each([
    ['the sample of that very time', NOW + 4, 60_000, 1],
    ['the one before, while the next one was not yet taken', NOW + STEP + 3, 60_000, 1],
    ['the one before a gap', NOW + 3 * STEP, 60_000, 2],
    ['the newest, after the end', NOW + 6 * STEP, 60_000, 5],
    ['nothing before the first', NOW + 3, 60_000, undefined],
    ['nothing when the newest is too old', NOW + 3 * STEP, STEP, undefined],
    ['nothing at no time', NaN, 60_000, undefined],
  ])('is %s', (_, at, maxAgeMs, value) => {
    const cell = cellAsOf(ring, 0, at, maxAgeMs);
    expect(cell === ABSENT ? undefined : get(ring, cell, 0)).toBe(value);
  });

  test('is never later, for any order of writing', () => {
    const offsets = fc.array(fc.integer({ min: 0, max: 12 * STEP }), { maxLength: 40 });
    fc.assert(
      fc.property(offsets, fc.integer({ min: 0, max: 13 * STEP }), (times, asked) => {
        const fresh = ringOf();
        const now = NOW + 12 * STEP;
        // The value is the time: Float32 holds these exactly.
        for (const time of times) write(fresh, 'a', NOW + time, time, now);
        const cell = cellAsOf(fresh, acquireSeries(fresh, 'a'), NOW + asked, 5 * STEP);
        if (cell === ABSENT) return;
        const value = get(fresh, cell, 0);
        expect(value).toBeLessThanOrEqual(asked);
        expect(value).toBeGreaterThanOrEqual(asked - 5 * STEP);
        expect(times).toContain(value);
      }),
    );
  });
});

describe('many series', () => {
  test('do not see each other, also after the ring grew', () => {
    const ring = ringOf(1);
    const ids = Array.from({ length: 37 }, (_, i) => `series-${i}`);
    for (const [i, id] of ids.entries()) write(ring, id, NOW + i, i);
    expect(ring.capacity).toBe(64);
    for (const [i, id] of ids.entries()) {
      const cell = cellOfBin(ring, acquireSeries(ring, id), BIN);
      expect([get(ring, cell, 0), get(ring, cell, 1)]).toEqual([i, -i]);
    }
  });

  test('give their place back empty', () => {
    const ring = ringOf(1);
    write(ring, 'a', NOW, 1);
    const place = acquireSeries(ring, 'a');
    expect(releaseSeries(ring, 'a')).toBe(true);
    expect(releaseSeries(ring, 'a')).toBe(false);
    expect(acquireSeries(ring, 'b')).toBe(place);
    expect(ring.capacity).toBe(1);
    expect(bins(ring, 'b', BIN).every(Number.isNaN)).toBe(true);
    // An older time than the predecessor's newest is not late for the newcomer.
    expect(write(ring, 'b', NOW - 5 * STEP, 3)).toBeGreaterThanOrEqual(0);
  });

  test('agree with a plain map of the latest sample of each bin', () => {
    const sample = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      time: fc.integer({ min: 0, max: 30 * STEP }),
      value: fc.integer({ min: -1000, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const ring = ringOf(1);
        const now = NOW + 30 * STEP;
        const latest = new Map<string, { time: number; value: number }>();
        const newest = new Map<string, number>();
        for (const { id, time, value } of samples) {
          const bin = Math.floor(time / STEP);
          const oldest = Math.floor((newest.get(id) ?? 0) / STEP) - SLOTS;
          const refused = newest.has(id) && bin <= oldest;
          expect(write(ring, id, NOW + time, value, now) === REFUSED).toBe(refused);
          if (refused) continue;
          newest.set(id, Math.max(newest.get(id) ?? 0, time));
          const key = `${id}/${bin}`;
          if (time > (latest.get(key)?.time ?? -1)) latest.set(key, { time, value });
        }
        for (const [id, time] of newest) {
          const last = Math.floor(time / STEP);
          const wanted = Array.from(
            { length: SLOTS },
            (_, i) => latest.get(`${id}/${last - SLOTS + 1 + i}`)?.value ?? NaN,
          );
          expect(bins(ring, id, BIN + last)).toEqual(wanted);
        }
      }),
    );
  });
});
