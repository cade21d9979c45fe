import { normal, seededRandom } from '../../../simulate/random.ts';
import { pathEnsemble } from './path-ensemble.ts';
import { advancePath, createPathForecaster, observePath, type PathForecaster } from './path-forecaster.ts';
import { pathQuantiles } from './path-quantiles.ts';
import { PATH_BIN_MS, PATH_BINS_PER_DAY, type PathTier } from './path-shape.ts';
import { pathSeasons } from './seasonality.ts';

const DAY = PATH_BINS_PER_DAY;

function fed(tier: PathTier, days: number, valueOf: (bin: number, noise: number) => number): PathForecaster {
  const forecaster = createPathForecaster(tier);
  const random = seededRandom(11);
  for (let bin = 0; bin < days * DAY; bin++) {
    observePath(forecaster, bin * PATH_BIN_MS, Math.max(0, valueOf(bin, normal(random))));
  }
  advancePath(forecaster, days * DAY * PATH_BIN_MS);
  return forecaster;
}

const wave = (bin: number, period: number): number => Math.sin((2 * Math.PI * bin) / period);
const HOUR_AHEAD = { horizonSeconds: 3600 };

describe.each(['Full', 'Light'] as const)('the ensemble, %s', (tier) => {
  test('says what it is made of: weights that sum to 1, predictions around the combined value', () => {
    const forecaster = fed(tier, 4, (bin, noise) => 100 + 40 * wave(bin, DAY) + 3 * noise);
    const ensemble = pathEnsemble(forecaster, HOUR_AHEAD)!;
    expect(ensemble.combined).toBe(pathQuantiles(forecaster, HOUR_AHEAD, [0.5])![0]);
    expect(ensemble.experts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    const predictions = ensemble.experts.map(({ prediction }) => prediction);
    expect(ensemble.combined).toBeGreaterThan(Math.min(...predictions) - 5);
    expect(ensemble.combined).toBeLessThan(Math.max(...predictions) + 5);
    expect(ensemble.variance).toBeGreaterThan(0);
    expect(ensemble.history.length).toBe(3);
    for (const { coverage } of ensemble.history) expect(Math.abs(coverage - 0.8)).toBeLessThan(0.2);
  });

  test('is silent in the first hour, unsure in the first day, and does not swagger over noise', () => {
    expect(
      pathEnsemble(
        fed(tier, 1 / 48, () => 5),
        HOUR_AHEAD,
      ),
    ).toBeUndefined();
    const young = pathEnsemble(
      fed(tier, 0.5, (bin, noise) => 50 + wave(bin, DAY) + noise),
      HOUR_AHEAD,
    )!;
    expect(young.confidence).toBe('Low');
    expect(young.accuracy).toBeUndefined();
    const noise = pathEnsemble(
      fed(tier, 5, (_, each) => 100 + 20 * each),
      HOUR_AHEAD,
    )!;
    expect(['Low', 'Medium', 'High']).toContain(noise.confidence);
  });

  test('is sure of itself where its intervals held and it beat the pattern of the day', () => {
    const random = seededRandom(3);
    let level = 0;
    const forecaster = fed(tier, 6, (bin) => {
      level = 0.995 * level + normal(random);
      return 100 + 30 * wave(bin, DAY) + level;
    });
    const { confidence, accuracy } = pathEnsemble(forecaster, HOUR_AHEAD)!;
    expect(accuracy!.skill).toBeGreaterThan(0.3);
    expect(['High', 'VeryHigh']).toContain(confidence);
  });
});

test('an expert that is left out has no part, and without aggregation all weights stay equal', () => {
  const forecaster = createPathForecaster('Full', ['profile', 'aggregation']);
  for (let bin = 0; bin < 3 * DAY; bin++)
    observePath(forecaster, bin * PATH_BIN_MS, 100 + 40 * wave(bin, DAY) + (bin % 7));
  const { experts } = pathEnsemble(forecaster, HOUR_AHEAD)!;
  expect(experts.map(({ expert }) => expert)).not.toContain('profile');
  for (const { weight } of experts) expect(weight).toBeCloseTo(1 / experts.length, 5);
});

describe('seasons', () => {
  test.each([
    ['noise', (_bin: number, noise: number) => 50 + 10 * noise, []],
    ['a constant', () => 5, []],
    ['a straight rise', (bin: number) => 5 + bin / 50, []],
    ['a day', (bin: number, noise: number) => 100 + 40 * wave(bin, DAY) + 2 * noise, [86_400]],
    ['half a day', (bin: number, noise: number) => 100 + 40 * wave(bin, DAY / 2) + 2 * noise, [43_200]],
    ['an hour', (bin: number, noise: number) => 100 + (bin % 12 === 0 ? 40 : 0) + 2 * noise, [3600]],
    ['half an hour', (bin: number, noise: number) => 100 + (bin % 6 === 0 ? 40 : 0) + 2 * noise, [1800]],
  ])('of %s', (_what, valueOf, expected) => {
    const seasons = pathSeasons(fed('Full', 7, valueOf));
    const shortest = (seconds: number): number => expected.find((each) => seconds % each === 0) ?? seconds;
    expect([...new Set(seasons.map(({ periodSeconds }) => shortest(periodSeconds)))]).toEqual(expected);
    for (const { gain } of seasons) expect(gain).toBeGreaterThan(0.02);
  });

  test('a week is one when last week tells more than the days', () => {
    const weekend = (bin: number): number => (Math.floor(bin / DAY) % 7 >= 5 ? 0.3 : 1);
    const forecaster = fed(
      'Full',
      22,
      (bin, noise) => weekend(bin) * (100 + 40 * wave(bin, DAY)) + 2 * noise,
    );
    expect(pathSeasons(forecaster).map(({ periodSeconds }) => periodSeconds)).toContain(604_800);
  });
});
