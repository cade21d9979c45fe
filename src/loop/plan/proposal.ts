/**
 * One source's wish, before any guard. `Reactive`: the metric as just measured. `Forecast`: its predicted peak. `Policy`: what
 * the way to scale asks for that was selected.
 */
export interface Proposal {
  readonly source: 'Reactive' | 'Forecast' | 'Policy';
  readonly metric: string;
  readonly replicas: number;
  /** The arithmetic in words with its numbers: "ceil(412 ÷ 50) = 9". */
  readonly detail: string;
}
