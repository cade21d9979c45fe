import type {
  BacktestResult,
  ContenderResult,
  DayResult,
  TraceResult,
} from '../../src/simulate/backtest-result.ts';
import { normal, seededRandom, type Random } from '../../src/simulate/random.ts';
import { summarize } from '../../src/simulate/score/summary.ts';
import { DEFAULT_SIMULATION } from '../../src/simulate/simulation-config.ts';
import type { RecordedDecision, RecordedSeries } from '../../src/simulate/simulation-run.ts';

const DAY = 86_400;
const STEP = 300;
const START = Date.UTC(2026, 2, 2);
const WARMUP_DAYS = 4;

/** How a made-up contender behaves: replicas follow demand of `lagSteps` ago with a margin. */
interface Character {
  readonly name: string;
  readonly title: string;
  readonly margin: number;
  readonly lagSteps: number;
  readonly slow: number;
  readonly knob?: number;
}

const CHARACTERS: readonly Character[] = [
  { name: 'autonomic', title: 'Autonomic', margin: 1.25, lagSteps: 0, slow: 0.006 },
  { name: 'hpa', title: 'HPA on CPU', margin: 1.9, lagSteps: 2, slow: 0.004, knob: 0.5 },
  { name: 'keda', title: 'KEDA on requests per second', margin: 1.7, lagSteps: 2, slow: 0.005, knob: 7 },
  {
    name: 'phpa-linear',
    title: 'Predictive HPA, linear',
    margin: 1.65,
    lagSteps: 1,
    slow: 0.007,
    knob: 0.55,
  },
  {
    name: 'phpa-holt-winters',
    title: 'Predictive HPA, Holt-Winters',
    margin: 1.8,
    lagSteps: 1,
    slow: 0.009,
    knob: 0.6,
  },
  { name: 'peak-5m', title: 'Peak of 5 minutes', margin: 1.5, lagSteps: 1, slow: 0.012, knob: 1.3 },
  { name: 'peak-1h', title: 'Peak of 1 hour', margin: 2.1, lagSteps: 6, slow: 0.003, knob: 1.1 },
  { name: 'peak-24h', title: 'Peak of 24 hours', margin: 3.3, lagSteps: 0, slow: 0.001, knob: 1 },
  {
    name: 'autopilot-72h',
    title: 'Peak of 72 hours (Autopilot)',
    margin: 4.1,
    lagSteps: 0,
    slow: 0,
    knob: 1,
  },
  { name: 'crane', title: "Crane's predictor", margin: 1.75, lagSteps: 0, slow: 0.015, knob: 0.6 },
  { name: 'kpa', title: "Knative's autoscaler", margin: 1.6, lagSteps: 1, slow: 0.02, knob: 0.7 },
  { name: 'static', title: 'Static', margin: 3.2, lagSteps: 0, slow: 0.008, knob: 40 },
  { name: 'oracle', title: 'Oracle', margin: 1, lagSteps: 0, slow: 0.0095 },
];

export interface FixtureOptions {
  readonly traces?: number;
  readonly days?: number;
  readonly seed?: number;
  readonly names?: readonly string[];
  /** Name of the first trace. */
  readonly firstName?: string;
  readonly record?: boolean;
  /** Reason of every decision of autonomic. */
  readonly why?: string;
}

/** A result that looks like a real one, made without simulating: for what is made from results. */
export function backtestFixture(options: FixtureOptions = {}): BacktestResult {
  const { traces = 3, days = 10, seed = 1, firstName = 'web-0', names } = options;
  const random = seededRandom(seed);
  const characters = CHARACTERS.filter(({ name }) => names?.includes(name) ?? true);
  const all = Array.from({ length: traces }, (_, index) =>
    traceOf(index === 0 ? firstName : `web-${index}`, { index, days, random, characters, options }),
  );
  const contenders = characters.map(({ name, title }) => ({ name, title, source: `rules of ${title}` }));
  return {
    config: {
      ...DEFAULT_SIMULATION,
      warmupSeconds: WARMUP_DAYS * DAY,
      contenders: contenders.map(({ name }) => name),
      version: '0.0.0-fixture',
      hash: 'f'.repeat(64),
    },
    traces: all,
    summary: summarize(all, contenders, seed),
  };
}

interface TraceMaking {
  readonly index: number;
  readonly days: number;
  readonly random: Random;
  readonly characters: readonly Character[];
  readonly options: FixtureOptions;
}

function traceOf(name: string, { index, days, random, characters, options }: TraceMaking): TraceResult {
  const demand = demandOf((days * DAY) / STEP, index, random);
  return {
    name,
    group: `origin-${index % 4}`,
    digest: index.toString(16).padStart(64, '0'),
    startAt: new Date(START).toISOString(),
    days,
    warmupSeconds: WARMUP_DAYS * DAY,
    scale: 1.5,
    skippedRows: 0,
    gapSeconds: 0,
    contenders: characters.map((character) => resultOf(character, demand, random, options)),
  };
}

/** Day and night, a quieter weekend, noise, and now and then a burst. */
function demandOf(steps: number, index: number, random: Random): Float32Array {
  let burst = 0;
  return Float32Array.from({ length: steps }, (_, step) => {
    const day = (step * STEP) / DAY;
    const wave = 0.55 - 0.4 * Math.cos(2 * Math.PI * (day - 0.1 * index));
    const week = Math.floor(day) % 7 >= 5 ? 0.7 : 1;
    burst = random() < 0.002 ? 0.5 * random() : burst * 0.9;
    return Math.max(2, 380 * (wave * week + burst) * (1 + 0.04 * normal(random)));
  });
}

function resultOf(
  { name, margin, lagSteps, slow, knob }: Character,
  demand: Float32Array,
  random: Random,
  { record = true, why }: FixtureOptions,
): ContenderResult {
  const replicas = demand.map((_, step) =>
    Math.max(1, Math.ceil(((demand[Math.max(0, step - lagSteps)] ?? 0) / 10) * margin)),
  );
  const slowShare = demand.map(() => (random() < 0.04 ? Math.min(1, slow * 30 * random()) : 0));
  const warmup = (WARMUP_DAYS * DAY) / STEP;
  const replicaSeconds = replicas.subarray(warmup).reduce((sum, count) => sum + count * STEP, 0);
  const changes = changesOf(replicas, name === 'autonomic' ? why : undefined);
  const scored = changes.filter(({ at }) => at >= START + WARMUP_DAYS * DAY * 1000);
  const costOverOracle = margin * (1 + 0.1 * normal(random));
  const badRequestShare = Math.max(0, slow * (1 + 0.4 * normal(random)));
  const series: RecordedSeries = { stepSeconds: STEP, demand, replicas, slowShare };
  return {
    name,
    ...(knob === undefined ? {} : { knob, knobName: 'setting' }),
    replicaSeconds,
    costOverOracle,
    badRequestShare,
    badWindowShare: Math.min(1, badRequestShare * 5),
    actionsPerDay: scored.length / (replicas.length / 288 - WARMUP_DAYS),
    meetsTarget: badRequestShare <= DEFAULT_SIMULATION.objective.slowShare,
    elasticity: {
      underAccuracy: slow,
      overAccuracy: margin - 1,
      underTimeShare: slow * 3,
      overTimeShare: 0.8,
    },
    daily: dailyOf(replicas.length / 288 - WARMUP_DAYS, costOverOracle, badRequestShare, random),
    warmupDaily: dailyOf(WARMUP_DAYS - 1, costOverOracle, badRequestShare, random),
    hourly: { replicaSeconds: [], slowRequests: [] },
    ...(record
      ? {
          series:
            name === 'autonomic' ? { ...series, bound: demand.map((value) => value * 1.2 + 15) } : series,
          changes,
        }
      : {}),
  };
}

function changesOf(replicas: Float32Array, why: string | undefined): RecordedDecision[] {
  return Array.from(replicas, (to, step) => ({ step, from: replicas[step - 1] ?? to, to }))
    .filter(({ from, to }) => from !== to)
    .map(({ step, from, to }) => ({
      at: START + step * STEP * 1000,
      from,
      to,
      why: why ?? `demand of ${to * 10} requests per second is expected within 5 minutes`,
    }));
}

function dailyOf(days: number, cost: number, slow: number, random: Random): DayResult[] {
  return Array.from({ length: Math.max(0, Math.floor(days)) }, () => ({
    costOverOracle: cost * (1 + 0.05 * normal(random)),
    badRequestShare: Math.max(0, slow * (1 + 0.5 * normal(random))),
  }));
}
