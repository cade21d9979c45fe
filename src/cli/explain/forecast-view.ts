import { parseQuantity } from '../../api/quantity.ts';
import type { DecisionStatus } from './explained-policy.ts';
import { labelled } from './layout.ts';
import { figure } from './phrases.ts';

type Forecast = NonNullable<DecisionStatus['forecast']>;
type Part = keyof NonNullable<Forecast['parts']>;

/** In the order in which they are added up. */
const PARTS: Readonly<Record<Part, string>> = {
  newest: 'the newest value',
  level: 'the usual level of the day',
  trend: 'the direction of the last two minutes',
  recent: 'the last hour',
  spread: 'the usual step from value to value',
  season: 'earlier days at this time',
};

/** Parts below this share of the peak change no digit that is shown. */
const LEAST_SHARE = 0.001;

/** What was expected, how surely, and how that is made up. */
export function forecastLines(forecast: Forecast, width: number): readonly string[] {
  const { metric, peak, upper, confidencePercent, confidence, horizonSeconds, parts } = forecast;
  const reliance = confidence === undefined ? '' : `; confidence ${confidence}`;
  const text =
    `${metric} peaks at ${figure(peak)} within ${horizonSeconds} s (median), ` +
    `at ${figure(upper)} or less with ${confidencePercent} %${reliance}`;
  const sum = parts === undefined ? '' : sumText(parts, parseQuantity(peak));
  return [
    ...labelled('Forecast', text, width),
    ...(sum === '' ? [] : labelled('', `made up of ${sum}`, width)),
  ];
}

/** `370 (the newest value) + 5 (earlier days at this time)`; empty when no part is worth naming. */
function sumText(parts: NonNullable<Forecast['parts']>, peak: number): string {
  return (Object.keys(PARTS) as Part[])
    .flatMap((part) => {
      const value = parts[part];
      if (value === undefined || Math.abs(parseQuantity(value)) < LEAST_SHARE * Math.abs(peak)) return [];
      return [
        { negative: parseQuantity(value) < 0, text: `${figure(value.replace('-', ''))} (${PARTS[part]})` },
      ];
    })
    .map(({ negative, text }, index) => {
      if (index === 0) return negative ? `−${text}` : text;
      return `${negative ? '−' : '+'} ${text}`;
    })
    .join(' ');
}
