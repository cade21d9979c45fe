import { createHotIndex, type HotIndex } from '../src/loop/knowledge/recall/hot-index.ts';
import { nearest, type RecallQuery } from '../src/loop/knowledge/recall/nearest.ts';
import { recall } from '../src/loop/knowledge/recall/recall.ts';
import { rememberSituation } from '../src/loop/knowledge/recall/remember.ts';
import { EMBEDDING_DIMENSIONS, type Situation } from '../src/loop/knowledge/situation.ts';
import { randomStream } from '../src/simulate/random.ts';
import { collectGarbage, memoryInUse } from './memory.ts';
import { median, quantile, short } from './statistics.ts';
import { CrowdMember } from './situation-crowd.ts';
import type { Figure, Findings, Suite } from './suite.ts';

/** Windows of each workload: two days. */
const WINDOWS = 100;
const SIZES = [
  { size: 10_000, goal: 1 },
  { size: 100_000, goal: 5 },
] as const;
const NEIGHBOURS = 30;
const WARM_UP = 500;
/** Twenty of them are slower than the 99th percentile: five would tell of the machine's hiccups alone. */
const QUESTIONS = 2000;
/** Brute force is asked a tenth of them, and only its median is compared. */
const RIVAL_SHARE = 0.1;
/** Questions whose answers are compared with the rival's. */
const CHECKED = 100;
const MIB = 2 ** 20;

/** How long it takes to find what came of similar situations. */
export const memoryRetrievalSuite: Suite = {
  name: 'memory-retrieval',
  title: 'Memory: similar situations out of many',
  run: async ({ seed, progress }): Promise<Findings> => {
    const measured: Measured[] = [];
    for (const { size, goal } of SIZES) {
      progress(`${size} situations`);
      measured.push({ ...(await measure(size, seed)), size, goal });
    }
    return {
      figures: measured.flatMap(figuresOf),
      tables: [
        {
          title: `Milliseconds of ${QUESTIONS} questions for ${NEIGHBOURS} neighbours (brute force: ${QUESTIONS * RIVAL_SHARE}):`,
          columns: ['situations', 'way', 'p50, processor', 'p99, processor', 'p50, clock', 'p99, clock'],
          rows: measured.flatMap(({ size, ways }) =>
            ways.map(({ name, processor, clock }) => [
              String(size),
              name,
              ...[processor, clock].flatMap((times) => [short(median(times)), short(quantile(times, 0.99))]),
            ]),
          ),
        },
      ],
      notes: [
        `Situations are those of workloads with ${WINDOWS} windows each: simulated demand with days, noise and bursts, embedded by the product. Questions are windows that are not in the index, of workloads that are.`,
        `Both ways are exact and find the same distances, which is checked for ${CHECKED} questions.`,
        'Goals hold for processor time, which other programs on the machine lengthen less than time by the clock.',
      ],
    };
  },
};

interface Way {
  readonly name: string;
  readonly processor: number[];
  readonly clock: number[];
}

interface Measured {
  readonly size: number;
  readonly goal: number;
  readonly ways: readonly Way[];
  /** Bytes of the index. */
  readonly bytes: number;
  /** Ms for a new situation, median. */
  readonly insertion: number;
}

async function measure(size: number, seed: number): Promise<Omit<Measured, 'size' | 'goal'>> {
  const random = randomStream(seed, `crowd of ${size}`);
  const crowd = Array.from(
    { length: size / WINDOWS },
    (_, place) => new CrowdMember(`workload-${place}`, random),
  );
  await collectGarbage();
  const before = memoryInUse();
  const index = createHotIndex({ capacity: size });
  const rival = createBruteForce(size);
  const insertions: number[] = [];
  for (let window = 0; window < WINDOWS; window += 1) {
    for (const member of crowd) {
      const situation = member.situation(window);
      const started = performance.now();
      rememberSituation(index, situation);
      insertions.push(performance.now() - started);
      rival.add(situation);
    }
  }
  await collectGarbage();
  const after = memoryInUse();
  const queries = Array.from({ length: WARM_UP + QUESTIONS }, (_, question) =>
    queryOf(crowd[Math.floor(random() * crowd.length)]!.situation(WINDOWS + (question % 48))),
  );
  check(index, rival, queries);
  // One after the other: none pays for another's garbage.
  const ways = [
    timed('recall', queries, (query) => recall(index, query)),
    timed('search alone', queries, (query) => nearest(index, query, NEIGHBOURS)),
    timed('brute force', queries.slice(0, RIVAL_SHARE * queries.length), rival.search, RIVAL_SHARE * WARM_UP),
  ];
  const rivalBytes = 4 * EMBEDDING_DIMENSIONS * size;
  const used = after.heap + after.buffers - before.heap - before.buffers;
  return { ways, bytes: used * MIB - rivalBytes, insertion: median(insertions) };
}

function check(index: HotIndex, rival: BruteForce, queries: readonly RecallQuery[]): void {
  for (const query of queries.slice(0, CHECKED)) {
    const wanted = rival.search(query);
    for (const [place, distance] of nearest(index, query, NEIGHBOURS).distances.entries()) {
      if (Math.abs(distance - wanted[place]!) > 1e-6) {
        throw new Error(
          `neighbour ${place} of ${query.id} is ${distance} away, by brute force ${wanted[place]}`,
        );
      }
    }
  }
}

function timed(
  name: string,
  queries: readonly RecallQuery[],
  ask: (query: RecallQuery) => unknown,
  warmUp = WARM_UP,
): Way {
  const way: Way = { name, processor: [], clock: [] };
  for (const [question, query] of queries.entries()) {
    const [started, usage] = [performance.now(), process.cpuUsage()];
    ask(query);
    const { user, system } = process.cpuUsage(usage);
    if (question < warmUp) continue;
    way.clock.push(performance.now() - started);
    way.processor.push((user + system) / 1000);
  }
  return way;
}

function queryOf({
  id,
  at,
  embedding,
  embeddingVersion,
  policy,
  workloadClass,
  workload,
}: Situation): RecallQuery {
  return {
    id,
    embedding,
    embeddingVersion,
    policy,
    kind: workload.kind,
    workloadClass,
    sharing: 'Cluster',
    knownBy: at,
  };
}

type BruteForce = ReturnType<typeof createBruteForce>;

/** What one would write first: all distances, and the smallest of them by sorting. */
function createBruteForce(size: number) {
  const vectors = new Float32Array(size * EMBEDDING_DIMENSIONS);
  const owners: string[] = [];
  return {
    add: ({ embedding, policy }: Situation): void => {
      vectors.set(embedding, owners.length * EMBEDDING_DIMENSIONS);
      owners.push(policy.uid);
    },
    search: ({ embedding, policy }: RecallQuery): Float64Array => {
      const distances = new Float64Array(owners.length);
      for (let row = 0; row < distances.length; row += 1) {
        let sum = 0;
        const first = row * EMBEDDING_DIMENSIONS;
        for (let i = 0; i < EMBEDDING_DIMENSIONS; i += 1) sum += (vectors[first + i]! - embedding[i]!) ** 2;
        distances[row] = Math.sqrt(sum) * (owners[row] === policy.uid ? 1 : 1.3);
      }
      return distances.sort().subarray(0, NEIGHBOURS);
    },
  };
}

function figuresOf({ size, goal, ways, bytes, insertion }: Measured): readonly Figure[] {
  const [recalled, , brute] = ways;
  const from = `p99 of ${QUESTIONS} questions, processor time`;
  return [
    {
      name: `recall out of ${size}`,
      value: quantile(recalled!.processor, 0.99),
      unit: 'ms',
      goal: { atMost: goal },
      from,
    },
    {
      name: `brute force ÷ recall, ${size}`,
      value: median(brute!.processor) / median(recalled!.processor),
      unit: '×',
      from: 'medians of processor time',
    },
    { name: `a new situation among ${size}`, value: insertion, unit: 'ms', from: 'median' },
    {
      name: `index of ${size}`,
      value: bytes / MIB,
      unit: 'MiB',
      from: 'heap and array buffers after collection',
    },
  ];
}
