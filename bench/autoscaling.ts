import { contenderSpeed } from './contender-speed.ts';
import { developmentTraces } from './development-traces.ts';
import { COLUMNS, notesOf, replay, summaryRow, type Replay, type World } from './replay.ts';
import type { Figure, Findings, Goal, Suite, Table } from './suite.ts';

/** Without noise most rivals cost what they cost with it: the whole table twice would tell little. */
const BESIDE_OURS = 'autonomic-calm,autonomic-scrape,autonomic-scrape-calm,paced-newsvendor,hpa,keda';

/** Held against the goals: the default, with requests read from the pods, and with fewer changes. */
const JUDGED = ['autonomic', 'autonomic-scrape', 'autonomic-scrape-calm'];

interface GoalWorld extends World {
  /** Largest median cost; where there is noise the further goals hold as well. */
  readonly goal?: number;
}

/** The protocol's two start-up times, with noise in the arrivals and without. */
const WORLDS: readonly GoalWorld[] = [
  { ...world('poisson', '20s', 'reference'), goal: 1.3 },
  { ...world('poisson', '120s', 'reference'), goal: 1.75 },
  world('linear', '20s', BESIDE_OURS),
  world('linear', '120s', BESIDE_OURS),
];

function world(arrivals: string, startup: string, rivals: string): World {
  return {
    title: `${arrivals} arrivals, start-up ${startup}`,
    flags: ['--arrivals', arrivals, '--startup', startup],
    rivals,
  };
}

/** Ours and the rivals, each tuned on the first week, on the development traces. */
export const autoscalingSuite: Suite = {
  name: 'autoscaling',
  title: 'Autoscaling: cost and violations against tuned rivals',
  run: async ({ data, seed, progress }): Promise<Findings> => {
    const traces = developmentTraces(data);
    if ('problem' in traces) return { figures: [], notes: [], skipped: traces.problem };
    const replays: Replay[] = [];
    for (const each of WORLDS) {
      progress(each.title);
      replays.push(await replay(traces, each, seed));
    }
    progress('speed');
    const speed = contenderSpeed(seed);
    return {
      figures: [...replays.flatMap(quality), ...resources(replays), ...speed.figures],
      tables: [...replays.map(summaryTable), speed.table],
      notes: notesOf(replays),
    };
  },
};

function quality(replayed: Replay, place: number): readonly Figure[] {
  return JUDGED.flatMap((name) => qualityOf(name, replayed, WORLDS[place]?.goal));
}

function qualityOf(name: string, { title, result }: Replay, cost: number | undefined): readonly Figure[] {
  const ours = result.summary.find((row) => row.name === name);
  if (ours === undefined) throw new Error(`the result lacks ${name}`);
  const figure = (what: string, value: number, unit: string, goal: Goal): Figure => ({
    name: `${name}: ${what}, ${title}`,
    value,
    unit,
    ...(cost === undefined ? {} : { goal }),
    from: `${ours.traces} traces`,
  });
  return [
    figure('cost over oracle, median', ours.medianCostOverOracle, '×', { atMost: cost ?? NaN }),
    figure('share meeting the objective', 100 * ours.shareMeetingTarget, '%', { atLeast: 100 }),
    figure('bad five-minute windows', 100 * ours.medianBadWindowShare, '%', { atMost: 8 }),
    figure('changes a day', ours.medianActionsPerDay, '', { atMost: 400 }),
  ];
}

function resources(replays: readonly Replay[]): readonly Figure[] {
  const slowest = replays.reduce((a, b) => (b.seconds > a.seconds ? b : a));
  const from = `${slowest.result.traces.length} traces × ${slowest.result.config.contenders.length} contenders, tuning included`;
  return [
    { name: 'one backtest, longest of four', value: slowest.seconds / 60, unit: 'min', from },
    {
      name: 'its memory (RSS)',
      value: Math.max(...replays.map(({ memory }) => memory)),
      unit: 'MiB',
      goal: { atMost: 1024 },
      from: 'largest seen, all threads',
    },
  ];
}

function summaryTable({ title, result }: Replay): Table {
  return {
    title: `${title[0]!.toUpperCase()}${title.slice(1)}:`,
    columns: COLUMNS,
    rows: result.summary.map(summaryRow),
  };
}
