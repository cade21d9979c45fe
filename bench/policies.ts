import { OperatorMetrics } from '../src/adapters/http/operator-metrics.ts';
import type { Readings } from '../src/adapters/prometheus/workload-metrics.ts';
import { ClusterView } from '../src/controllers/policy/cluster-view.ts';
import { needsOf } from '../src/controllers/policy/measure.ts';
import { policyConditions } from '../src/controllers/policy/status/policy-conditions.ts';
import { observedStatus } from '../src/controllers/policy/status/policy-status.ts';
import { exposeReport } from '../src/controllers/policy/policy-telemetry.ts';
import { StatusKeeper } from '../src/controllers/policy/status/status-keeper.ts';
import type { PolicyView } from '../src/loop/policy-view.ts';
import { step } from '../src/loop/step.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { Fleet, historyOf, observationOf, TICK_MS } from './fleet.ts';
import { collectGarbage, memoryInUse } from './memory.ts';
import { median, quantile, short } from './statistics.ts';
import type { Findings, Suite } from './suite.ts';

const POLICIES = 1000;
const PODS_EACH = 10;

/** Two weeks of two metrics take a sixth of a second: a thousand would be three minutes of waiting. */
const DISTINCT_LOADS = 50;

const WARM_UP_ROUNDS = 20;
/** Half an hour of ticks. */
const ROUNDS = 120;
const START = Date.UTC(2026, 4, 4, 12);

const HEALTHY = { journal: undefined, knowledgeStore: undefined, prometheus: undefined };

const PHASES = ['needs', 'cluster view', 'observe', 'step', 'status', 'metrics', 'flush'] as const;
type Phases = Record<(typeof PHASES)[number], number>;

/** What a round of many policies costs, from the readings to the statuses that would be written. */
export const policiesSuite: Suite = {
  name: 'policies',
  title: `${POLICIES} policies in one process: one round, without network`,
  run: async ({ seed, progress }): Promise<Findings> => {
    await collectGarbage();
    const empty = memoryInUse();
    progress(`${POLICIES} policies learn 14 days`);
    const fleet = new Fleet({
      policies: POLICIES,
      replicas: PODS_EACH,
      seed,
      now: START,
      distinctLoads: DISTINCT_LOADS,
    });
    learn(fleet);
    progress('rounds');
    const rounds = new Rounds(fleet);
    const [totals, processor]: [number[], number[]] = [[], []];
    const phases: Phases[] = [];
    let written = 0;
    for (let round = 1; round <= WARM_UP_ROUNDS + ROUNDS; round += 1) {
      const now = START + round * TICK_MS;
      const readings = fleet.advance(now);
      const [before, cpuBefore] = [performance.now(), process.cpuUsage()];
      const result = await rounds.run(readings, now);
      const [elapsed, cpu] = [performance.now() - before, process.cpuUsage(cpuBefore)];
      if (round <= WARM_UP_ROUNDS) continue;
      totals.push(elapsed);
      processor.push((cpu.user + cpu.system) / 1000);
      phases.push(result.phases);
      written += result.written;
    }
    await collectGarbage();
    const full = memoryInUse();
    const state = bytesOf(fleet.members.map((member) => member.state)) / 2 ** 20;
    return findings({ totals, processor, phases, written, used: subtract(full, empty), state, fleet });
  },
};

/** Few histories are learned, and copied: `structuredClone` gives each policy arrays of its own. */
function learn(fleet: Fleet): void {
  for (const [index, member] of fleet.members.entries()) {
    const twin = fleet.members[index % DISTINCT_LOADS]!;
    if (twin === member) {
      for (const event of historyOf(member, START)) {
        fleet.carryOut(member, step(member.state, event, fleet.environment(member, START)), START);
      }
      continue;
    }
    const demands = member.state.demands.map(({ key }, place) => ({
      key,
      forecaster: structuredClone(twin.state.demands[place]!.forecaster),
    }));
    member.state = { ...member.state, demands };
  }
}

/** The controller's round as it is, with journal and API server left out. */
class Rounds {
  readonly #fleet: Fleet;
  readonly #metrics = new OperatorMetrics('bench');
  readonly #keepers: readonly StatusKeeper[];
  #now = START;
  #written = 0;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    const clock = { ...systemClock, now: () => this.#now };
    this.#keepers = fleet.views.map((view) => new StatusKeeper(this.#writerOf(view), view, clock));
  }

  /** An API server that takes everything. */
  #writerOf({ uid, generation }: PolicyView): ConstructorParameters<typeof StatusKeeper>[0] {
    return {
      read: () => Promise.resolve({ uid, generation, resourceVersion: '1', status: {} }),
      write: (_key, resourceVersion, status) => {
        this.#written += 1;
        return Promise.resolve({ uid, generation, resourceVersion, status });
      },
    };
  }

  async run(readings: Readings, now: number): Promise<{ phases: Phases; written: number }> {
    this.#now = now;
    this.#written = 0;
    const { members, views, caches } = this.#fleet;
    const phases = Object.fromEntries(PHASES.map((phase) => [phase, 0])) as Phases;
    let last = performance.now();
    const lap = (phase: keyof Phases): void => {
      const at = performance.now();
      phases[phase] += at - last;
      last = at;
    };
    needsOf(views);
    lap('needs');
    const cluster = new ClusterView(caches, views);
    lap('cluster view');
    for (const [index, member] of members.entries()) {
      const { view } = member;
      const observation = observationOf(member, cluster, readings, now);
      lap('observe');
      const result = step(member.state, { type: 'Tick', observation }, this.#fleet.environment(member, now));
      lap('step');
      const { report } = result;
      if (report === undefined) throw new Error('a tick must report');
      const conditions = policyConditions(member.status.conditions ?? [], view, report, HEALTHY);
      member.status = observedStatus(member.status, view, report, conditions);
      lap('status');
      exposeReport(this.#metrics, view, report);
      lap('metrics');
      this.#fleet.carryOut(member, result, now);
      lap('step');
      const keeper = this.#keepers[index]!;
      keeper.set(member.status);
      await keeper.flush();
      lap('flush');
    }
    return { phases, written: this.#written };
  }
}

interface Measured {
  /** Ms of each round, by the clock and by the processors. */
  readonly totals: readonly number[];
  readonly processor: readonly number[];
  readonly phases: readonly Phases[];
  readonly written: number;
  readonly used: Memory;
  /** MiB in typed arrays. */
  readonly state: number;
  readonly fleet: Fleet;
}

type Memory = ReturnType<typeof memoryInUse>;

function findings({ totals, processor, phases, written, used, state, fleet }: Measured): Findings {
  const from = `${ROUNDS} rounds of ${POLICIES} policies, ${fleet.caches.pods.size} pods at the end`;
  const loops = (phase: readonly number[]): number => (1000 * POLICIES) / median(phase);
  return {
    figures: [
      { name: 'round, median', value: median(totals), unit: 'ms', from },
      { name: 'round, longest', value: quantile(totals, 1), unit: 'ms', goal: { atMost: 1000 }, from },
      {
        name: 'round, longest, processor time',
        value: quantile(processor, 1),
        unit: 'ms',
        from: 'the same rounds; without the waiting for other programs, with all threads',
      },
      {
        name: 'loops per second',
        value: loops(totals),
        unit: '1/s',
        goal: { atLeast: 1000 },
        from: 'median round',
      },
      {
        name: 'loops per second, step() alone',
        value: loops(phases.map((phase) => phase.step)),
        unit: '1/s',
        from: 'median round',
      },
      {
        name: 'statuses written',
        value: written / ROUNDS,
        unit: 'per round',
        from: `${ROUNDS} rounds`,
      },
      { name: 'states of all policies', value: state, unit: 'MiB', from: 'bytes of their typed arrays' },
      {
        name: 'heap and array buffers',
        value: used.heap + used.buffers,
        unit: 'MiB',
        from: 'growth after garbage collection',
      },
      {
        name: 'resident memory',
        value: used.resident,
        unit: 'MiB',
        from: 'growth of RSS after garbage collection',
      },
    ],
    tables: [
      {
        title: 'Where a round goes:',
        columns: ['part', 'median (ms)', 'longest (ms)'],
        rows: PHASES.map((name) => {
          const times = phases.map((phase) => phase[name]);
          return [name, short(median(times)), short(quantile(times, 1))];
        }),
      },
    ],
    notes: [
      'Each policy has a Prometheus metric, a CPU metric, an objective and 14 days of history; ten policies share a namespace.',
      `The ${POLICIES} policies have ${DISTINCT_LOADS} different loads, so that decisions come in bunches of ${POLICIES / DISTINCT_LOADS}.`,
      'A round is: needs → cluster view → observation → step with the answers to its effects → conditions, status, metrics → the keeper of the ' +
        'status, which writes to memory. Prometheus, journal and API server are left out; the suite `process` has them.',
      'Memory includes the model of the cluster (pods, workloads, loads), which a real operator has as caches of its watches.',
    ],
  };
}

function subtract(after: Memory, before: Memory): Memory {
  return {
    heap: after.heap - before.heap,
    buffers: after.buffers - before.buffers,
    resident: after.resident - before.resident,
  };
}

function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + bytesOf(part), 0);
}
