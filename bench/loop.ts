import { ClusterView } from '../src/controllers/policy/cluster-view.ts';
import type { Observation } from '../src/loop/monitor/observation.ts';
import { toleranceOf } from '../src/loop/plan/plan.ts';
import { resourceReplicas } from '../src/loop/plan/resource-replicas.ts';
import { step } from '../src/loop/step.ts';
import { Fleet, historyOf, observationOf, TICK_MS, type Member } from './fleet.ts';
import { median, quantile, short } from './statistics.ts';
import type { Findings, Suite } from './suite.ts';

/** A day of ticks: every hour's load, and enough of them for a 99th percentile. */
const TICKS = 5760;
const WARM_UP_TICKS = 1000;
const BLOCK_TICKS = 240;

/** A Monday noon: the same hours are measured whenever the benchmark runs. */
const START = Date.UTC(2026, 4, 4, 12);

/** One policy's loop without network, on a closed loop: its decisions change what it sees next. */
export const loopSuite: Suite = {
  name: 'loop',
  title: 'One policy: one turn of the loop, without network',
  run: ({ seed, progress }): Findings => {
    const ten = live(10, seed);
    const larger = [100, 1000].map((replicas) => {
      progress(`${replicas} pods`);
      return { replicas, times: live(replicas, seed) };
    });
    const from = `${TICKS} ticks of a day, 10 pods`;
    const loopsPerSecond = median(blocks(ten.step).map((block) => (1000 * block.length) / sum(block)));
    return {
      figures: [
        { name: 'step, median', value: median(ten.step), unit: 'ms', from },
        { name: 'step, p99', value: quantile(ten.step, 0.99), unit: 'ms', goal: { atMost: 20 }, from },
        {
          name: 'step, longest',
          value: quantile(ten.step, 1),
          unit: 'ms',
          from: `${from}; with garbage collection`,
        },
        {
          name: 'loops per second',
          value: loopsPerSecond,
          unit: '1/s',
          goal: { atLeast: 1000 },
          from: `median of ${TICKS / BLOCK_TICKS} hours, time within step()`,
        },
        {
          name: '14 days of history, two metrics',
          value: ten.backfill,
          unit: 'ms',
          from: 'once for a new policy',
        },
        {
          name: 'HPA arithmetic alone, median',
          value: median(ten.arithmetic),
          unit: 'ms',
          from: 'same observations',
        },
        {
          name: 'whole step ÷ HPA arithmetic',
          value: median(ten.step) / median(ten.arithmetic),
          unit: '×',
          from: 'the two medians',
        },
      ],
      tables: [
        {
          title: 'By size of the workload:',
          columns: ['pods', 'step, median (ms)', 'step, p99 (ms)', 'HPA arithmetic, median (ms)'],
          rows: [{ replicas: 10, times: ten }, ...larger].map(({ replicas, times }) => [
            String(replicas),
            short(median(times.step)),
            short(quantile(times.step, 0.99)),
            short(median(times.arithmetic)),
          ]),
        },
      ],
      notes: [
        'The policy has a Prometheus metric, a CPU metric and an objective; each metric has 14 days of history.',
        `${ten.actions} changes of the replicas were decided, carried out and judged during the day.`,
        '"HPA arithmetic alone" is this project\'s own port of replica_calculator.go for one metric, in the same process: what a ' +
          'reactive rule costs. It is not kube-controller-manager, and it neither forecasts, guards nor explains.',
      ],
    };
  },
};

interface Times {
  /** Ms of each tick. */
  readonly step: number[];
  readonly arithmetic: number[];
  backfill: number;
  actions: number;
}

function live(replicas: number, seed: number): Times {
  const fleet = new Fleet({ policies: 1, replicas, seed, now: START });
  const member = fleet.members[0]!;
  const times: Times = { step: [], arithmetic: [], backfill: 0, actions: 0 };
  const events = historyOf(member, START);
  const started = performance.now();
  for (const event of events)
    fleet.carryOut(member, step(member.state, event, fleet.environment(member, START)), START);
  times.backfill = performance.now() - started;
  for (let tick = 1; tick <= WARM_UP_TICKS + TICKS; tick += 1) {
    const now = START + tick * TICK_MS;
    const readings = fleet.advance(now);
    const observation = observationOf(member, new ClusterView(fleet.caches, fleet.views), readings, now);
    const environment = fleet.environment(member, now);
    const before = performance.now();
    const result = step(member.state, { type: 'Tick', observation }, environment);
    const stepMs = performance.now() - before;
    fleet.carryOut(member, result, now);
    const arithmeticMs = timeArithmetic(member, observation);
    if (tick <= WARM_UP_TICKS) continue;
    times.step.push(stepMs);
    times.arithmetic.push(arithmeticMs);
    times.actions += result.effects.filter(({ type }) => type === 'StoreIntent').length;
  }
  return times;
}

/** What the HPA's rule for CPU takes on what was just seen. */
function timeArithmetic({ view }: Member, { now, target, metrics }: Observation): number {
  const measured = metrics[1];
  if ('problem' in target || measured?.type !== 'Resource')
    throw new Error('the model has lost its CPU metric');
  const input = {
    pods: target.pods,
    usage: measured.usage,
    resource: 'cpu',
    target: { type: 'Utilization', percent: view.spec.metrics[1]?.resource?.target.averageUtilization ?? 70 },
    currentReplicas: target.specReplicas,
    tolerance: toleranceOf(view.spec),
    now,
  } as const;
  const before = performance.now();
  const result = resourceReplicas(input);
  const elapsed = performance.now() - before;
  if (!result.usable) throw new Error(`the model's CPU metric is not usable: ${result.message}`);
  return elapsed;
}

function blocks(values: readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: Math.floor(values.length / BLOCK_TICKS) }, (_, index) =>
    values.slice(index * BLOCK_TICKS, (index + 1) * BLOCK_TICKS),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
