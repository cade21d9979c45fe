import { awkwardSeries } from '../../../../../test/support/awkward-series.ts';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createLevelWatch, observeLevel, type LevelFinding, type LevelWatch } from './level-shift.ts';

const MINUTE = 60_000;
const START = 100;

/** Findings by the minute; a minute is surprising while it is far from 100 and for its first ten minutes only. */
function feed(watch: LevelWatch, levels: readonly number[]): (LevelFinding | undefined)[] {
  const random = seededRandom(4);
  let far = 0;
  return levels.map((level, i) => {
    far = level === 100 ? 0 : far + 1;
    const value = level + 2 * normal(random);
    return observeLevel(watch, { now: i * MINUTE, value, surprising: far > 0 && far <= 10 });
  });
}

const course = (...parts: readonly (readonly [minutes: number, level: number])[]): number[] =>
  parts.flatMap(([minutes, level]) => new Array<number>(minutes).fill(level));

test('a level that stays is a shift: both levels and its beginning are told', () => {
  const findings = feed(createLevelWatch(), course([START, 100], [40, 160]));
  const last = findings[START + 20];
  expect(last?.kind).toBe('LevelShift');
  expect(last?.before).toBeCloseTo(100, -1);
  expect(last?.after).toBeCloseTo(160, -1);
  expect(Math.abs((last?.since ?? NaN) / MINUTE - START)).toBeLessThanOrEqual(1);
});

test('what comes back is a spike, told once, and then nothing', () => {
  const findings = feed(createLevelWatch(), course([START, 100], [6, 300], [40, 100]));
  const kinds = findings.map((finding) => finding?.kind);
  expect(kinds.filter((kind) => kind === 'Spike')).toHaveLength(1);
  expect(kinds).not.toContain('LevelShift');
  expect(kinds.at(-1)).toBeUndefined();
});

test('until a quarter of an hour has passed it may be either', () => {
  const findings = feed(createLevelWatch(), course([START, 100], [40, 160]));
  expect(findings[START + 8]?.kind).toBe('Open');
});

test('a level that fell is a shift too', () => {
  const findings = feed(createLevelWatch(), course([START, 100], [40, 20]));
  expect(findings[START + 25]?.kind).toBe('LevelShift');
});

test('after an hour the new level is the level', () => {
  const findings = feed(createLevelWatch(), course([START, 100], [90, 160]));
  expect(findings.at(-1)).toBeUndefined();
});

test('two surprising minutes begin nothing', () => {
  const findings = feed(createLevelWatch(), course([START, 100], [2, 300], [20, 100]));
  expect(findings.every((finding) => finding === undefined)).toBe(true);
});

test.each(awkwardSeries(500))(
  'whatever is surprising of a series that is %s, levels are numbers',
  (_, values) => {
    const watch = createLevelWatch();
    for (const [i, value] of values.entries()) {
      const finding = observeLevel(watch, { now: i * MINUTE, value, surprising: i % 5 !== 0 });
      if (finding === undefined) continue;
      expect(finding.before).not.toBeNaN();
      expect(finding.since).toBeLessThanOrEqual(i * MINUTE);
    }
  },
);
