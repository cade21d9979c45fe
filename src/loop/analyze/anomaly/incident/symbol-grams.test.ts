import fc from 'fast-check';
import { createSymbolGrams, observeSymbol } from './symbol-grams.ts';

test('levels in a familiar order are likely, in a new one unlikely', () => {
  const grams = createSymbolGrams();
  let last = NaN;
  for (let i = 0; i < 400; i++) last = observeSymbol(grams, i % 8);
  expect(last).toBeLessThan(0.1);
  expect(observeSymbol(grams, 5)).toBeGreaterThan(4);
});

test('the chances of all levels that may come next sum to one', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 200 }), (past) => {
      const grams = createSymbolGrams();
      for (const value of [0, 7, ...past]) observeSymbol(grams, value);
      let sum = 0;
      for (let value = 0; value < 8; value++) sum += 2 ** -observeSymbol(structuredClone(grams), value);
      expect(sum).toBeCloseTo(1, 9);
    }),
  );
});

test('a context that was seen too often to count keeps its chances and goes on learning', () => {
  const grams = createSymbolGrams();
  for (let i = 0; i < 140_000; i++) observeSymbol(grams, i % 2 === 0 ? 0 : 7);
  expect(Math.max(...grams.contexts)).toBeLessThanOrEqual(65_535);
  expect(observeSymbol(grams, 0)).toBeLessThan(0.01);
});

test('equal values are one level', () => {
  const grams = createSymbolGrams();
  for (let i = 0; i < 50; i++) observeSymbol(grams, 3);
  expect(observeSymbol(grams, 3)).toBeLessThan(0.2);
});
