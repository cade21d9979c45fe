import { contextFixture } from '../../../test/support/scaler-fixtures.ts';
import { probabilityOfWaitBeyond } from '../../loop/plan/erlang-c.ts';
import { erlangReplicas } from './erlang-replicas.ts';

const slow = (rate: number, servers: number) =>
  probabilityOfWaitBeyond({ arrivalRate: rate, serviceRate: 10, servers }, 0.3);

describe('least replicas within the objective', () => {
  it.each([0, 0.1, 1, 10, 55, 100, 399.9, 400, 1234])(
    'for %p requests per second: one fewer is too few',
    (rate) => {
      const servers = erlangReplicas(rate, contextFixture());
      expect(slow(rate, servers)).toBeLessThanOrEqual(0.01);
      if (servers > 1) expect(slow(rate, servers - 1)).toBeGreaterThan(0.01);
    },
  );

  it('never exceeds the upper bound', () => {
    expect(erlangReplicas(1e6, contextFixture({ bounds: { minReplicas: 1, maxReplicas: 30 } }))).toBe(30);
  });
});
