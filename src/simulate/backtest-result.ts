import type { PolicySpec } from '../api/policy-spec.ts';
import type { HourTotals } from './hours.ts';
import type { RecordedDecision, RecordedSeries } from './simulation-run.ts';
import type { SimulationConfig } from './simulation-config.ts';

/**
 * The document that `backtest -o json` prints, and all that table and page are made from. Stable: fields are added,
 * never renamed (docs/backtest.md). Times in seconds unless the name says otherwise; shares 0 … 1.
 */
export interface BacktestResult {
  readonly config: BacktestConfig;
  readonly traces: readonly TraceResult[];
  readonly summary: readonly ContenderSummary[];
  /** Present when the run was interrupted: what is missing. */
  readonly partial?: { readonly done: number; readonly planned: number; readonly message: string };
}

export interface BacktestConfig extends SimulationConfig {
  /** Start of each trace that tunes and teaches and is not scored. */
  readonly warmupSeconds: number;
  readonly contenders: readonly string[];
  /** The policy that `autonomic` follows; its own defaults when absent. */
  readonly policy?: PolicySpec;
  /** What of that policy the simulated world has otherwise, in sentences; absent when nothing. */
  readonly simplifications?: readonly string[];
  /** Of one replica for one hour, in the user's currency. */
  readonly replicaHourPrice?: number;
  /** Version of the program, which does not enter the hash: SHA-256 of all the rest, as canonical JSON. */
  readonly version: string;
  readonly hash: string;
}

export interface TraceResult {
  readonly name: string;
  /** Traces of one origin are not independent: the bootstrap draws whole groups. */
  readonly group: string;
  /** SHA-256 of the samples as they were used. */
  readonly digest: string;
  readonly startAt: string;
  readonly days: number;
  /** The part at the start that tuned and taught: as configured, and at most 40 % of a short trace. */
  readonly warmupSeconds: number;
  /** What was multiplied to reach the configured peak: requests per second for each unit of the trace. */
  readonly scale: number;
  /** Rows that were left out at the user's wish, and gaps that straight lines bridge. */
  readonly skippedRows: number;
  readonly gapSeconds: number;
  readonly contenders: readonly ContenderResult[];
}

export interface ContenderResult {
  readonly name: string;
  /** The value chosen on the warm-up, and what it is; absent where nothing was chosen. */
  readonly knob?: number;
  readonly knobName?: string;
  readonly replicaSeconds: number;
  /** R. */
  readonly costOverOracle: number;
  /** V: requests that waited too long or were turned away. */
  readonly badRequestShare: number;
  /** W: five-minute windows with a larger share than the objective's. */
  readonly badWindowShare: number;
  readonly actionsPerDay: number;
  readonly meetsTarget: boolean;
  /** SPEC elasticity: shortage and surplus relative to need (θ) and share of time in each (τ), instability is actions. */
  readonly elasticity: {
    readonly underAccuracy: number;
    readonly overAccuracy: number;
    readonly underTimeShare: number;
    readonly overTimeShare: number;
  };
  /** The same knob's whole curve on the scored part, cheapest to safest; only with `--frontier`. */
  readonly frontier?: readonly FrontierPoint[];
  /** Cost over the oracle and share of slow requests of each whole day, from the first scored one. */
  readonly daily: readonly DayResult[];
  /** The same for the warm-up after the settling days: what learning cost. */
  readonly warmupDaily: readonly DayResult[];
  /** The whole hours of the scored part, slow requests in tenths. */
  readonly hourly: HourTotals;
  readonly series?: RecordedSeries;
  readonly changes?: readonly RecordedDecision[];
}

export interface FrontierPoint {
  readonly knob: number;
  readonly costOverOracle: number;
  readonly badRequestShare: number;
}

export interface DayResult {
  readonly costOverOracle: number;
  readonly badRequestShare: number;
}

export interface ContenderSummary {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly traces: number;
  readonly medianCostOverOracle: number;
  readonly meanCostOverOracle: number;
  readonly shareMeetingTarget: number;
  readonly medianBadRequestShare: number;
  readonly medianBadWindowShare: number;
  readonly medianActionsPerDay: number;
  /** Of the median cost over the oracle: bootstrap over groups of traces. Absent with one group: it would say nothing. */
  readonly interval95?: readonly [number, number];
  /** `autonomic` against this contender, paired by trace; absent for itself and the oracle. */
  readonly comparison?: Comparison;
}

export interface Comparison {
  /** Median over traces of autonomic's cost ÷ this contender's, with its bootstrap interval (absent with one group). */
  readonly costRatio: number;
  readonly interval95?: readonly [number, number];
  /** Share of the traces on which autonomic met the objective and this one did not, and the reverse. */
  readonly onlyAutonomicMeets: number;
  readonly onlyThisMeets: number;
  /**
   * Share of the hours of all traces in which autonomic was worse in both respects: at least one slow request more, and
   * not cheaper; and in which it was this contender. Absent when no whole hour was scored.
   */
  readonly hoursWorse?: number;
  readonly hoursBetter?: number;
  /**
   * Two-sided, for "as expensive as this one", adjusted by Holm over all contenders: sign flips of whole groups, so that
   * with g groups nothing below 2 ÷ 2^g can come out. Absent with one group.
   */
  readonly pValue?: number;
}
