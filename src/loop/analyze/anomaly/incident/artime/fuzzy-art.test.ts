import fc from 'fast-check';
import { createFuzzyArt, observeNovelty } from './fuzzy-art.ts';

test('a cycle that repeats comes to match, a new form does not', () => {
  const art = createFuzzyArt();
  let last = NaN;
  for (let i = 0; i < 1000; i++) last = observeNovelty(art, Math.sin(i / 5));
  expect(last).toBeLessThan(0.1);
  let largest = 0;
  for (let i = 0; i < 16; i++) largest = Math.max(largest, observeNovelty(art, i % 2 === 0 ? 1 : -1));
  expect(largest).toBeGreaterThan(1.5 * last);
});

test('a mismatch is from 0 to 1, unknown only before the second window', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 40, maxLength: 120 }),
      (values) => {
        const art = createFuzzyArt();
        for (const value of values) {
          const known = art.used > 0;
          const mismatch = observeNovelty(art, value);
          expect(Number.isNaN(mismatch)).toBe(!known);
          if (known) expect(mismatch >= 0 && mismatch <= 1).toBe(true);
        }
      },
    ),
  );
});

test('the window that made a category matches it wholly', () => {
  const art = createFuzzyArt();
  const pattern = (i: number): number => (i % 32) ** 2;
  for (let i = 0; i < 32; i++) observeNovelty(art, pattern(i));
  for (let i = 32; i < 63; i++) observeNovelty(art, pattern(i));
  expect(observeNovelty(art, pattern(63))).toBeLessThan(0.02);
});

test('it never has more than 48 categories: little-used old ones give way', () => {
  const art = createFuzzyArt();
  for (let i = 0; i < 3000; i++) observeNovelty(art, Math.sin(i * i) * (i % 97));
  expect(art.used).toBe(48);
});
