import { contextFixture, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { kpa } from './kpa.ts';

interface Situation {
  readonly ready: number;
  /** Requests per second over the stable and the panic window. */
  readonly stable?: number | undefined;
  readonly panic?: number | undefined;
}

/** Answers at a target of 7 requests per second: one decision each 15 s. */
function answers(situations: readonly Situation[]): number[] {
  const scaler = kpa.create(70, contextFixture());
  return situations.map(({ ready, stable, panic }, index) => {
    const demand = (seconds: number) => (seconds === 60 ? stable : seconds === 15 ? panic : undefined);
    return scaler.decide(viewFixture({ index, ready, demand }));
  });
}

describe('Knative pod autoscaler', () => {
  it.each<[string, readonly Situation[], number]>([
    [
      'follows the stable window',
      [
        { ready: 1, stable: 7, panic: 7 },
        { ready: 3, stable: 28, panic: 30 },
      ],
      4,
    ],
    [
      'does not panic below twice its pods',
      [
        { ready: 1, stable: 7, panic: 7 },
        { ready: 3, stable: 21, panic: 35 },
      ],
      3,
    ],
    [
      'panics at twice its pods',
      [
        { ready: 1, stable: 7, panic: 7 },
        { ready: 3, stable: 21, panic: 42 },
      ],
      6,
    ],
    ['takes the stable window in panic when it asks for more', [{ ready: 1, stable: 70, panic: 14 }], 10],
    [
      'goes down by half at most',
      [
        { ready: 1, stable: 7, panic: 7 },
        { ready: 9, stable: 7, panic: 7 },
      ],
      4,
    ],
    ['holds while nothing is measured', [{ ready: 5 }], 5],
    ['holds while the panic window is not measured', [{ ready: 5, stable: 70 }], 5],
  ])('%s', (_, situations, expected) => {
    expect(answers(situations).at(-1)).toBe(expected);
  });

  it('never goes down in panic, and leaves it a stable window after the last time over the threshold', () => {
    const calm = { ready: 4, stable: 14, panic: 14 };
    const seen = answers([{ ready: 2, stable: 14, panic: 28 }, calm, calm, calm, calm, calm, calm]);
    // 60 s later is not yet after it.
    expect(seen).toEqual([4, 4, 4, 4, 4, 2, 2]);
  });

  it('starts in panic beside several pods, so as not to drop them before it knows the load', () => {
    const calm = { ready: 6, stable: 14, panic: 14 };
    expect(answers([calm, calm, calm, calm, calm, calm])).toEqual([6, 6, 6, 6, 6, 3]);
  });
});
