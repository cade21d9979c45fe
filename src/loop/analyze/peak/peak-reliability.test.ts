import { confidenceOf, doubtOf } from './peak-reliability.ts';
import { createPeakScore, measuredOf, scorePeak } from './peak-score.ts';

test.each([
  ['nothing measured', {}, /too few/],
  ['good coverage and skill', { coverage: 0.95, skill: 0.3, accuracy: 0.8 }, undefined],
  ['a bound that holds too seldom', { coverage: 0.89, skill: 0.3, accuracy: 0.95 }, /held in 89.0 %/],
  ['no skill where much moves', { coverage: 0.95, skill: -0.2, accuracy: 0.5 }, /skill -20.0 %/],
  ['no skill where nearly nothing moves', { coverage: 0.95, skill: -0.2, accuracy: 0.99 }, undefined],
  ['nothing that ever moves', { coverage: 1, accuracy: 1 }, undefined],
])('%s', (_what, { coverage, skill, accuracy }: Partial<ReturnType<typeof measuredOf>>, doubt) => {
  const found = doubtOf({ coverage, skill, accuracy });
  if (doubt === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(doubt);
});

const GOOD = { coverage: 0.95, skill: 0.3, accuracy: 0.9, relativeWidth: 0.05, days: 5 };

test.each([
  ['narrow, well covered, five days', {}, 'VeryHigh'],
  ['a day and a half', { days: 1.5 }, 'High'],
  ['wider', { relativeWidth: 0.2 }, 'High'],
  ['as wide as half the demand', { relativeWidth: 0.5 }, 'Medium'],
  ['wider than that', { relativeWidth: 0.6 }, 'Low'],
  ['covered a little too seldom', { coverage: 0.91 }, 'Medium'],
  ['covered too seldom', { coverage: 0.8 }, 'Low'],
  ['covered always', { coverage: 1 }, 'VeryHigh'],
  ['its first day', { days: 0.9 }, 'Low'],
])('confidence in a forecast: %s', (_what, change, confidence) => {
  expect(confidenceOf({ ...GOOD, ...change })).toBe(confidence);
});

test('a score knows how often bounds held and whether they were worth it', () => {
  const score = createPeakScore();
  for (let i = 0; i < 1000; i++) {
    scorePeak(score, {
      peak: i % 20 === 0 ? 130 : 110,
      point: 111,
      bound: 120,
      newest: i % 2 === 0 ? 50 : 100,
      bins: 1,
    });
  }
  const { coverage, skill, accuracy } = measuredOf(score);
  expect(coverage).toBeCloseTo(0.95, 2);
  expect(skill).toBeGreaterThan(0.5);
  expect(accuracy).toBeCloseTo(1 - 1.9 / 111, 2);
});
