import fc from 'fast-check';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createServiceScore, culpritsOf, observeService, type ServiceScore } from './service-score.ts';

const DAY = 288;
const METRICS = 6;
const STEP = 300;

/** Metrics of one load with their own scales and noise; `change` is put on top. */
function watch(
  service: ServiceScore,
  { from, to, seed = 1 }: { readonly from: number; readonly to: number; readonly seed?: number },
  change: (values: Float64Array, slot: number) => void = () => undefined,
): Float64Array {
  const random = seededRandom(seed);
  const values = new Float64Array(METRICS);
  return Float64Array.from({ length: to - from }, (_, i) => {
    const load = 100 - 40 * Math.cos((2 * Math.PI * (from + i)) / DAY) + normal(random);
    for (let m = 0; m < METRICS; m++) values[m] = 10 ** m * (load + 2 * normal(random));
    change(values, from + i);
    return observeService(service, values, from + i);
  });
}

function settled(): ServiceScore {
  const service = createServiceScore({ metrics: METRICS, stepSeconds: STEP });
  watch(service, { from: 0, to: 14 * DAY });
  return service;
}

test('one metric that jumps is seen, and named', () => {
  const service = settled();
  const scores = watch(service, { from: 14 * DAY, to: 14 * DAY + 3, seed: 2 }, (values) => {
    values[3]! *= 2;
  });
  expect(Math.max(...scores)).toBeGreaterThan(6);
  expect(service.surprise).toBeGreaterThan(3);
  expect(culpritsOf(service, 3)[0]).toBe(3);
});

test('several metrics that are each somewhat off add up', () => {
  const together = settled();
  const alone = structuredClone(together);
  const shift =
    (shifted: number) =>
    (values: Float64Array): void => {
      for (let m = 0; m < shifted; m++) values[m]! *= 1.12;
    };
  const span = { from: 14 * DAY, to: 14 * DAY + 3, seed: 2 };
  const all = watch(together, span, shift(METRICS));
  const one = watch(alone, span, shift(1));
  expect(all[2]).toBeGreaterThan(1.2 * one[2]!);
});

test('an ordinary day after a fortnight is not rare', () => {
  const service = settled();
  const surprises: number[] = [];
  watch(service, { from: 14 * DAY, to: 15 * DAY, seed: 3 }, () => surprises.push(service.surprise));
  expect(surprises.filter((surprise) => surprise >= 3).length).toBeLessThanOrEqual(2);
});

test('a metric that is missing is not a culprit, and the others are judged without it', () => {
  const service = settled();
  const scores = watch(service, { from: 14 * DAY, to: 14 * DAY + 5 }, (values) => {
    values[2] = NaN;
    values[4]! *= 3;
  });
  expect(scores.every((score) => Number.isFinite(score))).toBe(true);
  expect(service.surprises[2]).toBeNaN();
  expect(culpritsOf(service, 5)).toContain(4);
  expect(culpritsOf(service, 5)).not.toContain(2);
});

test('when nothing is known nothing is answered and nothing learnt', () => {
  const service = settled();
  const before = structuredClone(service.metrics);
  const scores = watch(service, { from: 14 * DAY, to: 15 * DAY }, (values) => values.fill(NaN));
  expect(scores.every((score) => Number.isNaN(score))).toBe(true);
  expect(service.metrics).toEqual(before);
  expect(service.surprise).toBeNaN();
  expect(culpritsOf(service, 3)).toEqual([]);
});

const random = seededRandom(6);
const odd: readonly (readonly [string, (m: number, i: number) => number])[] = [
  ['constant', () => 3.3],
  ['binary', () => (random() < 0.05 ? 1 : 0)],
  ['counters that are reset each day', (m, i) => (i % DAY) * (m + 1)],
  ['one metric six times', (_, i) => Math.sin(i / 30)],
  ['shuffled', (m) => random() * 10 ** m],
  ['enormous', (m, i) => ((i + m) % 2 === 0 ? 1e308 : -1e308)],
];
test.each(odd)('%s: finite answers and no storm of alarms', (_, valueAt) => {
  const service = createServiceScore({ metrics: METRICS, stepSeconds: STEP });
  const values = new Float64Array(METRICS);
  let rare = 0;
  let unknown = 0;
  for (let i = 0; i < 15 * DAY; i++) {
    for (let m = 0; m < METRICS; m++) values[m] = valueAt(m, i);
    const score = observeService(service, values, i);
    if (!Number.isFinite(score) || !Number.isFinite(service.surprise)) unknown += 1;
    if (i > 5 * DAY && service.surprise >= 4) rare += 1;
  }
  expect(unknown).toBe(0);
  expect(rare).toBeLessThanOrEqual(3);
});

test('culprits are ordered, distinct, known, and no more than asked for', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.double({ min: 0, max: 12, noNaN: true }), fc.constant(NaN)), { maxLength: 20 }),
      fc.integer({ min: 1, max: 5 }),
      (surprises, most) => {
        const service = { ...createServiceScore({ metrics: 1, stepSeconds: 60 }) };
        const culprits = culpritsOf({ ...service, surprises: Float64Array.from(surprises) }, most);
        expect(culprits.length).toBeLessThanOrEqual(most);
        expect(new Set(culprits).size).toBe(culprits.length);
        const theirs = culprits.map((i) => surprises[i]!);
        expect(theirs).toEqual(theirs.toSorted((a, b) => b - a));
        if (culprits.length > 0)
          expect(theirs[0]).toBe(Math.max(...surprises.filter((s) => !Number.isNaN(s))));
      },
    ),
  );
});

test.each([
  [{ metrics: 0, stepSeconds: 60 }, /at least 1/],
  [{ metrics: 2, stepSeconds: 7 }, /divide a day/],
])('%j is refused', (options, message) => {
  expect(() => createServiceScore(options)).toThrow(message);
});
