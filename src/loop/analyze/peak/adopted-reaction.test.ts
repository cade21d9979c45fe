import { createAdoptedReaction, followReaction, wantedReaction } from './adopted-reaction.ts';

const NOW = Date.UTC(2026, 0, 5);

function wanted(startupSeconds: number, ageSeconds = 30, lagSeconds = 0, maxReach = 240) {
  return wantedReaction({ now: NOW, startupSeconds, lagSeconds }, NOW - 1000 * ageSeconds, maxReach);
}

test.each([
  [20, 30, 0, { lagBins: 3, up: { from: 1, to: 3 } }],
  [20, 0, 0, { lagBins: 1, up: { from: 1, to: 3 } }],
  [120, 3.5, 0, { lagBins: 1, up: { from: 8, to: 10 } }],
  [120, 4, 0, { lagBins: 2, up: { from: 8, to: 10 } }],
  [120, 18, 0, { lagBins: 2, up: { from: 8, to: 10 } }],
  [60, 20, 30, { lagBins: 4, up: { from: 4, to: 6 } }],
  [60, -5, 0, { lagBins: 1, up: { from: 4, to: 6 } }],
  [1e9, 30, 0, { lagBins: 3, up: { from: 235, to: 237 } }],
  [60, 1e9, 0, { lagBins: 120, up: { from: 4, to: 6 } }],
])('a start-up of %d s with data %d s old and %d s late', (startup, age, lag, { lagBins, up }) => {
  expect(wanted(startup, age, lag)).toEqual({ lagBins, ...up });
});

/** After how many samples another reaction is followed; Infinity when not within 1,000. */
function samplesUntil(from: number, to: number, age = 30): number {
  const adopted = createAdoptedReaction();
  followReaction(adopted, wanted(from), true);
  for (let i = 1; i <= 1000; i++) if (followReaction(adopted, wanted(to, age), true)) return i;
  return Infinity;
}

test.each([
  ['the same start-up', 60, 61, Infinity],
  ['a start-up that doubles', 60, 120, 20],
  ['a start-up that is a little slower', 120, 135, 240],
])('%s', (_what, from, to, samples) => {
  expect(samplesUntil(from, to)).toBe(samples);
});

test('the first live sample decides at once, and one that differs now and then is not followed', () => {
  const adopted = createAdoptedReaction();
  followReaction(adopted, wanted(60, 15), false);
  expect(followReaction(adopted, wanted(300), true)).toBe(true);
  for (let i = 0; i < 1000; i++) {
    const changed = followReaction(adopted, wanted(i % 10 === 0 ? 60 : 300), true);
    expect(changed).toBe(false);
  }
});
