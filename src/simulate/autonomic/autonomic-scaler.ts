import type { PolicySpec } from '../../api/policy-spec.ts';
import { isForecast } from '../../loop/analyze/analyze.ts';
import type { Environment } from '../../loop/event.ts';
import type { Decision } from '../../loop/execute/decision.ts';
import type { Effect } from '../../loop/execute/effect.ts';
import type {
  MetricObservation,
  Observation,
  RequestObservation,
  TargetView,
} from '../../loop/monitor/observation.ts';
import { USUAL_WINDOW_SECONDS } from '../../loop/knowledge/situations/window-grid.ts';
import { missing, type Reading } from '../../loop/monitor/reading.ts';
import type { LoopEffect } from '../../loop/loop-effect.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { LoopReport } from '../../loop/report.ts';
import { createPolicyState, type PolicyState } from '../../loop/state.ts';
import { step } from '../../loop/step.ts';
import { podCpuUsage } from '../rivals/pod-cpu.ts';
import type { Measurements, Scaler, ScalerContext, ScalerView } from '../scaler.ts';

/** What the metrics path averages over, for every contender alike. */
const AVERAGED_SECONDS = 30;

/** The objective's requests are read as fresh as they can be: the rate of one scrape interval. */
const REQUESTS_SECONDS = 15;

/** The operator's own default. */
const OUTCOME_WINDOW_SECONDS = 600;

const UID = 'simulated';

/** For whoever leaves a part out, or looks on. */
export interface Hooks {
  /** Sees the memory before each turn, and may change it. */
  readonly before?: (state: PolicyState) => void;
  readonly after?: (turn: Turn) => void;
}

/** What went into one turn and what came out. */
export interface Turn {
  readonly observation: Observation;
  readonly environment: Environment;
  readonly report: LoopReport | undefined;
  readonly effects: readonly LoopEffect[];
}

/**
 * The loop itself as a contender: the same `step()` that decides live, with everything around it answered at once.
 * A write takes effect like everybody's; that it was accepted or refused is told before the next tick.
 */
export class AutonomicScaler implements Scaler {
  readonly #policy: PolicyView;
  readonly #tickSeconds: number;
  readonly #hooks: Hooks;
  #state: PolicyState;
  #sent: Decision | undefined;
  #refused = false;
  #annotation: string | undefined;
  #why = '';
  #bound: number | undefined;
  /** The counters at the last decision. */
  readonly #total = createCount();
  readonly #bad = createCount();

  constructor(spec: PolicySpec, { startAt, decisionSeconds }: ScalerContext, hooks: Hooks = {}) {
    this.#hooks = hooks;
    this.#policy = policyOf(spec, startAt);
    this.#tickSeconds = decisionSeconds;
    this.#state = createPolicyState(this.#policy, startAt);
  }

  decide(view: ScalerView): number {
    const environment = this.#environment(view);
    this.#settle(view, environment);
    const observation = this.#observe(view);
    this.#hooks.before?.(this.#state);
    const result = step(this.#state, { type: 'Tick', observation }, environment);
    const { report, effects } = result;
    this.#hooks.after?.({ observation, environment, report, effects });
    this.#state = result.state;
    this.#bound = demandBound(result.report);
    const intent = result.effects.find((effect) => effect.type === 'StoreIntent');
    if (intent === undefined) return view.replicas;
    this.#apply(intent, environment);
    return intent.decision.to;
  }

  refused(): void {
    this.#refused = true;
  }

  explain(): string {
    return this.#why;
  }

  bound(): number | undefined {
    return this.#bound;
  }

  /** The intent is durable as soon as it is asked for: there is no process here that could die in between. */
  #apply({ decision }: Extract<Effect, { type: 'StoreIntent' }>, environment: Environment): void {
    this.#state = step(this.#state, { type: 'IntentStored', decisionId: decision.id }, environment).state;
    this.#sent = decision;
    this.#why = decision.message;
  }

  #settle(view: ScalerView, environment: Environment): void {
    if (this.#sent === undefined) return;
    const { id: decisionId, at } = this.#sent;
    const answer = this.#refused
      ? ({ type: 'Refused', decisionId, at, reason: 'TooManyRequests', message: 'refused with 429' } as const)
      : ({ type: 'Applied', decisionId, at } as const);
    this.#state = step(this.#state, answer, { ...environment, now: view.now }).state;
    if (!this.#refused) this.#annotation = decisionId;
    this.#sent = undefined;
    this.#refused = false;
  }

  /** What came of windows changes no decision, but where it selects: else it is left out where nobody hears of it. */
  get #remembers(): boolean {
    return this.#hooks.after !== undefined || this.#policy.spec.selection !== undefined;
  }

  #environment({ now, index }: ScalerView): Environment {
    return {
      now,
      policy: this.#policy,
      decisionId: `${UID}-${index}`,
      epoch: 1,
      acting: true,
      tickSeconds: this.#tickSeconds,
      outcomeWindowSeconds: OUTCOME_WINDOW_SECONDS,
      situationWindowSeconds: this.#remembers ? USUAL_WINDOW_SECONDS : undefined,
    };
  }

  #observe(view: ScalerView): Observation {
    return {
      now: view.now,
      target: this.#target(view),
      metrics: this.#policy.spec.metrics.map(({ type }) => observationOf(type, view)),
      indicators: [],
      ...(this.#policy.spec.objective?.requests === undefined ? {} : { requests: this.#requests(view) }),
    };
  }

  /** Rates between two decisions: what `rate()` over one scrape interval gives, or the pods' own counters. */
  #requests({ measured, scraped }: ScalerView): RequestObservation {
    const scrape = this.#policy.spec.objective?.requests?.scrape;
    const all = scrape === undefined ? measured : scraped;
    const bad = scrape?.good === undefined && scrape?.bad === undefined ? measured : scraped;
    return {
      total: rateSince(this.#total, all, all.requests),
      bad: rateSince(this.#bad, bad, bad.slowRequests),
      averagedSeconds: REQUESTS_SECONDS,
    };
  }

  #target({ replicas, ready, pods }: ScalerView): TargetView {
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: this.#policy.namespace,
      name: this.#policy.spec.targetRef.name,
      uid: UID,
      resourceVersion: '1',
      generation: 1,
      specReplicas: replicas,
      readyReplicas: ready,
      rolloutInProgress: false,
      paused: false,
      deleting: false,
      pods,
      ownership: { rivals: [] },
      ...(this.#annotation === undefined ? {} : { decisionAnnotation: this.#annotation }),
    };
  }
}

/** A counter as it was read last; NaN before. */
interface Count {
  until: number;
  value: number;
}

function createCount(): Count {
  return { until: NaN, value: NaN };
}

/** Its growth per second since it was read last; Missing the first time, and while nothing is measured. */
function rateSince(last: Count, path: Measurements, value: number): Reading {
  if (path.demand(REQUESTS_SECONDS) === undefined) return NO_SERIES;
  const { until } = path;
  const seconds = (until - last.until) / 1000;
  const grown = value - last.value;
  last.until = until;
  last.value = value;
  return seconds > 0 ? { quality: 'Fresh', value: grown / seconds, at: until } : NO_SERIES;
}

const NO_SERIES = missing('NoData', 'the query answered with no series');

/** Of the metric that is the demand itself, while its forecast is good enough to act on. */
function demandBound(report: LoopReport | undefined): number | undefined {
  const demand = report?.monitoring?.metrics.findIndex(({ type }) => type !== 'Resource') ?? -1;
  const forecast = report?.analysis?.forecasts[demand];
  return forecast !== undefined && isForecast(forecast) && forecast.reliable ? forecast.upper : undefined;
}

function observationOf(type: 'Resource' | 'Prometheus', view: ScalerView): MetricObservation {
  return type === 'Resource'
    ? { type, averagedSeconds: AVERAGED_SECONDS, usage: podCpuUsage(view) }
    : { type, averagedSeconds: AVERAGED_SECONDS, total: demandReading(view) };
}

function demandReading({ measured }: ScalerView): Reading {
  const value = measured.demand(AVERAGED_SECONDS);
  if (value === undefined) return NO_SERIES;
  return { quality: 'Fresh', value, at: measured.until };
}

function policyOf(spec: PolicySpec, startAt: number): PolicyView {
  return {
    uid: UID,
    namespace: 'simulation',
    name: 'autonomic',
    generation: 1,
    createdAt: startAt,
    suspendedByAnnotation: false,
    expectedUntil: 0,
    deleting: false,
    spec,
  };
}
