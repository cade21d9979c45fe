import { RecentIds } from './recent-ids.ts';

test('what comes again is told apart from what is new, and the oldest are forgotten', () => {
  const ids = new RecentIds();
  expect([ids.add('a'), ids.add('a')]).toEqual([true, false]);
  for (let count = 0; count < 16_384; count += 1) ids.add(String(count));
  expect(ids.add('16383')).toBe(false);
  expect(ids.add('a')).toBe(true);
});
