import type { EvaluationOptions, SeriesScore } from './evaluate-series.ts';
import type { MethodSummary } from './summary.ts';

/** What `-o json` prints. */
export interface ForecastResult {
  readonly config: EvaluationOptions;
  readonly series: readonly SeriesScore[];
  readonly summary: readonly MethodSummary[];
}
