import { rewardOfLoss, rewardVarianceOfLoss } from './loss-reward.ts';

test.each([
  ['the clairvoyant’s cost', 1, 1],
  ['less than that', 0.9, 1],
  ['in the middle', 4.5, 0.5],
  ['the most that counts', 8, 0],
  ['more than that', 30, 0],
])('a loss that is %s', (_, loss, reward) => {
  expect(rewardOfLoss(loss)).toBeCloseTo(reward, 12);
});

test('a loss that is unknown stays so', () => {
  expect(rewardOfLoss(NaN)).toBeNaN();
});

test('a deviation of one loss is a seventh of a reward', () => {
  expect(Math.sqrt(rewardVarianceOfLoss(1))).toBeCloseTo(1 / 7, 12);
});
