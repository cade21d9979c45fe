import type { PodView } from '../loop/monitor/observation.ts';
import type { Random } from './random.ts';

/**
 * What has been measured, as old as the metric path makes it: nothing here shows anything later than `until`.
 * Unknown is undefined and never 0.
 */
export interface Measurements {
  /** End of the measured time, ms since the epoch. */
  readonly until: number;
  /**
   * Mean requests per second that arrived in the `seconds` before `until`; they do not saturate. Undefined while
   * nothing is measured (blackout), and before that much time has passed.
   */
  demand(seconds: number): number | undefined;
  /** Mean cores at work in all replicas together, in the same time; saturates at the ready replicas. */
  cpu(seconds: number): number | undefined;
  /** Counters since the beginning, as of `until`. */
  readonly requests: number;
  /** Of them, those that waited longer than the objective allows or were turned away. */
  readonly slowRequests: number;
}

/** What a scaler sees when it decides. */
export interface ScalerView {
  /** Ms since the epoch. */
  readonly now: number;
  /** Number of this decision, from 0; one every `decisionSeconds`. */
  readonly index: number;
  /** Replicas asked for: ready + starting. */
  readonly replicas: number;
  readonly ready: number;
  readonly starting: number;
  readonly measured: Measurements;
  /** The same, younger, for a scaler that reads its pods' own counters of requests at each decision. */
  readonly scraped: Measurements;
  /** The ready and the starting pods, oldest first, each with a CPU request of one core. The same array until one changes. */
  readonly pods: readonly PodView[];
}

/** A way to decide on replicas, with its memory. */
export interface Scaler {
  /** Replicas wanted now, a whole number; the world keeps it within the bounds. */
  decide(view: ScalerView): number;
  /** The write of the last decision was refused by the API server. */
  refused?(view: ScalerView): void;
  /** Why the last decision was taken, in one sentence; for the report. */
  explain?(): string;
  /** What demand was expected to stay below at the last decision, requests per second; undefined when nothing was. */
  bound?(): number | undefined;
}

/** What is known before the simulation begins. */
export interface ScalerContext {
  /** Ms since the epoch of the first decision. */
  readonly startAt: number;
  readonly decisionSeconds: number;
  /** μ: requests per second that one replica completes; a request costs 1/μ core-seconds, a replica has one core. */
  readonly serviceRate: number;
  readonly objective: { readonly waitSeconds: number; readonly slowShare: number };
  /** Median time from a pod's creation until it serves, as a person would configure it. */
  readonly startupSeconds: number;
  readonly bounds: { readonly minReplicas: number; readonly maxReplicas: number };
  /**
   * Requests per second measured during the warm-up, one value for each `decisionSeconds`: for contenders that
   * somebody sizes by hand at the end of it, and for nobody else.
   */
  readonly warmup: Float64Array;
  readonly random: Random;
}

/** One kind of scaler with the setting that its user has to choose. */
export interface Contender {
  /** As in `--rivals`: lower case with hyphens. */
  readonly name: string;
  /** For people: `HPA on CPU`. */
  readonly title: string;
  /** Where its rules and defaults are written down, with the version. */
  readonly source: string;
  /**
   * The setting that is tuned on the warm-up: what it is, and the values that are tried, cheapest to safest. One value
   * means that nothing is tuned.
   */
  readonly knob: { readonly name: string; readonly values: readonly number[] };
  /** Another age of the metrics than everybody's, seconds; only to show what fresher metrics would be worth. */
  readonly metricAgeSeconds?: number;
  create(knob: number, context: ScalerContext): Scaler;
}
