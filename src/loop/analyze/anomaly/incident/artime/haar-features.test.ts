import { createHaarFeatures, FEATURES, observeFeatures } from './haar-features.ts';

test('it has no features before a full window, nor of equal values', () => {
  const features = createHaarFeatures();
  for (let i = 0; i < 31; i++) expect(observeFeatures(features, i)).toBe(false);
  expect(observeFeatures(features, 31)).toBe(true);
  const constant = createHaarFeatures();
  for (let i = 0; i < 100; i++) expect(observeFeatures(constant, 4)).toBe(false);
});

test('of a ramp over the range: latest 1, mean a half, each scale with its own slope', () => {
  const features = createHaarFeatures();
  for (let i = 0; i < 32; i++) observeFeatures(features, i);
  const [latest, mean, ...scales] = features.shares;
  expect(latest).toBe(1);
  expect(mean).toBeCloseTo(0.5, 12);
  // Half the distance of neighbours at 16, 8, 4, 2 and 1 values, in shares of the range of 31.
  const slopes = [16, 8, 4, 2, 1].map((values) => values / 2 / 31);
  const expected = slopes.flatMap((s, i) => (i === 0 ? [s, 0.5 + s] : [s, 0.5 + s, 0.5 + s]));
  expect(scales).toHaveLength(FEATURES - 2);
  for (const [i, share] of scales.entries()) expect(share).toBeCloseTo(expected[i]!, 12);
});

test('a later larger value rescales what comes, never what was', () => {
  const features = createHaarFeatures();
  for (let i = 0; i < 40; i++) observeFeatures(features, i % 4);
  expect(features.shares[0]).toBe(1);
  observeFeatures(features, 30);
  observeFeatures(features, 3);
  expect(features.shares[0]).toBeCloseTo(0.1, 12);
});
