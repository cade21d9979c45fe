import { doubtOf, type Measured } from './reliability.ts';

const good: Measured = { confidence: 0.95, coverage: 0.94, accuracy: 0.8, skill: 0.2 };

test.each<[string, Partial<Measured>, string | undefined]>([
  ['good figures', {}, undefined],
  ['an unmeasured forecast', { coverage: undefined, accuracy: undefined }, 'too few forecasts'],
  ['a bound that holds too rarely', { coverage: 0.89 }, 'held in 89.0 % of the windows, 95.0 %'],
  ['a bound that holds always', { coverage: 1 }, undefined],
  ['a median worse than the last value', { skill: -0.1 }, 'the last value was the better forecast'],
  ['hardly worse where nearly nothing moves', { skill: -0.1, accuracy: 0.99 }, undefined],
  ['a series that never moves', { skill: undefined, accuracy: 1 }, undefined],
])('%s are judged for what they are', (_what, change, doubt) => {
  const verdict = doubtOf({ ...good, ...change });
  if (doubt === undefined) expect(verdict).toBeUndefined();
  else expect(verdict).toContain(doubt);
});
