import { prepareArrivals, type Arrivals } from './arrivals.ts';
import type { ContenderResult, FrontierPoint } from './backtest-result.ts';
import { randomStream } from './random.ts';
import { oracleContender } from './rivals/foresight.ts';
import type { Contender, ScalerContext } from './scaler.ts';
import { chooseKnob } from './score/choose-knob.ts';
import { contenderResult, slowShareOf } from './score/contender-result.ts';
import { ORACLE } from './score/summary.ts';
import { simulate } from './simulate.ts';
import type { SimulationConfig } from './simulation-config.ts';
import type { SimulationRun } from './simulation-run.ts';
import type { Trace } from './trace-demand.ts';

/**
 * At most this share of a trace is warm-up, however long a warm-up was asked for: a short trace would be tuned on nearly
 * all of itself and judged on the rest.
 */
const MAX_WARMUP_SHARE = 0.4;

const DAY_SECONDS = 86_400;

/** A trace made ready for all contenders, and how it is divided. */
export interface PreparedTrace {
  readonly arrivals: Arrivals;
  readonly config: SimulationConfig;
  /** The part that tunes and teaches; the rest is scored. */
  readonly warmupSeconds: number;
  readonly seconds: number;
}

/** What is asked of one contender on one trace. */
export interface Trial {
  readonly trace: PreparedTrace;
  readonly contender: Contender;
  /** Plays every value of the knob on the scored part too. */
  readonly frontier: boolean;
  /** Keeps what the plots need. */
  readonly record: boolean;
}

/**
 * @param warmupSeconds as asked for; a short trace gets less.
 * @throws RangeError when the trace is shorter than its settling days need, or has no load to scale by.
 */
export function prepareTrace(trace: Trace, config: SimulationConfig, warmupSeconds: number): PreparedTrace {
  const arrivals = prepareArrivals(trace, config);
  const { tickSeconds, decisionSeconds, settleDays } = config;
  const seconds = arrivals.rates.length * tickSeconds;
  const warmup = Math.min(warmupSeconds, MAX_WARMUP_SHARE * seconds);
  const whole = Math.floor(warmup / decisionSeconds) * decisionSeconds;
  if (whole <= settleDays * DAY_SECONDS) {
    const days = (settleDays / MAX_WARMUP_SHARE).toFixed(1);
    throw new RangeError(
      `a warm-up of ${(whole / DAY_SECONDS).toFixed(1)} days is too short: day ${settleDays} counts for nobody, and of ` +
        `the ${(seconds / DAY_SECONDS).toFixed(1)} days at most 40 % are warm-up; give more than ${days} days of data and of --warmup at least ${settleDays + 1}d`,
    );
  }
  return { arrivals, config, warmupSeconds: whole, seconds };
}

/** One contender on one trace: its knob chosen on the warm-up, then the whole trace with the chosen one. */
export function runTrial(trial: Trial): ContenderResult {
  const { trace, contender, record } = trial;
  const { values, name } = contender.knob;
  const knob = values.length === 1 ? values[0] : tune(trial);
  if (knob === undefined) throw new RangeError(`${contender.name} names no value of its knob`);
  const run = play(trace, contender, knob, { record });
  const result = contenderResult(run, {
    name: contender.name,
    slowShare: trace.config.objective.slowShare,
    ...(values.length === 1 ? {} : { knob: { name, value: knob } }),
  });
  return trial.frontier && values.length > 1 ? { ...result, frontier: frontierOf(trial) } : result;
}

/** The oracle is made from the future of its trace; nobody else gets it. */
export function oracleOf({ arrivals }: PreparedTrace): Contender {
  return oracleContender(arrivals.needed);
}

function tune({ trace, contender }: Trial): number {
  const { warmupSeconds, config } = trace;
  const trials = contender.knob.values.map((knob) => {
    const { warmup } = play(trace, contender, knob, { untilSeconds: warmupSeconds });
    return { knob, replicaSeconds: warmup.replicaSeconds, badRequestShare: slowShareOf(warmup) };
  });
  return chooseKnob(trials, config.objective.slowShare);
}

function frontierOf({ trace, contender }: Trial): readonly FrontierPoint[] {
  return contender.knob.values.map((knob) => {
    const { costOverOracle, badRequestShare } = contenderResult(play(trace, contender, knob, {}), {
      name: contender.name,
      slowShare: trace.config.objective.slowShare,
    });
    return { knob, costOverOracle, badRequestShare };
  });
}

function play(
  trace: PreparedTrace,
  contender: Contender,
  knob: number,
  options: { readonly untilSeconds?: number; readonly record?: boolean },
): SimulationRun {
  const { arrivals, config, warmupSeconds } = trace;
  return simulate({
    arrivals,
    config,
    scaler: contender.create(knob, contextOf(trace, contender)),
    warmupSeconds,
    ...(contender.metricAgeSeconds === undefined ? {} : { metricAgeSeconds: contender.metricAgeSeconds }),
    ...options,
  });
}

function contextOf({ arrivals, config, warmupSeconds }: PreparedTrace, contender: Contender): ScalerContext {
  return {
    startAt: arrivals.startAt,
    decisionSeconds: config.decisionSeconds,
    serviceRate: config.service.requestsPerSecond,
    objective: config.objective,
    startupSeconds: config.startup.medianSeconds,
    bounds: config.bounds,
    warmup: measuredWarmup(arrivals, config, warmupSeconds),
    random: randomStream(arrivals.seed, contender.name === ORACLE ? ORACLE : 'contender'),
  };
}

/** Mean rate of each decision interval of the warm-up. */
function measuredWarmup(
  { cumulative }: Arrivals,
  config: SimulationConfig,
  warmupSeconds: number,
): Float64Array {
  const { tickSeconds, decisionSeconds } = config;
  const ticks = decisionSeconds / tickSeconds;
  return Float64Array.from({ length: Math.floor(warmupSeconds / decisionSeconds) }, (_, interval) => {
    const from = cumulative[interval * ticks] ?? 0;
    return ((cumulative[(interval + 1) * ticks] ?? from) - from) / decisionSeconds;
  });
}
