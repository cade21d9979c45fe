import { learnLinear } from '../src/loop/plan/selection/bandit/linear-model.ts';
import { learnOutcome } from '../src/loop/plan/selection/outcome.ts';
import { rankPolicies } from '../src/loop/plan/selection/ranked.ts';
import { select, type SelectionRequest, type WithChance } from '../src/loop/plan/selection/select.ts';
import { createSelectionState, type SelectionState } from '../src/loop/plan/selection/selection-state.ts';
import type { Strategy } from '../src/loop/plan/selection/strategy.ts';
import { seededRandom, type Random } from '../src/simulate/random.ts';
import { collectGarbage, memoryInUse } from './memory.ts';
import { median, quantile, short } from './statistics.ts';
import type { Findings, Suite } from './suite.ts';

const ARMS = Array.from({ length: 8 }, (_, place) => `arm${place}`);
const FEATURES = 16;
const WARM_UP = 2000;
const TIMED = 6000;
const RANKED = 100;
const WORKLOADS = 10_000;
const EXAMPLES = 200_000;

const STRATEGIES: readonly Strategy[] = [
  { name: 'Replay' },
  { name: 'Ranked' },
  { name: 'EpsilonGreedy' },
  { name: 'UCB1' },
  { name: 'KLUCB' },
  { name: 'ThompsonSampling' },
  { name: 'ThompsonSampling', posterior: 'Beta' },
  { name: 'LinearThompson' },
  { name: 'LinUCB' },
];

/** How long a choice takes with all its propensities, and how much room what is learned needs. */
export const selectionSpeedSuite: Suite = {
  name: 'selection-speed',
  title: 'Selection: time of a choice and memory',
  run: async ({ seed, progress }): Promise<Findings> => {
    progress('choices');
    const timed = STRATEGIES.map((strategy) => ({ strategy, ...choiceTimes(strategy, seed) }));
    const slowest = Math.max(...timed.map(({ choose }) => quantile(choose, 0.99)));
    const learn = Math.max(...timed.map(({ learn: times }) => median(times)));
    progress('memory');
    const plain = await stateMegabytes(undefined);
    const linear = await stateMegabytes(FEATURES);
    return {
      figures: [
        {
          name: 'choice with its propensities, p99 of the slowest strategy',
          value: slowest,
          unit: 'µs',
          goal: { atMost: 50 },
          from: `${ARMS.length} arms, ${FEATURES} features`,
        },
        {
          name: `ranking ${RANKED} policies, p99`,
          value: rankTime(),
          unit: 'µs',
          goal: { atMost: 50 },
          from: 'records of each',
        },
        {
          name: 'learning from an outcome, slowest median',
          value: learn,
          unit: 'µs',
          goal: { atMost: 5 },
          from: 'the same',
        },
        {
          name: 'online examples of a line',
          value: examplesPerSecond(seed),
          unit: 'examples/s',
          goal: { atLeast: 100_000 },
          from: `${FEATURES} features`,
        },
        {
          name: 'state of 10,000 workloads',
          value: plain,
          unit: 'MB',
          goal: { atMost: 60 },
          from: `${ARMS.length} arms; heap and buffers`,
        },
        {
          name: 'the same with a line for each arm',
          value: linear,
          unit: 'MB',
          goal: { atMost: 60 },
          from: `${FEATURES} features`,
        },
      ],
      tables: [
        {
          title: `Microseconds by the clock, of ${TIMED - WARM_UP} choices:`,
          columns: ['strategy', 'choose, median', 'choose, p99', 'learn, median', 'learn, p99'],
          rows: timed.map(({ strategy, choose, learn: learned }) => [
            nameOf(strategy),
            ...[median(choose), quantile(choose, 0.99), median(learned), quantile(learned, 0.99)].map(short),
          ]),
        },
      ],
      notes: [
        'Propensities are summed up over a grid and not drawn, so that they are a part of each choice; the goal for them alone, by Monte Carlo, was 250 µs.',
      ],
    };
  },
};

function nameOf(strategy: Strategy): string {
  return 'posterior' in strategy && strategy.posterior === 'Beta' ? `${strategy.name} (Beta)` : strategy.name;
}

function requestOf(strategy: Strategy, i: number, random: Random): SelectionRequest & WithChance {
  return {
    id: `uid/${i}`,
    now: i,
    strategy,
    vetoes: ARMS.map(() => undefined),
    priorities: ARMS.map(() => 0.5),
    features: Float64Array.from({ length: FEATURES }, (_, j) => (j === 0 ? 1 : random() - 0.5)),
    exploration: { share: 1, floor: 0.02, objections: [] },
    random,
  };
}

function choiceTimes(
  strategy: Strategy,
  seed: number,
): { readonly choose: number[]; readonly learn: number[] } {
  const random = seededRandom(seed);
  const state = createSelectionState({ owner: 'uid', arms: ARMS, features: FEATURES, alpha: 1 });
  const [choose, learn]: [number[], number[]] = [[], []];
  for (let i = 0; i < TIMED; i += 1) {
    const request = requestOf(strategy, i, random);
    const replayed = Float64Array.from(ARMS, (_, place) => 0.5 + 0.04 * place + 0.1 * random());
    const begin = performance.now();
    const chosen = select(state, request);
    const chose = performance.now();
    const arm = chosen.kind === 'Chosen' ? ARMS.indexOf(chosen.arm) : 0;
    const outcome = {
      choiceId: request.id,
      owner: 'uid',
      at: i,
      reward: replayed[arm] ?? null,
      succeeded: true,
      censored: false,
      replayed,
    };
    const known = performance.now();
    learnOutcome(state, outcome);
    const learned = performance.now();
    if (i < WARM_UP) continue;
    choose.push(1000 * (chose - begin));
    learn.push(1000 * (learned - known));
  }
  return { choose, learn };
}

function rankTime(): number {
  const records = Array.from({ length: RANKED }, (_, i) => ({
    successes: i,
    failures: RANKED - i,
    priority: 0.5,
    usedAt: i * 1e6,
  }));
  const times = Array.from({ length: TIMED }, () => {
    const begin = performance.now();
    rankPolicies(records, 1e8);
    return 1000 * (performance.now() - begin);
  });
  return quantile(times.slice(WARM_UP), 0.99);
}

function examplesPerSecond(seed: number): number {
  const random = seededRandom(seed);
  const { linear } = createSelectionState({ owner: 'uid', arms: ARMS, features: FEATURES });
  const features = Float64Array.from({ length: FEATURES }, random);
  const begin = performance.now();
  for (let i = 0; i < EXAMPLES; i += 1) {
    features[1 + (i % (FEATURES - 1))] = random();
    learnLinear(linear!, { arm: i % ARMS.length, features, residual: random() - 0.5 });
  }
  return (1000 * EXAMPLES) / (performance.now() - begin);
}

/** Each with a choice that waits and some that are settled, as in life. */
async function stateMegabytes(features: number | undefined): Promise<number> {
  await collectGarbage();
  const before = memoryInUse();
  const states = Array.from({ length: WORKLOADS }, (_, i): SelectionState => {
    const owner = `uid${i}`;
    const state = createSelectionState({
      owner,
      arms: ARMS,
      ...(features === undefined ? {} : { features }),
    });
    for (let window = 0; window < 3; window += 1) {
      const id = `${owner}/${window}`;
      select(state, { ...requestOf({ name: 'Replay' }, window, () => 0.3), id });
      const outcome = { choiceId: id, owner, at: window, reward: 0.5, succeeded: true, censored: false };
      if (window < 2) learnOutcome(state, outcome);
    }
    return state;
  });
  await collectGarbage();
  const after = memoryInUse();
  // Used after the measurement, so that it is not collected before.
  if (states.length !== WORKLOADS) throw new Error('states went missing');
  return ((after.heap + after.buffers - before.heap - before.buffers) * 2 ** 20) / 1e6;
}
