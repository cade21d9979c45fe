import { contextFixture, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { phpaHoltWinters, phpaLinear } from './phpa.ts';

describe('PHPA', () => {
  it.each([phpaLinear, phpaHoltWinters])(
    '$name wants what the HPA wants while it knows nothing else',
    (contender) => {
      const scaler = contender.create(50, contextFixture());
      expect(scaler.decide(viewFixture({ ready: 4, cpu: 3.6 }))).toBe(8);
    },
  );

  it.each([phpaLinear, phpaHoltWinters])(
    '$name holds its replicas while CPU is not measured',
    (contender) => {
      const scaler = contender.create(50, contextFixture());
      const seen = Array.from({ length: 41 }, (_, index) => scaler.decide(viewFixture({ index, ready: 9 })));
      expect(new Set(seen)).toEqual(new Set([9]));
      expect(scaler.explain?.()).toBe('CPU is not measured');
    },
  );
});

describe('PHPA with linear regression', () => {
  it('orders what a rise is going to need', () => {
    const scaler = phpaLinear.create(50, contextFixture());
    scaler.decide(viewFixture({ ready: 10, cpu: 5 }));
    // 12 replicas by CPU; the line through 10 and 12 is at 13.33 in ten seconds.
    expect(scaler.decide(viewFixture({ index: 1, ready: 10, cpu: 6 }))).toBe(14);
    expect(scaler.explain?.()).toBe('by CPU 12, predicted 14');
  });

  it('does not take less than the HPA in a decrease', () => {
    const scaler = phpaLinear.create(50, contextFixture());
    const seen = Array.from({ length: 21 }, (_, index) =>
      scaler.decide(viewFixture({ index, ready: 20, cpu: index === 0 ? 10 : 4 })),
    );
    expect(seen.slice(19)).toEqual([20, 8]);
  });

  it('remembers nothing of a time without metrics', () => {
    const scaler = phpaLinear.create(50, contextFixture());
    scaler.decide(viewFixture({ ready: 10, cpu: 5 }));
    scaler.decide(viewFixture({ index: 1, ready: 10 }));
    scaler.decide(viewFixture({ index: 2, ready: 10, cpu: 6 }));
    // 10 and 12 are 30 s apart: 12.67 in ten seconds.
    expect(scaler.explain?.()).toBe('by CPU 12, predicted 13');
  });
});

describe('PHPA with Holt-Winters', () => {
  it('decides once a minute', () => {
    const scaler = phpaHoltWinters.create(50, contextFixture());
    const seen = [0, 1, 2, 3, 4].map((index) =>
      scaler.decide(viewFixture({ index, ready: 4, cpu: index === 0 ? 2 : 3.6 })),
    );
    expect(seen).toEqual([4, 4, 4, 4, 8]);
  });

  it('orders on the third day what the days before needed a minute later', () => {
    const scaler = phpaHoltWinters.create(50, contextFixture());
    const minute = (day: number, time: number, cpu: number): number =>
      scaler.decide(viewFixture({ index: 4 * (1440 * day + time), ready: 10, cpu }));
    for (let day = 0; day < 2; day += 1) {
      for (let time = 0; time < 1440; time += 1) minute(day, time, time >= 600 && time < 700 ? 10 : 5);
    }
    for (let time = 0; time < 598; time += 1) minute(2, time, 5);
    expect(minute(2, 598, 5)).toBe(10);
    expect(minute(2, 599, 5)).toBeGreaterThan(18);
    expect(scaler.explain?.()).toMatch(/^by CPU 10, predicted (19|20)$/);
  });
});
