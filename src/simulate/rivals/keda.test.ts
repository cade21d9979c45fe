import { contextFixture, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { keda } from './keda.ts';

describe('KEDA on requests', () => {
  it.each([
    ['ceil(100 ÷ 5)', 12, 0, 100, 20],
    ['starting replicas count as replicas: 60 ÷ 5 is what there is', 6, 6, 60, 12],
    ['65 ÷ 5 is within a tenth of 12', 12, 0, 65, 12],
    ['a decrease waits', 12, 0, 10, 12],
    ['no load is a load', 1, 0, 0, 1],
  ])('%s', (...row) => {
    const [, ready, starting, demand, expected] = row;
    const scaler = keda.create(50, contextFixture());
    expect(scaler.decide(viewFixture({ ready, starting, demand }))).toBe(expected);
  });

  it('scales down when five minutes have asked for it', () => {
    const scaler = keda.create(50, contextFixture());
    const seen = Array.from({ length: 21 }, (_, index) =>
      scaler.decide(viewFixture({ index, ready: 12, demand: 10 })),
    );
    expect(seen.slice(19)).toEqual([12, 2]);
  });

  it('holds its replicas while requests are not measured, however long', () => {
    const scaler = keda.create(50, contextFixture());
    const seen = Array.from({ length: 41 }, (_, index) => scaler.decide(viewFixture({ index, ready: 12 })));
    expect(new Set(seen)).toEqual(new Set([12]));
    expect(scaler.explain?.()).toBe('requests are not measured');
  });
});
