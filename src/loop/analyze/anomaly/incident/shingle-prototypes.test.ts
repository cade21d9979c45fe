import { createShinglePrototypes, observeShape } from './shingle-prototypes.ts';

function sawtooth(i: number): number {
  return i % 12;
}

test('a shape that repeats comes to be known, a new one is far from all', () => {
  const state = createShinglePrototypes();
  let last = 0;
  for (let i = 0; i < 600; i++) last = observeShape(state, sawtooth(i));
  expect(last).toBeLessThan(0.3);
  let farthest = 0;
  for (let i = 0; i < 8; i++) farthest = Math.max(farthest, observeShape(state, i % 2 === 0 ? 40 : -40));
  expect(farthest).toBeGreaterThan(1);
});

test('it says nothing of fewer than eight values or of equal ones', () => {
  const state = createShinglePrototypes();
  for (let i = 0; i < 7; i++) expect(observeShape(state, i)).toBe(0);
  const constant = createShinglePrototypes();
  for (let i = 0; i < 50; i++) expect(observeShape(constant, 5)).toBe(0);
});

test('with all prototypes taken, a little-used one gives way', () => {
  const state = createShinglePrototypes();
  for (let i = 0; i < 4000; i++) observeShape(state, Math.sin(i * i) * 10 ** (i % 5));
  expect(state.used).toBe(32);
  expect(state.points).toBe(4000);
});
