import { serialize } from 'node:v8';
import { seededRandom } from '../src/simulate/random.ts';
import { faultOutcomes, faultTable, quietFigures, quietTable, quietWeeks } from './anomaly-loop-quality.ts';
import { SimulatedWatch, SimulatedWorkload, type SimulatedValues } from './anomaly-loop-workload.ts';
import { collectGarbage, memoryInUse } from './memory.ts';
import { median, quantile } from './statistics.ts';
import type { Figure, Findings, Suite } from './suite.ts';

const BUDGETS = [0.5, 1, 2];
const QUIET = { workloads: 20, weeks: 4 };
const FAULTY_WORKLOADS = 12;
const SIGNALS = 8;
const FLEET = 1250;
/** So that detectors have a baseline and leaks are evaluated. */
const FLEET_LEARN_MINUTES = 200;
const FLEET_MINUTES = 40;
const ONE_LEARN_MINUTES = 3000;
const TICK_SECONDS = [0, 15, 30, 45];

/** What looking for anomalies costs in the loop, and what it tells of usual weeks and of faults. */
export const anomalyLoopSuite: Suite = {
  name: 'anomaly-loop',
  title: 'Anomaly detection in the loop: time, memory, false alarms, faults',
  run: async ({ seed, progress }): Promise<Findings> => {
    progress('one policy');
    const one = oneFigures(seed);
    progress(`${FLEET} policies`);
    const fleet = await fleetFigures(seed);
    const quiet = BUDGETS.map((falseAlarmsPerWeek) => {
      progress(`usual weeks at a budget of ${falseAlarmsPerWeek}`);
      return quietWeeks({ ...QUIET, falseAlarmsPerWeek, seed: seed + 100 });
    });
    progress('faults');
    const faults = faultOutcomes(FAULTY_WORKLOADS, seed + 500);
    return {
      figures: [...one, ...fleet, ...quietFigures(quiet)],
      tables: [quietTable(quiet), faultTable(faults)],
      notes: [
        'Simulated workloads with eight signals: days, weekends, noise and what wanders within an hour. Real ones have deployments and jobs, and raise more.',
        'Each workload has a threshold of its own; no fleet is looked at, and nothing is suppressed.',
        'A budget counts false alarms; 1.5 alarms are taken to contain one, because some weeks have incidents. Here all of them are false.',
        'In quality runs a minute has one tick.',
      ],
    };
  },
};

function oneFigures(seed: number): Figure[] {
  const workload = new SimulatedWorkload(seededRandom(seed));
  const watch = new SimulatedWatch(1);
  for (let minute = 0; minute < ONE_LEARN_MINUTES; minute += 1)
    watch.observe(minute, 0, workload.values(minute));
  const between: number[] = [];
  const ends: number[] = [];
  for (let minute = ONE_LEARN_MINUTES; minute < 2 * ONE_LEARN_MINUTES; minute += 1) {
    const values = workload.values(minute);
    for (const second of TICK_SECONDS) {
      const began = performance.now();
      watch.observe(minute, second, values);
      (second === 0 ? ends : between).push(1000 * (performance.now() - began));
    }
  }
  const from = `${SIGNALS} signals, ${ends.length} minutes of ${TICK_SECONDS.length} ticks`;
  return [
    { name: 'a tick within a minute', value: median(between), unit: 'µs', from: `median, ${from}` },
    { name: 'the end of a minute', value: median(ends), unit: 'µs', from: `median, ${from}` },
    {
      name: 'the end of a minute, p99',
      value: quantile(ends, 0.99),
      unit: 'µs',
      from: `${from}, where leaks are evaluated`,
    },
    {
      name: 'a minute of ticks',
      value: (ends.reduce((a, b) => a + b, 0) + between.reduce((a, b) => a + b, 0)) / ends.length,
      unit: 'µs',
      from: `mean, ${from}`,
    },
    {
      name: 'state of a workload, stored',
      value: serialize(watch.state).length / 1024,
      unit: 'KiB',
      from: 'v8.serialize, all eight signals',
    },
  ];
}

async function fleetFigures(seed: number): Promise<Figure[]> {
  await collectGarbage();
  const before = heldMib();
  const watches = Array.from({ length: FLEET }, () => new SimulatedWatch(1));
  const workloads = watches.map((_, k) => new SimulatedWorkload(seededRandom(seed + k)));
  const milliseconds: number[] = [];
  for (let minute = 0; minute < FLEET_LEARN_MINUTES + FLEET_MINUTES; minute += 1) {
    const values: SimulatedValues[] = workloads.map((workload) => workload.values(minute));
    const began = performance.now();
    for (const [k, watch] of watches.entries()) watch.observe(minute, 0, values[k]!);
    if (minute >= FLEET_LEARN_MINUTES) milliseconds.push(performance.now() - began);
  }
  await collectGarbage();
  const mib = heldMib() - before;
  const from = `${FLEET} workloads × ${SIGNALS} signals, ${FLEET_MINUTES} minutes after ${FLEET_LEARN_MINUTES}`;
  return [
    {
      name: '10,000 series: the tick that ends a minute',
      value: median(milliseconds),
      unit: 'ms',
      goal: { atMost: 100 },
      from: `median, ${from}`,
    },
    {
      name: '10,000 series: the slowest such tick',
      value: Math.max(...milliseconds),
      unit: 'ms',
      from,
    },
    {
      name: 'memory of a workload',
      value: (1024 * mib) / FLEET,
      unit: 'KiB',
      from: `heap and typed arrays after a garbage collection, ${watches.length} workloads`,
    },
  ];
}

function heldMib(): number {
  const { heap, buffers } = memoryInUse();
  return heap + buffers;
}
