import { createPeakForecaster } from './forecaster-state.ts';
import { observePeakDemand } from './forecaster.ts';
import { peakForecast } from './peak-forecast.ts';
import { createPlausibility, judgeValue, plausibleLimit, type Verdict } from './plausible.ts';

describe('a value', () => {
  test.each<[string, number, readonly number[], Verdict]>([
    ['of a series without a record is plausible up to a billion', 0, [1e9], 'Plausible'],
    ['beyond that is not believed at once', 0, [1.1e9], 'Suspect'],
    ['is plausible up to ten times the record', 7, [70], 'Plausible'],
    ['beyond ten times the record is suspect', 7, [71], 'Suspect'],
    ['beyond it is a new level when it comes three times', 7, [71, 80, 90], 'Lasting'],
    ['that is believed clears those before it', 7, [71, 80, 7, 90], 'Suspect'],
    ['after a trace of a load is as plausible as a first one', 5e-324, [1e9], 'Plausible'],
  ])('%s', (_, record, values, expected) => {
    const plausibility = { ...createPlausibility(), record };
    const verdicts = values.map((value, bin) => judgeValue(plausibility, value, { bin, decay: 1 }));
    expect(verdicts.at(-1)).toBe(expected);
  });

  test('that lasts is the new record, the least of its kind', () => {
    const plausibility = { ...createPlausibility(), record: 7 };
    for (const [bin, value] of [90, 71, 80].entries()) judgeValue(plausibility, value, { bin, decay: 1 });
    expect(plausibility).toMatchObject({ record: 71, suspects: 0 });
    expect(plausibleLimit(plausibility)).toBe(710);
  });
});

test.each(['Full', 'Light'] as const)(
  'traces of a load teach the %s forecaster no scale: its forecast stays a number',
  (tier) => {
    const forecaster = createPeakForecaster(tier);
    const reaction = (now: number) => ({ now, startupSeconds: 60, lagSeconds: 0 });
    for (let bin = 1; bin <= 40; bin++) {
      const at = bin * 15_000;
      const value = bin <= 2 ? 5e-324 : bin <= 12 ? 1e-15 : 50;
      observePeakDemand(forecaster, { at, value }, reaction(at));
      const forecast = peakForecast(forecaster, reaction(at));
      if (!('absent' in forecast)) expect(forecast.up.every(Number.isFinite)).toBe(true);
    }
    expect(peakForecast(forecaster, reaction(600_000))).not.toHaveProperty('absent');
    expect(forecaster.plausibility.record).toBeCloseTo(50, 1);
  },
);
