import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { crc32 } from 'node:zlib';
import { CheckpointStore, type CheckpointOptions } from '../src/adapters/checkpoint/checkpoint-store.ts';
import { stateDigest } from '../src/adapters/checkpoint/state-digest.ts';
import { ShapeTable } from '../src/adapters/checkpoint/shape-table.ts';
import { ValueEncoder } from '../src/adapters/checkpoint/value-encoder.ts';
import type { CheckpointReport } from '../src/adapters/checkpoint/write-pass.ts';
import { ClusterView } from '../src/controllers/policy/cluster-view.ts';
import { learnedOf, withLearned, type LearnedState } from '../src/loop/learned-state.ts';
import type { PolicyView } from '../src/loop/policy-view.ts';
import { createPolicyState, type PolicyState } from '../src/loop/state.ts';
import { step } from '../src/loop/step.ts';
import { Fleet, historyOf, observationOf, TICK_MS } from './fleet.ts';
import { collectGarbage, memoryInUse } from './memory.ts';
import { median, short } from './statistics.ts';
import type { Figure, Findings, Suite } from './suite.ts';

const POLICIES = 10_000;
const FULL = 1000;

/** Two weeks are learned so often in each tier; the others are copies with arrays of their own. */
const DISTINCT_LOADS = 20;

/** An hour, so that start-up times, scaling history and the guards' memory are filled too. */
const TICKS = 240;
const PASSES = 5;
/** So many restored states are compared to the last bit. */
const COMPARED = 200;

const START = Date.UTC(2026, 4, 4, 12);

type Tier = 'Full' | 'Light';

interface Learned {
  readonly uid: string;
  readonly policy: PolicyView;
  readonly learned: LearnedState;
}

/** What a checkpoint of a whole fleet costs the loop beside it. */
export const checkpointSuite: Suite = {
  name: 'checkpoint',
  title: `Checkpoint of ${POLICIES} policies, ${FULL} of them in the full tier`,
  run: async ({ seed, progress }): Promise<Findings> => {
    progress(`${DISTINCT_LOADS} loads in each tier: 14 days and an hour`);
    const samples = { Full: learn('Full', seed), Light: learn('Light', seed + DISTINCT_LOADS) };
    const fleet = copies(samples);
    const directory = await mkdtemp(join(tmpdir(), 'bench-checkpoint-'));
    try {
      progress(`${PASSES} checkpoints`);
      const passes = await write(directory, fleet);
      const processorMs = encodingMs(fleet);
      progress('restore');
      const restored = await restore(directory, fleet);
      return findings({ samples, passes, processorMs, restored });
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};

/** Policies with one metric, each with a load of its own. */
function learn(tier: Tier, seed: number): readonly Omit<Learned, 'uid'>[] {
  const fleet = new Fleet({ policies: DISTINCT_LOADS, replicas: 10, seed, now: START });
  const views = fleet.members.map(({ view }): PolicyView => {
    const { spec } = view;
    return {
      ...view,
      spec: { ...spec, metrics: spec.metrics.slice(0, 1), forecast: { ...spec.forecast, tier } },
    };
  });
  for (const [index, member] of fleet.members.entries()) {
    const policy = views[index]!;
    const [past] = historyOf(member, START);
    const environment = { ...fleet.environment(member, START), policy };
    member.state = step(createPolicyState(policy, START), past!, environment).state;
  }
  for (let tick = 1; tick <= TICKS; tick += 1) {
    const now = START + tick * TICK_MS;
    const readings = fleet.advance(now);
    const cluster = new ClusterView(fleet.caches, fleet.views);
    for (const [index, member] of fleet.members.entries()) {
      const observation = observationOf(member, cluster, readings, now);
      const environment = { ...fleet.environment(member, now), policy: views[index]! };
      fleet.carryOut(member, step(member.state, { type: 'Tick', observation }, environment), now);
    }
  }
  return fleet.members.map(({ state }, index) => ({ policy: views[index]!, learned: learnedOf(state) }));
}

function copies(samples: Readonly<Record<Tier, readonly Omit<Learned, 'uid'>[]>>): readonly Learned[] {
  return Array.from({ length: POLICIES }, (_, index) => {
    const sample = samples[index < FULL ? 'Full' : 'Light'][index % DISTINCT_LOADS]!;
    const learned = structuredClone(sample.learned);
    return {
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      policy: sample.policy,
      learned,
    };
  });
}

function optionsOf(directory: string): CheckpointOptions {
  return {
    directory,
    schema: 1,
    structure: 'bench',
    app: 'bench',
    now: () => START,
    onProblem: (problem) => {
      throw new Error(problem);
    },
    onSlice: () => undefined,
  };
}

interface Pass extends CheckpointReport {
  readonly totalMs: number;
  /** Longest time in which a timer had to wait, ms. */
  readonly delayMs: number;
}

async function write(directory: string, fleet: readonly Learned[]): Promise<readonly Pass[]> {
  const store = await CheckpointStore.open(optionsOf(directory));
  const passes: Pass[] = [];
  for (let pass = 0; pass < PASSES; pass += 1) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const startedAt = performance.now();
    const report = await store.write(fleet, () => true);
    const totalMs = performance.now() - startedAt;
    delay.disable();
    if (report === undefined) throw new Error(store.problem);
    passes.push({ ...report, totalMs, delayMs: delay.max / 1e6 });
  }
  await store.close();
  return passes;
}

/** Ms of processor time in which the states are put into bytes: what of the blocking is not waiting for a processor. */
function encodingMs(fleet: readonly Learned[]): number {
  const encoder = new ValueEncoder(new ShapeTable());
  const before = process.cpuUsage();
  for (const { learned } of fleet) {
    encoder.append(learned);
    crc32(encoder.bytes);
    encoder.clear();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

interface RestoredFleet {
  /** Of one restored state in memory, mean; and of that what neither detectors nor the memory of situations take. */
  readonly kibibytes: number;
  readonly coreKibibytes: number;
  readonly openMs: number;
  readonly restoreMs: number;
  readonly differing: number;
}

/** As after a restart: policy by policy, on what their statuses tell. All of them stay, as they would. */
async function restore(directory: string, fleet: readonly Learned[]): Promise<RestoredFleet> {
  await collectGarbage();
  const empty = memoryInUse();
  const openedAt = performance.now();
  const store = await CheckpointStore.open(optionsOf(directory));
  const startedAt = performance.now();
  const states: PolicyState[] = [];
  for (const { uid, policy } of fleet) {
    const stored = await store.restore(uid);
    if (stored === undefined) throw new Error(`nothing was restored of ${uid}`);
    states.push(withLearned(createPolicyState(policy, START), stored.learned, policy));
  }
  const restoreMs = performance.now() - startedAt;
  const grownKibibytes = async (): Promise<number> => {
    await collectGarbage();
    const { heap, buffers } = memoryInUse();
    return (1024 * (heap + buffers - empty.heap - empty.buffers)) / POLICIES;
  };
  const kibibytes = await grownKibibytes();
  const cores = states.map(({ anomaly: _anomaly, situations: _situations, ...core }) => core);
  states.length = 0;
  const coreKibibytes = await grownKibibytes();
  if (cores.length !== POLICIES) throw new Error(`${cores.length} of ${POLICIES} states were restored`);
  const differing = await countDiffering(store, fleet);
  await store.close();
  return {
    kibibytes,
    coreKibibytes,
    openMs: startedAt - openedAt,
    restoreMs,
    differing,
  };
}

async function countDiffering(store: CheckpointStore, fleet: readonly Learned[]): Promise<number> {
  let differing = 0;
  for (let index = 0; index < fleet.length; index += POLICIES / COMPARED) {
    const { uid, learned } = fleet[index]!;
    if (stateDigest((await store.restore(uid))?.learned) !== stateDigest(learned)) differing += 1;
  }
  return differing;
}

interface Measured {
  readonly samples: Readonly<Record<Tier, readonly Omit<Learned, 'uid'>[]>>;
  readonly passes: readonly Pass[];
  readonly processorMs: number;
  readonly restored: RestoredFleet;
}

function findings({ samples, passes, processorMs, restored }: Measured): Findings {
  const from = `${PASSES} checkpoints`;
  const ofPasses = (name: string, value: (pass: Pass) => number, goal?: Figure['goal']): Figure => ({
    name,
    value: median(passes.map(value)),
    unit: 'ms',
    from: `median of ${from}`,
    ...(goal === undefined ? {} : { goal }),
  });
  const mebibytes = (passes[0]?.bytes ?? 0) / 2 ** 20;
  return {
    figures: [
      {
        name: 'states in memory',
        value: (restored.kibibytes * POLICIES) / 1024,
        unit: 'MiB',
        goal: { atMost: 200 },
        from: 'as restored: heap and array buffers, growth after garbage collection',
      },
      {
        name: 'the same, the decision core alone',
        value: (restored.coreKibibytes * POLICIES) / 1024,
        unit: 'MiB',
        goal: { atMost: 200 },
        from: 'the same states without anomaly detectors and memory of situations',
      },
      {
        name: 'checkpoint on disk',
        value: mebibytes,
        unit: 'MiB',
        from: 'one file; while it is written, two',
      },
      ofPasses('blocking, all slices of a checkpoint', (pass) => pass.blockedMs, { atMost: 100 }),
      {
        name: 'the same, processor time',
        value: processorMs,
        unit: 'ms',
        from: 'one more time, without the disk; without the waiting for other programs',
      },
      {
        name: 'blocking, longest slice',
        value: Math.max(...passes.map((pass) => pass.longestSliceMs)),
        unit: 'ms',
        goal: { atMost: 100 },
        from,
      },
      ofPasses('longest wait of a timer', (pass) => pass.delayMs),
      ofPasses('checkpoint, from the first slice until it is durable', (pass) => pass.totalMs),
      { name: 'restore: header and index', value: restored.openMs, unit: 'ms', from: 'once' },
      { name: 'restore: all states', value: restored.restoreMs, unit: 'ms', from: 'once, policy by policy' },
      {
        name: 'restored states that differ',
        value: restored.differing,
        unit: '',
        goal: { atMost: 0 },
        from: `${COMPARED} digests`,
      },
    ],
    tables: [
      {
        title: 'Of one policy:',
        columns: ['tier', 'series (KiB)', 'whole state (KiB)', 'objects', 'typed arrays'],
        rows: (['Full', 'Light'] as const).map((tier) => rowOf(tier, samples[tier])),
      },
      {
        title: 'Where it is, light tier:',
        columns: ['part', 'KiB', 'objects', 'typed arrays'],
        rows: partsOf(samples.Light[0]!.learned),
      },
    ],
    notes: [
      'Each policy has one metric with 14 days of history and one hour of ticks.',
      'A slice ends after 4 ms or a mebibyte; between two slices the disk takes the bytes, and everything else has its turn.',
      'Not compressed: zstd at its fastest takes a fifth off, for a third of a second of processor time in 140 MB.',
    ],
  };
}

function rowOf(tier: Tier, samples: readonly Omit<Learned, 'uid'>[]): readonly string[] {
  const sizes = samples.map(({ learned }) => ({ series: sizeOf(learned.demands), all: sizeOf(learned) }));
  const of = (value: (size: (typeof sizes)[number]) => number): string => short(median(sizes.map(value)));
  return [
    tier,
    of(({ series }) => series.bytes / 1024),
    of(({ all }) => all.bytes / 1024),
    of(({ all }) => all.objects),
    of(({ all }) => all.arrays),
  ];
}

/** A typed array takes some 200 bytes beside its numbers, an object some 50. */
function partsOf(learned: LearnedState): readonly (readonly string[])[] {
  const { demands, anomaly, situations, ...rest } = learned;
  const parts = {
    'demand and forecast': demands,
    'anomaly detectors': anomaly,
    'memory of situations': situations,
    'everything else': rest,
  };
  return Object.entries(parts).map(([name, part]) => {
    const { bytes, objects, arrays } = sizeOf(part);
    return [name, short(bytes / 1024), String(objects), String(arrays)];
  });
}

interface Size {
  /** In typed arrays, and eight for each number beside them. */
  readonly bytes: number;
  readonly objects: number;
  readonly arrays: number;
}

function sizeOf(value: unknown): Size {
  if (ArrayBuffer.isView(value)) return { bytes: value.byteLength, objects: 0, arrays: 1 };
  if (typeof value === 'number') return { bytes: 8, objects: 0, arrays: 0 };
  if (typeof value !== 'object' || value === null) return { bytes: 0, objects: 0, arrays: 0 };
  const parts = value instanceof Map ? [...value.values()] : Object.values(value);
  return parts.map(sizeOf).reduce(
    (sum, part) => ({
      bytes: sum.bytes + part.bytes,
      objects: sum.objects + part.objects,
      arrays: sum.arrays + part.arrays,
    }),
    { bytes: 0, objects: 1, arrays: 0 },
  );
}
