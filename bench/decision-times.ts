import { runChain } from '../src/loop/guard/chain.ts';
import { GUARDS } from '../src/loop/guard/guards.ts';
import { plan } from '../src/loop/plan/plan.ts';
import type { PolicyState } from '../src/loop/state.ts';
import { guardContext, safetyFacts } from '../src/loop/tick.ts';
import { prepareTrace, type PreparedTrace } from '../src/simulate/backtest.ts';
import { requestsContender } from '../src/simulate/autonomic/autonomic.ts';
import type { Hooks } from '../src/simulate/autonomic/autonomic-scaler.ts';
import type { Contender, ScalerContext } from '../src/simulate/scaler.ts';
import { simulate } from '../src/simulate/simulate.ts';
import { DEFAULT_SIMULATION } from '../src/simulate/simulation-config.ts';
import { ordinaryService } from './contender-speed.ts';

const DAY_SECONDS = 86_400;
const DAY_DECISIONS = 5760;
/** Before the first decision that is timed. */
const LEARNED_DAYS = 5;
const TIMED_DAYS = 2;
/** Of the recorded turns; the compiler learns on these. */
const WARM_UP_TURNS = 2000;

/** Microseconds of each decision of a contender, with the assembly of what it sees. */
export function decideTimes(contender: Contender, seed: number): readonly number[] {
  const trace = ordinaryTrace(seed);
  const { values } = contender.knob;
  const inner = contender.create(values[Math.floor(values.length / 2)]!, contextOf(trace));
  const times: number[] = [];
  simulate({
    ...simulationOf(trace),
    scaler: {
      decide: (view) => {
        const before = performance.now();
        const wanted = inner.decide(view);
        times.push(1000 * (performance.now() - before));
        return wanted;
      },
    },
  });
  return times.slice(LEARNED_DAYS * DAY_DECISIONS);
}

/** All that plan and guards of one turn read. */
interface RecordedTurn {
  readonly state: PolicyState;
  readonly turn: Parameters<NonNullable<Hooks['after']>>[0];
}

/** Microseconds of plan and guards for each recorded turn of a policy about requests. */
export function planAndGuardTimes(seed: number): readonly number[] {
  const turns = recordTurns(seed);
  for (const recorded of turns.slice(0, WARM_UP_TURNS)) planAndGuard(recorded);
  return turns.slice(WARM_UP_TURNS).map((recorded) => {
    const before = performance.now();
    planAndGuard(recorded);
    return 1000 * (performance.now() - before);
  });
}

function planAndGuard({ state, turn }: RecordedTurn): number {
  const { observation, environment: env, report } = turn;
  const { target } = observation;
  if ('problem' in target || report?.monitoring === undefined || report.analysis === undefined)
    throw new Error('the simulation has lost its target');
  const { monitoring, analysis } = report;
  const { newsvendor, saturation, capacity, execution } = state;
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
  const context = guardContext({ state, target, monitoring, planned, env, safety });
  return runChain(GUARDS, planned.proposed ?? target.specReplicas, context).recommended;
}

/** The states are copies, as they were before their turns; forecasters are not needed for what follows them. */
function recordTurns(seed: number): readonly RecordedTurn[] {
  const turns: RecordedTurn[] = [];
  let count = 0;
  let state: PolicyState | undefined;
  const recorder = requestsContender('recorder', 'Recorder', {
    hooks: {
      before: (seen) => {
        count += 1;
        state = count <= LEARNED_DAYS * DAY_DECISIONS ? undefined : copyOf(seen);
      },
      after: (turn) => {
        if (state !== undefined) turns.push({ state, turn });
      },
    },
  });
  const trace = ordinaryTrace(seed);
  simulate({ ...simulationOf(trace), scaler: recorder.create(1, contextOf(trace)) });
  return turns;
}

function copyOf(state: PolicyState): PolicyState {
  const demands = state.demands.map(({ key, forecaster }) => ({ key, forecaster }));
  return { ...structuredClone({ ...state, demands: [] }), demands };
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
    warmup: new Float64Array(),
    random: () => 0.5,
  };
}
