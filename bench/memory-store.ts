import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Journal } from '../src/adapters/journal/journal.ts';
import { KnowledgeStore, type KnowledgeStoreOptions } from '../src/adapters/lancedb/knowledge-store.ts';
import { documentRecord } from '../src/loop/knowledge/document.ts';
import { DAMAGES, damageAndLook, makeStore, type DamageVerdict } from '../test/support/knowledge-damage.ts';
import { killAndCount } from '../test/support/knowledge-kills.ts';
import { documentFixture } from '../test/support/memory-fixtures.ts';
import { deleteOldest, joins, NOW, sustain, type Sustained } from './memory-store-features.ts';
import { loadSituations, type LoadTimes } from './memory-store-load.ts';
import { growForADay, SIX_HOURS, type HourOfGrowth } from './memory-store-growth.ts';
import { ticksWhileCompacting } from './memory-store-ticks.ts';
import { median, quantile, short } from './statistics.ts';
import type { Figure, Findings, Suite, SuiteOptions, Table } from './suite.ts';

const DOCUMENT_ROUNDS = 50;
const JOINS = 100;
/** More than the goal, so that what is stored in the end is what the store can do and not what it was given. */
const SUSTAINED = { perSecond: 11_000, seconds: 180 };
const LIVES = 40;
const STORE_KILLS = 4;
const DAMAGE_TRIALS = 200;

/** What the store of knowledge does and takes, on a disk and with faults. */
export const memoryStoreSuite: Suite = {
  name: 'memory-store',
  title: 'Knowledge store: durability, features, size, faults',
  run: async (options): Promise<Findings> => {
    // Beside the results, and not in /tmp: that may be memory.
    const root = await mkdtemp(join(import.meta.dirname, 'results', 'store-'));
    try {
      return await measure(root, options);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  },
};

async function measure(root: string, { seed, progress }: SuiteOptions): Promise<Findings> {
  const documents = await withStore(root, 'documents', {}, (_, journal) => documentTimes(journal));
  progress(`${SUSTAINED.perSecond} rows of features each second for ${SUSTAINED.seconds} s, then joins`);
  const sustained = await withStore(root, 'features', {}, (store) => sustain(store, SUSTAINED));
  const [first = NaN, ...times] = await withStore(root, 'features', {}, (store) =>
    joins(store, sustained, JOINS + 1),
  );
  const deleting = await deleteOldest(join(root, 'features', 'store'), Math.floor(sustained.rows * 0.75));
  progress('24 accelerated hours');
  const clock = { now: NOW };
  const day = { limits: SIX_HOURS, keepVersionsMs: 1000, now: () => clock.now };
  const growth = await withStore(root, 'growth', day, (store, journal) =>
    growForADay(store, journal, { directory: join(root, 'growth', 'store'), clock }),
  );
  progress('50,000 situations into memory');
  const load = await loadSituations(join(root, 'load'), 50_000);
  progress('ticks while the store compacts');
  const ticks = await ticksWhileCompacting(join(root, 'ticks'), seed);
  progress(`${LIVES * (STORE_KILLS + 1)} kills`);
  const kills = await killAndCount(join(root, 'kills'), { lives: LIVES, storeKills: STORE_KILLS });
  progress(`${DAMAGE_TRIALS} damaged files`);
  const damaged = await damages(join(root, 'damages'));
  const [half, full] = [growth[11], growth[23]].map((hour) => hour?.size ?? NaN) as [number, number];
  return {
    figures: [
      {
        name: '100 documents, durable',
        value: median(documents),
        unit: 'ms',
        goal: { atMost: 10 },
        from: `median of ${DOCUMENT_ROUNDS}, in the journal; p99 ${short(quantile(documents, 0.99))} ms`,
      },
      ...featureFigures(sustained, times, deleting),
      ...loadFigures(load),
      {
        name: 'size after 24 h ÷ after 12 h',
        value: full / half,
        unit: '×',
        goal: { atMost: 1.2 },
        from: '200 workloads, six hours are kept',
      },
      {
        name: 'tick p99, compacting ÷ alone',
        value: ticks.ratio,
        unit: '×',
        goal: { atMost: 1.05 },
        from: `median of ${ticks.alone.length} pairs of blocks, 95 %: ${ticks.interval.map(short).join(' … ')}; ${ticks.compactions} compactions`,
      },
      {
        name: 'kills',
        value: kills.kills,
        unit: '',
        goal: { atLeast: 200 },
        from: 'of the store and of the operator',
      },
      lossFigure('acknowledged records lost', kills.lost.length, kills.acknowledged),
      lossFigure('records told twice', kills.doubled.length, kills.acknowledged),
      {
        name: 'damaged files',
        value: damaged.length,
        unit: '',
        goal: { atLeast: 200 },
        from: damageSummary(damaged),
      },
      lossFigure(
        'wrong rows told',
        damaged.reduce((sum, { wrong }) => sum + wrong, 0),
        damaged.length,
      ),
      lossFigure('stores not whole again', damaged.filter(({ whole }) => !whole).length, damaged.length),
    ],
    tables: [growthTable(growth), residentTable(sustained)],
    notes: [
      `The first join in a new process, which brings the index up to date, took ${short(first)} ms.`,
      'Joins and features go through the store’s process, as in the operator: the times contain both ways between the processes.',
      'A day is accelerated: the clock of the rows runs, that of the files does not, so superseded versions are kept for 1 s instead of 10 min.',
      `p99 of the ticks alone, each block: ${ticks.alone.map(short).join(', ')} ms; compacting: ${ticks.compacting.map(short).join(', ')} ms.`,
    ],
  };
}

function featureFigures(sustained: Sustained, times: readonly number[], deleting: number): readonly Figure[] {
  const { rows, seconds, dropped, processStarts } = sustained;
  const from = `${rows} rows in ${short(seconds)} s, ${dropped} dropped`;
  return [
    {
      name: 'features for 1,000 labels',
      value: quantile(times, 0.99),
      unit: 'ms',
      goal: { atMost: 100 },
      from: `p99 of ${times.length} joins on ${rows} rows; median ${short(median(times))} ms`,
    },
    { name: 'rows of features stored', value: rows / seconds, unit: '1/s', goal: { atLeast: 10_000 }, from },
    {
      name: 'memory of the store’s process meanwhile',
      value: Math.max(...sustained.resident),
      unit: 'MiB',
      goal: { atMost: 400 },
      from: `largest of one look each 50 ms, ${processStarts} processes`,
    },
    {
      name: 'and while the oldest quarter is deleted',
      value: deleting,
      unit: 'MiB',
      goal: { atMost: 400 },
      from: `${Math.floor(rows * 0.75)} rows are written anew; largest of one look each 20 ms`,
    },
  ];
}

function loadFigures({ count, load, stall, objects }: LoadTimes): readonly Figure[] {
  const from = `${count} situations with ${short(objects)} ms to make objects of them`;
  return [
    { name: 'situations for the index in memory', value: load, unit: 'ms', from },
    { name: 'the operator held up by it', value: stall, unit: 'ms', from: 'longest turn of the event loop' },
  ];
}

function lossFigure(name: string, value: number, of: number): Figure {
  return { name, value, unit: '', goal: { atMost: 0 }, from: `of ${of}` };
}

async function documentTimes(journal: Journal): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < DOCUMENT_ROUNDS; round += 1) {
    const records = Array.from({ length: 100 }, (_, i) =>
      documentRecord(
        documentFixture(`r${i}`, { at: NOW + round, text: 'what to do when it fails. '.repeat(20) }),
      ),
    );
    const before = performance.now();
    await Promise.all(records.map((record) => journal.append(record)));
    times.push(performance.now() - before);
  }
  return times;
}

async function damages(directory: string): Promise<readonly DamageVerdict[]> {
  await makeStore(directory);
  const verdicts: DamageVerdict[] = [];
  for (let trial = 0; trial < DAMAGE_TRIALS; trial += 1) {
    const damage = DAMAGES[trial % DAMAGES.length] ?? 'deleted';
    verdicts.push(await damageAndLook(directory, damage, Math.random));
  }
  return verdicts;
}

function damageSummary(verdicts: readonly DamageVerdict[]): string {
  const noticed = verdicts.filter((verdict) => verdict.noticed).length;
  return `bits flipped, cut short, emptied, deleted: ${noticed} noticed and mended, ${verdicts.length - noticed} harmless`;
}

function growthTable(hours: readonly HourOfGrowth[]): Table {
  return {
    title: 'Size of the store over a day (six hours are kept):',
    columns: ['hour', 'MiB', 'files', 'process (MiB)'],
    rows: hours.map(({ hour, size, files, resident }) => [hour, size, files, resident].map(cell)),
  };
}

function residentTable({ resident }: Sustained): Table {
  const every = 5;
  return {
    title: `Memory of the store’s process at ${SUSTAINED.perSecond} rows of features each second:`,
    columns: ['second', 'MiB, largest of five seconds'],
    rows: Array.from({ length: Math.ceil(resident.length / every) }, (_, i) => [
      String((i + 1) * every),
      cell(Math.max(...resident.slice(i * every, (i + 1) * every))),
    ]),
  };
}

function cell(value: number): string {
  return Number.isNaN(value) ? 'none' : short(value);
}

async function withStore<Result>(
  root: string,
  name: string,
  options: Partial<KnowledgeStoreOptions>,
  use: (store: KnowledgeStore, journal: Journal) => Promise<Result>,
): Promise<Result> {
  const directory = join(root, name);
  const journal = await Journal.open({ directory: join(directory, 'journal') });
  const location = { uri: join(directory, 'store') };
  const store = new KnowledgeStore({ location, journal, now: () => NOW - 30 * 24 * 3_600_000, ...options });
  try {
    store.start();
    if (!(await store.drain(60_000))) throw new Error(JSON.stringify(store.health));
    return await use(store, journal);
  } finally {
    await store.close();
    await journal.close();
  }
}
