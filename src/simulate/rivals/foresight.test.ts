import { contextFixture, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { oracleContender } from './foresight.ts';

describe('the oracle', () => {
  const needed = [1, 1, 1, 1, 5, 1, 2, 1];
  const answers = (startupSeconds: number) => {
    const scaler = oracleContender(needed).create(0, contextFixture({ startupSeconds }));
    return needed.map((_, index) => scaler.decide(viewFixture({ index })));
  };

  it('orders as early as slow starts need, and gives back at once', () => {
    // 2.54 × 10 s are two decisions, and one more until it can be ordered again.
    expect(answers(10)).toEqual([1, 5, 5, 5, 5, 2, 2, 1]);
  });

  it('orders earlier for a slower start', () => {
    expect(answers(15)).toEqual([5, 5, 5, 5, 5, 2, 2, 1]);
  });

  it('holds its replicas after the end of what it knows', () => {
    const scaler = oracleContender([3]).create(0, contextFixture());
    expect(scaler.decide(viewFixture({ index: 1, ready: 8 }))).toBe(8);
  });
});
