import type { PolicySpec } from '../../api/policy-spec.ts';
import type { ContenderResult } from '../../simulate/backtest-result.ts';
import type { SimulationConfig } from '../../simulate/simulation-config.ts';
import type { Trace } from '../../simulate/trace-demand.ts';

/** What all jobs of a run have in common. */
export interface JobSetup {
  readonly config: SimulationConfig;
  readonly warmupSeconds: number;
  /** For the contender `autonomic`, in the units of the simulated world. */
  readonly policy?: PolicySpec;
  readonly frontier: boolean;
  readonly record: boolean;
}

/** One contender on one trace. Plain data: it travels to a worker thread. */
export interface Job {
  readonly setup: JobSetup;
  readonly trace: Trace & { readonly name: string };
  readonly contender: string;
}

export type JobResult = ContenderResult;
