import { developmentTraces } from './development-traces.ts';
import { COLUMNS, notesOf, replay, summaryRow, type Replay, type World } from './replay.ts';
import type { Findings, Suite, Table } from './suite.ts';

const RIVALS = 'autonomic-calm,hpa';
/** Whom fresher metrics help how much. */
const EVERYBODY = 'all';

/** Each differs from the protocol in what its title says. */
const WORLDS: readonly World[] = [
  ...['20s', '120s'].map((startup) =>
    other(`objective 0.2 %, start-up ${startup}`, { startup, target: '0.2%' }),
  ),
  ...['5s', '45s', '180s'].map((startup) => other(`start-up ${startup}`, { startup })),
  ...['overdispersed', 'rough'].map((arrivals) => other(`${arrivals} arrivals, start-up 20s`, { arrivals })),
  ...['20s', '120s'].map((startup) => ({
    ...other(`metrics 5 s old, start-up ${startup}`, { startup, metricAge: '5s' }),
    rivals: EVERYBODY,
  })),
  ...['2', '3'].map((seed) => other(`seed ${seed}, start-up 20s`, { seed })),
];

interface Change {
  readonly startup?: string;
  readonly target?: string;
  readonly arrivals?: string;
  readonly seed?: string;
  readonly metricAge?: string;
}

function other(
  title: string,
  { startup = '20s', target = '1%', arrivals = 'poisson', seed, metricAge = '30s' }: Change,
): World {
  return {
    title,
    flags: [
      ...['--startup', startup, '--slo-target', target, '--arrivals', arrivals],
      ...['--metric-age', metricAge],
      ...(seed === undefined ? [] : ['--seed', seed]),
    ],
    rivals: RIVALS,
  };
}

const ABLATIONS: readonly World[] = ['20s', '120s'].map((startup) => ({
  title: `start-up ${startup}`,
  flags: ['--startup', startup],
  rivals: 'ablations',
}));

/** Longer than a default run should take: asked for by name. */
export const autoscalingWorldsSuite: Suite = {
  name: 'autoscaling-worlds',
  title: 'Autoscaling in other worlds: tighter objective, start-up times, arrivals, seeds',
  onlyByName: true,
  run: ({ data, seed, progress }) => replayAll(WORLDS, { data, seed, progress }),
};

export const autoscalingAblationsSuite: Suite = {
  name: 'autoscaling-ablations',
  title: 'Autoscaling with one part left out',
  onlyByName: true,
  run: ({ data, seed, progress }) => replayAll(ABLATIONS, { data, seed, progress }),
};

async function replayAll(
  worlds: readonly World[],
  { data, seed, progress }: Parameters<Suite['run']>[0],
): Promise<Findings> {
  const traces = developmentTraces(data);
  if ('problem' in traces) return { figures: [], notes: [], skipped: traces.problem };
  const replays: Replay[] = [];
  for (const world of worlds) {
    progress(world.title);
    replays.push(await replay(traces, world, seed));
  }
  return { figures: [], tables: [worldsTable(replays)], notes: notesOf(replays) };
}

function worldsTable(replays: readonly Replay[]): Table {
  return {
    title: 'By world:',
    columns: ['world', ...COLUMNS],
    rows: replays.flatMap(({ title, result }) => result.summary.map((row) => [title, ...summaryRow(row)])),
  };
}
