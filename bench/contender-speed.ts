import { oracleOf, prepareTrace, runTrial } from '../src/simulate/backtest.ts';
import { CONTENDERS, REFERENCE_CONTENDERS } from '../src/simulate/contenders.ts';
import { generateDemand } from '../src/simulate/demand.ts';
import { seededRandom } from '../src/simulate/random.ts';
import { DEFAULT_SIMULATION } from '../src/simulate/simulation-config.ts';
import { median, short } from './statistics.ts';
import type { Figure, Table } from './suite.ts';

const DAY_MS = 86_400_000;
const DAYS = 14;
/** Monday. */
const START = Date.UTC(2026, 4, 4);
const REPETITIONS = 3;

/** Two weeks of an ordinary service, in minutes; each contender plays it with one fixed setting, once to warm up. */
export function contenderSpeed(seed: number): { readonly figures: readonly Figure[]; readonly table: Table } {
  const trace = prepareTrace(ordinaryService(seed), { ...DEFAULT_SIMULATION, seed }, 5 * (DAY_MS / 1000));
  const decisions = trace.seconds / DEFAULT_SIMULATION.decisionSeconds;
  const times = [...CONTENDERS, ...REFERENCE_CONTENDERS, oracleOf(trace)].map((contender) => {
    const { values, name } = contender.knob;
    const fixed = { ...contender, knob: { name, values: [values[Math.floor(values.length / 2)]!] } };
    const play = (): number => {
      const before = performance.now();
      runTrial({ trace, contender: fixed, frontier: false, record: false });
      return (performance.now() - before) / 1000;
    };
    play();
    const seconds = median(Array.from({ length: REPETITIONS }, play));
    return { name: contender.name, week: (seconds / DAYS) * 7, decision: (1e6 * seconds) / decisions };
  });
  const slowest = times.reduce((a, b) => (b.week > a.week ? b : a));
  return {
    figures: [
      {
        name: 'one simulated week, slowest contender',
        value: slowest.week,
        unit: 's',
        goal: { atMost: 0.5 },
        from: `${slowest.name}, one core, 40,320 decisions`,
      },
    ],
    table: {
      title: 'Time of one simulated week on one core:',
      columns: ['contender', 'seconds', 'µs per decision, with its world'],
      rows: times.map(({ name, week, decision }) => [name, short(week), short(decision)]),
    },
  };
}

/** Minutes of a service with days, weeks, noise and bursts. */
export function ordinaryService(seed: number): { times: Float64Array; values: Float64Array } {
  const span = { from: START, to: START + DAYS * DAY_MS };
  const shape = {
    baseRate: 200,
    dailySwing: 0.5,
    peakHour: 14,
    weekendFactor: 0.7,
    noise: 0.05,
    burstsPerDay: 3,
    burstFactor: 0.5,
  };
  const demand = generateDemand(shape, span, seededRandom(seed));
  const times = Float64Array.from({ length: (DAYS * DAY_MS) / 60_000 + 1 }, (_, i) => START + i * 60_000);
  return { times, values: times.map(demand) };
}
