import {
  beginMinute,
  createRecentSurprises,
  noteSurprise,
  RECENT_MINUTES,
  surprisesOf,
  wasUnusual,
  type RecentSurprises,
} from './recent-surprises.ts';

function noted(minutes: readonly number[]): RecentSurprises {
  const recent = createRecentSurprises(2);
  for (const minute of minutes) {
    beginMinute(recent, minute);
    noteSurprise(recent, 1, minute);
  }
  return recent;
}

const known = (recent: RecentSurprises): number[] => [...surprisesOf(recent, 1)].filter((each) => each >= 0);

test('the last minutes of each signal are kept, the newest last', () => {
  const recent = noted(Array.from({ length: 40 }, (_, i) => 100 + i));
  expect([...surprisesOf(recent, 1)]).toEqual(Array.from({ length: RECENT_MINUTES }, (_, i) => 124 + i));
  expect(surprisesOf(recent, 0).every(Number.isNaN)).toBe(true);
});

test.each([
  ['a gap is not known', [100, 101, 105], [100, 101, 105]],
  ['a long gap leaves nothing', [100, 101, 130], [130]],
  ['a clock that steps back leaves nothing', [100, 101, 90], [90]],
])('%s', (_, minutes, expected) => {
  expect(known(noted(minutes))).toEqual(expected);
});

test.each([
  ['in the newest minute', 7, 0, true],
  ['lower than usual', -7, 0, true],
  ['in the oldest that is asked for', 7, 2, true],
  ['before that', 7, 3, false],
  ['by less', 4.9, 0, false],
])('whether a signal was unusual in the last three minutes: %s', (...row) => {
  const [, surprise, minutesAgo, expected] = row;
  const recent = createRecentSurprises(2);
  for (let minute = 100; minute <= 107; minute += 1) {
    beginMinute(recent, minute);
    if (minute === 107 - minutesAgo) noteSurprise(recent, 1, surprise);
  }
  expect(wasUnusual(recent, 5, 3)).toBe(expected);
});
