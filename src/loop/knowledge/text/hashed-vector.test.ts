import { HASHED_DIMENSIONS, hashStems } from './hashed-vector.ts';
import { stemsOf } from './terms.ts';

function vectorOf(text: string): Float32Array {
  const out = new Float32Array(HASHED_DIMENSIONS);
  hashStems(stemsOf(text), out);
  return out;
}

function cosine(a: string, b: string): number {
  const other = vectorOf(b);
  return vectorOf(a).reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0);
}

test('a text is a unit vector, and its own likeness', () => {
  expect(cosine('pods stay pending', 'Pods staying: PENDING')).toBeCloseTo(1, 6);
});

test('nothing is no vector', () => {
  expect(vectorOf('the of —').every((value) => value === 0)).toBe(true);
});

test.each([
  ['the same in other words', 'the service is slow', 'high latency of the service', 'the disk is full'],
  ['the same with a mistake', 'cpu throtling', 'cpu throttling', 'network policy'],
  ['the same pair of words', 'consumer group', 'a consumer group commits', 'a consumer of a certain group'],
])('%s is nearer than others', (_name, text, near, far) => {
  expect(cosine(text, near)).toBeGreaterThan(cosine(text, far));
});

test('is written where it is told to, and the same on every machine', () => {
  const out = new Float32Array(3 * HASHED_DIMENSIONS).fill(7);
  hashStems(['queue'], out, HASHED_DIMENSIONS);
  expect(out.subarray(0, HASHED_DIMENSIONS).every((value) => value === 7)).toBe(true);
  expect(out.subarray(2 * HASHED_DIMENSIONS).every((value) => value === 7)).toBe(true);
  const vector = out.subarray(HASHED_DIMENSIONS, 2 * HASHED_DIMENSIONS);
  const places = [...vector.entries()].filter(([, value]) => Math.abs(value) > 0.5);
  expect(places.map(([place, value]) => [place, Math.sign(value)])).toEqual([[38, -1]]);
});
