/** One source's wish, before any guard. `Reactive`: the metric as just measured. `Forecast`: its predicted peak. */
export interface Proposal {
  readonly source: 'Reactive' | 'Forecast';
  readonly metric: string;
  readonly replicas: number;
  /** The arithmetic in words with its numbers: "ceil(412 ÷ 50) = 9". */
  readonly detail: string;
}
