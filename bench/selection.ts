import { basename } from 'node:path';
import type { Situation } from '../src/loop/knowledge/situation.ts';
import type { Strategy } from '../src/loop/plan/selection/strategy.ts';
import { evaluateSelection } from '../src/simulate/selection/evaluate-selection.ts';
import {
  alwaysArm,
  bestForEver,
  followTheLeader,
  type LearnerFactory,
} from '../src/simulate/selection/selection-learner.ts';
import { byStrategy } from '../src/simulate/selection/strategy-learner.ts';
import { developmentTraces } from './development-traces.ts';
import { mean } from './statistics.ts';
import type { Figure, Findings, Suite, Table } from './suite.ts';
import { situationsOf } from './trace-situations.ts';

const PENALTIES = [5, 20, 100] as const;
/** What replay's regret to the best arm for ever was when it was chosen (research on 13 traces). */
const GOALS = { 5: 0.015, 20: 0.021, 100: 0.054 } as const;
const MOST = 8;
const STARTUP_SECONDS = 120;
/** Of the strategies that roll dice. */
const SEEDS = 10;

const BEST = 'best for ever, known afterwards';
const REPLAY = 'Replay';

interface Contender {
  readonly name: string;
  /** One for each seed. */
  readonly learners: readonly LearnerFactory[];
}

const STRATEGIES: readonly Strategy[] = [
  { name: 'Ranked' },
  { name: 'EpsilonGreedy' },
  { name: 'UCB1' },
  { name: 'KLUCB' },
  { name: 'ThompsonSampling' },
  { name: 'ThompsonSampling', posterior: 'Beta' },
  { name: 'LinearThompson' },
  { name: 'LinUCB' },
];

const seeded = (make: (seed: number) => LearnerFactory): readonly LearnerFactory[] =>
  Array.from({ length: SEEDS }, (_, seed) => make(seed + 1));

/** Alone: with the rewards of the arms in force and nothing else, exploring as it likes. */
function contenderOf(strategy: Strategy, alone: boolean): Contender {
  const posterior = 'posterior' in strategy ? ` (${strategy.posterior ?? ''})` : '';
  const options = alone
    ? { share: 1, alpha: 1, neighbours: false, replay: false }
    : { share: 0.1, alpha: 0.05, neighbours: false, replay: true };
  return {
    name: `${strategy.name}${posterior}${alone ? ', alone' : ', 10 % exploring on replay'}`,
    learners: seeded((seed) => byStrategy({ strategy, seed, ...options })),
  };
}

const replayed = { strategy: { name: 'Replay' }, alpha: 0.05, seed: 1, replay: true } as const;

const CONTENDERS: readonly Contender[] = [
  { name: BEST, learners: [bestForEver] },
  { name: REPLAY, learners: [byStrategy({ ...replayed, share: 0, neighbours: false })] },
  { name: `${REPLAY} with neighbours`, learners: [byStrategy({ ...replayed, share: 0, neighbours: true })] },
  {
    name: `${REPLAY}, 10 % exploring`,
    learners: seeded((seed) => byStrategy({ ...replayed, seed, share: 0.1, neighbours: false })),
  },
  { name: 'follow the leader', learners: [followTheLeader] },
  ...STRATEGIES.map((strategy) => contenderOf(strategy, false)),
  ...STRATEGIES.map((strategy) => contenderOf(strategy, true)),
  { name: 'Balanced for ever', learners: [alwaysArm('Balanced')] },
  { name: 'Utilization60 for ever', learners: [alwaysArm('Utilization60')] },
];

/** Mean loss of each contender on each trace, over its seeds. */
type Losses = ReadonlyMap<string, readonly number[]>;

/** Which strategy chooses arms best, each trace left out of what the others have lived through. */
export const selectionSuite: Suite = {
  name: 'selection',
  title: 'Selection: every strategy on the development traces',
  run: ({ data, seed, progress }): Findings => {
    const traces = developmentTraces(data);
    if ('problem' in traces) return { figures: [], notes: [], skipped: traces.problem };
    const workloads = traces.map((path) => {
      progress(basename(path));
      return situationsOf(path, { seed, startupSeconds: STARTUP_SECONDS });
    });
    const evaluated = PENALTIES.map((penalty) => {
      progress(`penalty ${penalty}`);
      return { penalty, losses: lossesAt(workloads, penalty) };
    });
    return {
      figures: evaluated.map(({ penalty, losses }) => figureOf(penalty, losses, workloads.length)),
      tables: evaluated.map(({ penalty, losses }) => tableOf(penalty, losses)),
      notes: [
        'Loss of a window: replica-seconds ÷ those of a clairvoyant + penalty × share of the window that is violated, at most 8. Means over windows of half an hour, over seeds, then over traces; the interval is over traces.',
        'Regret is the loss above that of the arm that was best for ever on each trace. Who judges is who replays, and a change of arms costs nothing.',
        'Alone: no replay of other arms, exploring without limits. The others explore with at most 10 %, as far as the ledger (5 %) lets them.',
      ],
    };
  },
};

function lossesAt(workloads: readonly (readonly Situation[])[], penalty: number): Losses {
  const learners = CONTENDERS.flatMap((contender) => contender.learners);
  const scores = evaluateSelection(workloads, learners, { penalty, most: MOST });
  let first = 0;
  return new Map(
    CONTENDERS.map(({ name, learners: own }) => {
      const places = own.map((_, place) => first + place);
      first += own.length;
      return [name, scores.map(({ losses }) => mean(places.map((place) => losses[place]!.all)))];
    }),
  );
}

function regretsOf(losses: Losses, name: string): readonly number[] {
  return losses.get(name)!.map((loss, trace) => loss - losses.get(BEST)![trace]!);
}

function figureOf(penalty: (typeof PENALTIES)[number], losses: Losses, traces: number): Figure {
  return {
    name: `regret of replay, penalty ${penalty}`,
    value: mean(regretsOf(losses, REPLAY)),
    unit: 'clairvoyant costs',
    goal: { atMost: GOALS[penalty] },
    from: `${traces} traces`,
  };
}

function tableOf(penalty: number, losses: Losses): Table {
  return {
    title: `Penalty ${penalty}:`,
    columns: ['chosen by', 'loss', 'regret', '95 % over traces', 'worst trace'],
    rows: CONTENDERS.map(({ name }) => {
      const regrets = regretsOf(losses, name);
      const centre = mean(regrets);
      const spread = mean(regrets.map((regret) => (regret - centre) ** 2)) / Math.max(1, regrets.length - 1);
      return [
        name,
        mean(losses.get(name)!).toFixed(3),
        centre.toFixed(3),
        `± ${(1.96 * Math.sqrt(spread)).toFixed(3)}`,
        Math.max(...regrets).toFixed(3),
      ];
    }),
  };
}
