import fc from 'fast-check';
import { appendCount, createTimedExtremes, extremesWithin, isEmpty } from './timed-extremes.ts';

const NOW = 1_700_000_000_000;
const KEPT = 3600;

interface Entry {
  readonly at: number;
  readonly lowest: number;
  readonly highest: number;
}

function joined(a: Entry, b: Entry): Entry {
  return { at: b.at, lowest: Math.min(a.lowest, b.lowest), highest: Math.max(a.highest, b.highest) };
}

/** A log in which nothing is forgotten: what is later than now counts as now, and a second is one entry. */
function logged(log: readonly Entry[], at: number, count: number): readonly Entry[] {
  const future = log
    .filter((entry) => entry.at > at)
    .reduceRight<Entry | undefined>(
      (all, entry) => (all === undefined ? { ...entry, at } : joined(entry, all)),
      undefined,
    );
  const past = log.filter((entry) => entry.at <= at);
  const known = future === undefined ? past : [...past, future];
  const last = known.at(-1);
  const added = { at, lowest: count, highest: count };
  if (last === undefined || Math.floor(last.at / 1000) !== Math.floor(at / 1000)) return [...known, added];
  return [...known.slice(0, -1), joined(last, added)];
}

describe('the extremes', () => {
  test('are not known before the first count', () => {
    const extremes = createTimedExtremes();
    expect(isEmpty(extremes)).toBe(true);
    expect(extremesWithin(extremes, { now: NOW, seconds: KEPT })).toBeUndefined();
  });

  test('of any time are those of a log of all counts, also when the clock steps back', () => {
    const wait = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 40_000 }) },
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 900 }) },
      { weight: 1, arbitrary: fc.integer({ min: -300_000, max: -1 }) },
    );
    const counts = fc.array(fc.tuple(wait, fc.nat(30)), { maxLength: 200 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 1800 }), (entries, seconds) => {
        const extremes = createTimedExtremes();
        let log: readonly Entry[] = [];
        let now = NOW;
        for (const [waited, count] of entries) {
          now += waited;
          appendCount(extremes, { at: now, count }, KEPT);
          log = logged(log, now, count);
          const within = log.filter(({ at }) => at > now - seconds * 1000);
          expect(extremesWithin(extremes, { now, seconds })).toEqual({
            lowest: Math.min(...within.map(({ lowest }) => lowest)),
            highest: Math.max(...within.map(({ highest }) => highest)),
          });
        }
      }),
    );
  });
});
