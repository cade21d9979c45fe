import type { HistogramSums } from './operator-run.ts';
import { CROWD_SIZE, ROUNDS, STEPS, type Crowded } from './process-crowd.ts';
import type { MemoryWatch } from './process-memory.ts';
import { median, quantile, short } from './statistics.ts';
import type { Figure, Findings } from './suite.ts';

/** From the start of the process to its first decision. */
export const GOAL_SECONDS = 15;

/** Ms from the start of the process. */
export interface Start {
  /** The status has a recommendation. */
  readonly recommended: number;
  /** The status says that a decision is applied. */
  readonly decided: number;
  /** The forecast in the status rests on the history. */
  readonly learned: number;
}

export function findings(starts: readonly Start[], idle: MemoryWatch, crowded: Crowded): Findings {
  const { rounds, steps } = crowded;
  return {
    figures: [
      ...startFigures(starts),
      {
        name: 'idle, all processes, RSS',
        value: quantile(idle.rss, 1),
        unit: 'MiB',
        goal: { atMost: 250_000_000 / 2 ** 20 },
        from: `largest of ${idle.rss.length} samples, ${idle.processes.length} process(es)`,
      },
      {
        name: 'idle, all processes, Pss',
        value: quantile(idle.pss, 1),
        unit: 'MiB',
        from: 'the same samples',
      },
      ...(idle.storing.length === 0
        ? []
        : [
            {
              name: 'while LanceDB stores, RSS',
              value: quantile(idle.storing, 1),
              unit: 'MiB',
              from: `largest of ${idle.storing.length} samples, two processes`,
            },
          ]),
      {
        name: `${CROWD_SIZE} new policies, all with a status`,
        value: crowded.statusSeconds,
        unit: 's',
        from: 'one run',
      },
      {
        name: `${CROWD_SIZE} new policies, all with 14 days of history`,
        value: crowded.historySeconds,
        unit: 's',
        from: 'one run',
      },
      {
        name: `${CROWD_SIZE} policies, round, mean`,
        value: rounds.sum / rounds.count,
        unit: 's',
        from: `${ROUNDS}, ${rounds.count} rounds`,
      },
      {
        name: `${CROWD_SIZE} policies, longest round within`,
        value: boundOf(rounds, 1),
        unit: 's',
        from: 'bound of a bucket',
      },
      {
        name: `${CROWD_SIZE} policies, p99 of step() within`,
        value: 1000 * boundOf(steps, 0.99),
        unit: 'ms',
        from: `${STEPS}, ${steps.count} steps`,
      },
      {
        name: `${CROWD_SIZE} policies, all processes, RSS`,
        value: crowded.rss,
        unit: 'MiB',
        from: 'one sample after the rounds',
      },
    ],
    tables: [
      {
        title: 'Seconds from each start of the process:',
        columns: ['start', 'recommendation in status', 'decision applied', 'forecast from history in status'],
        rows: starts.map(({ recommended, decided, learned }, index) => [
          String(index + 1),
          ...[recommended, decided, learned].map((ms) => short(ms / 1000)),
        ]),
      },
      {
        title: 'Processes at rest:',
        columns: ['process', 'RSS (MiB)', 'Pss (MiB)'],
        rows: idle.processes.map(({ command, rss, pss }) => [programOf(command), short(rss), short(pss)]),
      },
    ],
    notes: [
      'The operator runs from its TypeScript sources, which Node strips of types at the start; the image runs compiled JavaScript.',
      `It starts ${starts.length} times with an empty state directory, each time before a policy that nobody has looked at; 14 days of history are in Prometheus. ` +
        'The first decision is seen when the status, read every 50 ms, says that it is applied; leader election and RBAC are real.',
      'RSS counts pages that processes share in each of them, Pss divides them. At rest: one policy, from 90 s after its last start on.',
      `The ${CROWD_SIZE} policies have a query each and a Deployment without pods. \`${ROUNDS}\` is measured from the first query to the last ` +
        'answer, with the policies queued.',
      'API server, etcd, Prometheus, KWOK and the load generator share the machine with the operator.',
    ],
  };
}

function startFigures(starts: readonly Start[]): Figure[] {
  const seconds = (name: keyof Start): number[] => starts.map((start) => start[name] / 1000);
  const from = `${starts.length} starts`;
  return [
    {
      name: 'start to first recommendation in status, median',
      value: median(seconds('recommended')),
      unit: 's',
      from,
    },
    { name: 'start to first applied decision, median', value: median(seconds('decided')), unit: 's', from },
    {
      name: 'start to first applied decision, longest',
      value: quantile(seconds('decided'), 1),
      unit: 's',
      goal: { atMost: GOAL_SECONDS },
      from,
    },
    {
      name: 'start to a forecast from 14 days of history in status, longest',
      value: quantile(seconds('learned'), 1),
      unit: 's',
      from,
    },
  ];
}

/** The path of the program without those of this machine. */
function programOf(command: string): string {
  return /(src|dist)\/[\w/-]+\.[jt]s/.exec(command)?.[0] ?? command.slice(0, 60);
}

/** The least bound that holds such a share of all: a histogram knows no more. */
function boundOf({ count, buckets }: HistogramSums, share: number): number {
  for (const [bound, within] of buckets) if (within >= share * count) return bound;
  return Infinity;
}
