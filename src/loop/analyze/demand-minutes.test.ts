import { createArena } from './peak/arena.ts';
import { createPeakForecaster } from './peak/forecaster-state.ts';
import { createSevenDays, storeInDays } from './peak/seven-days.ts';
import { demandMinutes } from './demand-minutes.ts';

const WEEK = 7 * 1440;

/** What a minute has: such small whole numbers are kept exactly. */
const valueOf = (minute: number): number => minute % 500;

/** Seven days, filled from one minute to another. */
function filled(from: number, to: number, left: readonly number[] = []) {
  const days = createSevenDays(createArena(60_000));
  for (let minute = from; minute <= to; minute++) {
    if (!left.includes(minute))
      for (let bin = 0; bin < 4; bin++) storeInDays(days, 4 * minute + bin, valueOf(minute));
  }
  return { days };
}

describe('the minutes that a forecaster remembers', () => {
  test('are those of the last seven days, oldest first, without the one that is not over', () => {
    const last = 3 * WEEK + 777;
    const minutes = demandMinutes(filled(WEEK, last));
    expect(minutes).toHaveLength(WEEK);
    expect([...minutes]).toEqual(Array.from({ length: WEEK }, (_, i) => valueOf(last - WEEK + i)));
  });

  test('are unknown where nothing was measured', () => {
    const minutes = demandMinutes(filled(5000, 5010, [5004, 5005]));
    expect([...minutes.slice(-12)]).toEqual([NaN, NaN, 0, 1, 2, 3, NaN, NaN, 6, 7, 8, 9]);
  });

  test.each([
    ['nothing was measured yet', createPeakForecaster('Full')],
    ['the tier does not remember minutes', createPeakForecaster('Light')],
  ])('are none when %s', (_, forecaster) => {
    expect(demandMinutes(forecaster)).toHaveLength(0);
  });
});
