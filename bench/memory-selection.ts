import { basename } from 'node:path';
import type { Situation } from '../src/loop/knowledge/situation.ts';
import { evaluateSelection, type SelectionScore } from '../src/simulate/selection/evaluate-selection.ts';
import {
  alone,
  alwaysArm,
  bestForEver,
  bestOfEachWindow,
  byNeighbours,
  byUsualLosses,
  followTheLeader,
} from '../src/simulate/selection/selection-learner.ts';
import { randomStream } from '../src/simulate/random.ts';
import { developmentTraces } from './development-traces.ts';
import { mean, quantile, short } from './statistics.ts';
import type { Figure, Findings, Suite, Table } from './suite.ts';
import { situationsOf } from './trace-situations.ts';

/** Loss of a window that is violated throughout, in costs of a clairvoyant; and the most that a window counts. */
const PENALTIES = [5, 20, 100] as const;
const MOST = 8;
/** The slower of the published worlds' starts: where it matters what is chosen. */
const STARTUP_SECONDS = 120;

/** Of traces, for the intervals. */
const RESAMPLES = 1000;

const LEADER = 'follow the leader';
const NEIGHBOURS = 'neighbours, own and fleet';
const BEST = 'best of each window, known afterwards';
const LEARNERS = [
  { name: LEADER, learner: followTheLeader },
  { name: 'means, own and fleet', learner: byUsualLosses },
  { name: 'neighbours, own alone', learner: alone(byNeighbours) },
  { name: NEIGHBOURS, learner: byNeighbours },
  { name: 'Balanced for ever', learner: alwaysArm('Balanced') },
  { name: 'Utilization60 for ever', learner: alwaysArm('Utilization60') },
  { name: 'best for ever, known afterwards', learner: bestForEver },
  { name: BEST, learner: bestOfEachWindow },
] as const;

const PARTS = ['firstDay', 'later', 'all'] as const;

interface Evaluated {
  readonly penalty: number;
  readonly scores: readonly SelectionScore[];
}

/** Is an arm chosen better by what came of similar situations than without them? */
export const memorySelectionSuite: Suite = {
  name: 'memory-selection',
  title: 'Memory: arms chosen with neighbours and without',
  run: ({ data, seed, progress }): Findings => {
    const traces = developmentTraces(data);
    if ('problem' in traces) return { figures: [], notes: [], skipped: traces.problem };
    const workloads = traces.map((path) => {
      progress(basename(path));
      return situationsOf(path, { seed, startupSeconds: STARTUP_SECONDS });
    });
    const evaluated = PENALTIES.map((penalty): Evaluated => {
      progress(`penalty ${penalty}`);
      return { penalty, scores: evaluate(workloads, penalty) };
    });
    return {
      figures: evaluated.flatMap(figuresOf),
      tables: [...evaluated.map(lossTable), intervals(evaluated, seed), perTrace(evaluated)],
      notes: [
        'Loss of a window: replica-seconds ÷ those of a clairvoyant + penalty × share of the window that is violated, at most 8. Means over windows of half an hour, then over traces.',
        `Each trace is left out of the pool once; the others' windows are all known. Start-up ${STARTUP_SECONDS} s, Poisson arrivals. Each arm is replayed on its own by the operator, so that a change of arms costs nothing, and who judges is who replays.`,
        'Regret is loss above that of the best arm of each window: what choosing can win. The goals are on it; the loss itself has in it what every arm must pay.',
        'The traces are of two sources and those that memory was developed on: some 55 combinations of its number of neighbours, kernel, pseudo-counts and discounts were tried on these same traces, and one on a plateau was kept. Leaving each trace out of the pool does not undo that: expect less on others.',
        `First-day figures are means of at most 48 windows of each of ${workloads.length} traces: see the intervals before believing one.`,
      ],
    };
  },
};

function evaluate(workloads: readonly (readonly Situation[])[], penalty: number): readonly SelectionScore[] {
  return evaluateSelection(
    workloads,
    LEARNERS.map(({ learner }) => learner),
    { penalty, most: MOST },
  );
}

type Part = (typeof PARTS)[number];

function lossOf(score: SelectionScore, name: string, part: Part): number {
  return score.losses[LEARNERS.findIndex((learner) => learner.name === name)]![part];
}

function meanLoss({ scores }: Evaluated, name: string, part: Part): number {
  return mean(scores.map((score) => lossOf(score, name, part)));
}

function regret(evaluated: Evaluated, name: string, part: Part): number {
  return meanLoss(evaluated, name, part) - meanLoss(evaluated, BEST, part);
}

/** Per cent. */
function lessRegret(evaluated: Evaluated, part: Part): number {
  return 100 * (1 - regret(evaluated, NEIGHBOURS, part) / regret(evaluated, LEADER, part));
}

function figuresOf(evaluated: Evaluated): readonly Figure[] {
  const { penalty, scores } = evaluated;
  const from = `${scores.length} traces, against ${LEADER}`;
  return [
    {
      name: `less regret on the first day, penalty ${penalty}`,
      value: lessRegret(evaluated, 'firstDay'),
      unit: '%',
      goal: { atLeast: 10 },
      from,
    },
    {
      name: `less regret later, penalty ${penalty}`,
      value: lessRegret(evaluated, 'later'),
      unit: '%',
      goal: { atLeast: 0 },
      from,
    },
  ];
}

function lossTable(evaluated: Evaluated): Table {
  const cells = (name: string): readonly string[] =>
    PARTS.map(
      (part) => `${meanLoss(evaluated, name, part).toFixed(3)} (${regret(evaluated, name, part).toFixed(3)})`,
    );
  return {
    title: `Loss (regret), penalty ${evaluated.penalty}:`,
    columns: ['chosen by', 'first day', 'later', 'all'],
    rows: LEARNERS.map(({ name }) => [name, ...cells(name)]),
  };
}

/** Bootstrap over traces. */
function intervals(evaluated: readonly Evaluated[], seed: number): Table {
  const random = randomStream(seed, 'traces of memory-selection');
  const interval = ({ penalty, scores }: Evaluated, part: Part): string => {
    const better = Array.from({ length: RESAMPLES }, () => {
      const drawn = scores.map(() => scores[Math.floor(random() * scores.length)]!);
      return lessRegret({ penalty, scores: drawn }, part);
    });
    return `${short(quantile(better, 0.05))} … ${short(quantile(better, 0.95))}`;
  };
  return {
    title: `Less regret than ${LEADER}, %: nine of ten of ${RESAMPLES} times that as many traces are drawn from these:`,
    columns: ['penalty', 'first day', 'later'],
    rows: evaluated.map((each) => [
      String(each.penalty),
      interval(each, 'firstDay'),
      interval(each, 'later'),
    ]),
  };
}

function perTrace(evaluated: readonly Evaluated[]): Table {
  const scores = evaluated[0]!.scores;
  return {
    title: 'Loss by trace, neighbours ÷ leader, all windows:',
    columns: ['trace', 'windows', ...evaluated.map(({ penalty }) => `penalty ${penalty}`)],
    rows: scores.map(({ workload, windows }, place) => [
      workload,
      String(windows),
      ...evaluated.map((each) => {
        const score = each.scores[place]!;
        return (lossOf(score, NEIGHBOURS, 'all') / lossOf(score, LEADER, 'all')).toFixed(3);
      }),
    ]),
  };
}
