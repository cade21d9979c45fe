import { formatTable } from '../table.ts';
import type { ForecastResult } from './forecast-result.ts';

/** Methods × horizons; with `wide` a table of the series after it. */
export function forecastTable({ summary, series, config }: ForecastResult, wide: boolean): string {
  const header = [
    'FORECAST',
    'STEPS',
    'LOSS/NAIVE',
    'MEDIAN',
    'CLIPPED',
    'WORSE',
    'COVER80',
    '70-90%',
    'DENSE80',
    'DENSE 70-90%',
  ];
  const rows = summary.flatMap(({ name, horizons }) =>
    horizons.map((score) => [
      name,
      String(score.steps),
      number(score.lossOverSeasonalNaive),
      number(score.medianLossOverSeasonalNaive),
      number(score.clippedLossOverSeasonalNaive),
      percent(score.shareWorseThanSeasonalNaive),
      number(score.coverage80),
      percent(score.shareWithin70To90),
      number(score.denseCoverage80 ?? null),
      percent(score.denseShareWithin70To90 ?? null),
    ]),
  );
  const text = formatTable(header, rows);
  if (!wide) return text;
  const perSeries = series.map(({ name, steps, methods }) => {
    const own = methods.find((method) => method.name === 'autonomic')?.horizons ?? [];
    return [
      name,
      String(steps),
      ...config.horizons.flatMap((horizon) => {
        const score = own.find((each) => each.steps === horizon);
        return [number(score?.wql ?? null), number(score?.coverage80 ?? null)];
      }),
    ];
  });
  const columns = config.horizons.flatMap((horizon) => [`WQL ${horizon}`, `COVER80 ${horizon}`]);
  return `${text}\n${formatTable(['SERIES', 'STEPS', ...columns], perSeries)}`;
}

function number(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}

function percent(value: number | null): string {
  return value === null ? '-' : `${Math.round(100 * value)} %`;
}
