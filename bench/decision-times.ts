import { runChain } from '../src/loop/guard/chain.ts';
import { GUARDS } from '../src/loop/guard/guards.ts';
import { plan } from '../src/loop/plan/plan.ts';
import type { PolicyState } from '../src/loop/state.ts';
import { guardContext, safetyFacts } from '../src/loop/tick.ts';
import { prepareTrace, type PreparedTrace } from '../src/simulate/backtest.ts';
import { requestsContender } from '../src/simulate/autonomic/autonomic.ts';
import type { Hooks, Turn } from '../src/simulate/autonomic/autonomic-scaler.ts';
import type { Contender, ScalerContext } from '../src/simulate/scaler.ts';
import { simulate } from '../src/simulate/simulate.ts';
import { DEFAULT_SIMULATION } from '../src/simulate/simulation-config.ts';
import { ordinaryService } from './contender-speed.ts';

const DAY_SECONDS = 86_400;
const DAY_DECISIONS = 5760;
/** Before the first decision that is timed. */
const LEARNED_DAYS = 5;
const TIMED_DAYS = 2;

/** Microseconds. */
export interface Times {
  /** Of the processors, collection of garbage included: what else runs on the machine does not count. */
  readonly processor: number;
  /** By the clock, of each piece. */
  readonly clock: readonly number[];
}

/** How often the same turn is planned again, and which turns: processor time is not known of a single one. */
const REPETITIONS = 100;
const EVERY_TURNS = 16;

/** Decisions of a contender, with the assembly of what it sees; the processor's time is with the simulated world's. */
export function decideTimes(contender: Contender, seed: number): Times {
  const trace = ordinaryTrace(seed);
  const { values } = contender.knob;
  const inner = contender.create(values[Math.floor(values.length / 2)]!, contextOf(trace));
  const times: number[] = [];
  let start = process.cpuUsage();
  simulate({
    ...simulationOf(trace),
    scaler: {
      decide: (view) => {
        if (view.index === LEARNED_DAYS * DAY_DECISIONS) start = process.cpuUsage();
        const before = performance.now();
        const wanted = inner.decide(view);
        times.push(1000 * (performance.now() - before));
        return wanted;
      },
    },
  });
  const clock = times.slice(LEARNED_DAYS * DAY_DECISIONS);
  return { processor: spent(start) / clock.length, clock };
}

/** Microseconds of all processors since then. */
export function spent(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/**
 * Plan and guards: done again, right after a turn, on what that turn saw. The state is that after the turn, so that
 * nothing is new to the pacing: an addition less.
 */
export function planAndGuardTimes(seed: number): Times {
  const trace = ordinaryTrace(seed);
  const clock: number[] = [];
  let [processor, turns] = [0, 0];
  let state: PolicyState | undefined;
  const hooks: Hooks = {
    before: (seen) => {
      state = seen;
    },
    after: (turn) => {
      turns += 1;
      if (turns <= LEARNED_DAYS * DAY_DECISIONS || turns % EVERY_TURNS !== 0) return;
      const start = process.cpuUsage();
      for (let time = 0; time < REPETITIONS; time += 1) {
        const before = performance.now();
        planAndGuard(state!, turn);
        clock.push(1000 * (performance.now() - before));
      }
      processor += spent(start);
    },
  };
  const again = requestsContender('again', 'Plans again', { hooks });
  simulate({ ...simulationOf(trace), scaler: again.create(1, contextOf(trace)) });
  return { processor: processor / clock.length, clock };
}

function planAndGuard(state: PolicyState, turn: Turn): number {
  const { observation, environment: env, report } = turn;
  const { target } = observation;
  if ('problem' in target || report?.monitoring === undefined || report.analysis === undefined)
    throw new Error('the simulation has lost its target');
  const { monitoring, analysis } = report;
  const { execution, requests: memory } = state;
  if (memory === undefined) throw new Error('the policy has no objective about requests');
  const { newsvendor, saturation, capacity } = memory;
  const planned = plan({
    spec: env.policy.spec,
    observation,
    target,
    requests: monitoring.requests,
    analysis,
    newsvendor,
    saturation,
    capacity,
    now: env.now,
  });
  const safety = safetyFacts({ state, target, monitoring, planned, env, execution });
  const anomalies = report.anomalies?.open ?? [];
  const context = guardContext({ state, target, monitoring, planned, env, safety, anomalies });
  return runChain(GUARDS, planned.proposed ?? target.specReplicas, context).recommended;
}

function ordinaryTrace(seed: number): PreparedTrace {
  return prepareTrace(ordinaryService(seed), { ...DEFAULT_SIMULATION, seed }, LEARNED_DAYS * DAY_SECONDS);
}

function simulationOf({ arrivals, config, warmupSeconds }: PreparedTrace) {
  return { arrivals, config, warmupSeconds, untilSeconds: (LEARNED_DAYS + TIMED_DAYS) * DAY_SECONDS };
}

function contextOf({ arrivals, config }: PreparedTrace): ScalerContext {
  return {
    startAt: arrivals.startAt,
    decisionSeconds: config.decisionSeconds,
    serviceRate: config.service.requestsPerSecond,
    objective: config.objective,
    startupSeconds: config.startup.medianSeconds,
    bounds: config.bounds,
    // Of use to `static` alone: an ordinary load.
    warmup: Float64Array.of(200),
    random: () => 0.5,
  };
}
