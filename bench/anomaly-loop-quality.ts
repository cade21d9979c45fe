import { serialize, deserialize } from 'node:v8';
import type { AnomalyKind } from '../src/loop/analyze/anomaly/anomaly.ts';
import type { AnomalyReport } from '../src/loop/analyze/anomaly/observe-anomalies.ts';
import { seededRandom } from '../src/simulate/random.ts';
import {
  DAY_MINUTES,
  SimulatedWatch,
  SimulatedWorkload,
  type SimulatedValues,
} from './anomaly-loop-workload.ts';
import { median, short } from './statistics.ts';
import type { Figure, Table } from './suite.ts';

const LEARN_MINUTES = 2 * DAY_MINUTES;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** Alarms of usual weeks, after two days, at one budget. */
export interface QuietWeeks {
  readonly falseAlarmsPerWeek: number;
  readonly workloads: number;
  readonly weeks: number;
  readonly alarms: number;
  readonly byKind: ReadonlyMap<AnomalyKind, number>;
}

export interface QuietOptions {
  readonly falseAlarmsPerWeek: number;
  readonly workloads: number;
  readonly weeks: number;
  readonly seed: number;
}

export function quietWeeks({ falseAlarmsPerWeek, workloads, weeks, seed }: QuietOptions): QuietWeeks {
  const byKind = new Map<AnomalyKind, number>();
  let alarms = 0;
  for (let k = 0; k < workloads; k += 1) {
    const workload = new SimulatedWorkload(seededRandom(seed + k));
    const watch = new SimulatedWatch(falseAlarmsPerWeek);
    for (let minute = 0; minute < LEARN_MINUTES + weeks * WEEK_MINUTES; minute += 1) {
      const { opened } = watch.observe(minute, 0, workload.values(minute));
      if (minute < LEARN_MINUTES || opened.length === 0) continue;
      // What begins in the same minute is told in one piece.
      alarms += 1;
      for (const { kind } of opened) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
    }
  }
  return { falseAlarmsPerWeek, workloads, weeks, alarms, byKind };
}

interface Fault {
  readonly name: string;
  readonly kinds: ReadonlySet<AnomalyKind>;
  readonly minutes: number;
  readonly change: (values: SimulatedValues, minute: number) => SimulatedValues;
}

const surge = (factor: number): Fault => ({
  name: `surge: ${factor} times the load`,
  kinds: new Set(['Spike', 'LevelShift']),
  minutes: 20,
  change: (values) => ({
    ...values,
    load: factor * values.load,
    cpu: factor * values.cpu,
    receive: factor * values.receive,
    transmit: factor * values.transmit,
  }),
});

const slow = (factor: number): Fault => ({
  name: `degradation: ${factor} times the latency`,
  kinds: new Set(['Degradation']),
  minutes: 20,
  change: (values) => ({ ...values, latency: factor * values.latency }),
});

const FAULTS: readonly Fault[] = [
  surge(1.5),
  surge(2),
  surge(4),
  slow(1.5),
  slow(2),
  slow(4),
  {
    name: 'missing: all but memory',
    kinds: new Set(['Missing']),
    minutes: 20,
    change: (values) => ({
      load: NaN,
      latency: NaN,
      errors: NaN,
      queue: NaN,
      cpu: NaN,
      memory: values.memory,
      receive: NaN,
      transmit: NaN,
    }),
  },
  {
    name: 'leak: 30 MiB an hour to 512 MiB',
    kinds: new Set(['Leak']),
    minutes: 10 * 60,
    change: (values, minute) => ({ ...values, memory: values.memory + (30 * minute * 2 ** 20) / 60 }),
  },
];

export interface FaultOutcome {
  readonly name: string;
  /** Minutes from its begin until people were told; NaN when they were not while it lasted. */
  readonly delays: readonly number[];
}

/** Each fault for each workload, after a week, at a budget of one false alarm a week. */
export function faultOutcomes(workloads: number, seed: number): FaultOutcome[] {
  const delays = FAULTS.map(() => [] as number[]);
  for (let k = 0; k < workloads; k += 1) {
    const random = seededRandom(seed + k);
    const workload = new SimulatedWorkload(random);
    const watch = new SimulatedWatch(1);
    const begin = WEEK_MINUTES + Math.floor(random() * DAY_MINUTES);
    for (let minute = 0; minute < begin; minute += 1) watch.observe(minute, 0, workload.values(minute));
    for (const [f, fault] of FAULTS.entries()) delays[f]?.push(delayOf(fault, { watch, workload, begin }));
  }
  return FAULTS.map(({ name }, f) => ({ name, delays: delays[f] ?? [] }));
}

interface Stage {
  readonly watch: SimulatedWatch;
  readonly workload: SimulatedWorkload;
  readonly begin: number;
}

function delayOf({ kinds, minutes, change }: Fault, { watch, workload, begin }: Stage): number {
  const faulty = new SimulatedWatch(1);
  Object.assign(faulty.state, deserialize(serialize(watch.state)));
  const isTold = ({ opened }: AnomalyReport): boolean => opened.some(({ kind }) => kinds.has(kind));
  for (let i = 0; i < minutes; i += 1) {
    const report = faulty.observe(begin + i, 0, change(workload.values(begin + i), i));
    // A report is of the minute before; the fault's first minute is over after one.
    if (isTold(report)) return i;
  }
  return NaN;
}

export function quietFigures(all: readonly QuietWeeks[]): Figure[] {
  return all.map(({ falseAlarmsPerWeek, workloads, weeks, alarms }) => ({
    name: `false alarms a week at a budget of ${falseAlarmsPerWeek}`,
    value: alarms / (workloads * weeks),
    unit: '1/week',
    goal: { atMost: falseAlarmsPerWeek },
    from: `${workloads} simulated workloads, ${weeks} weeks each after two days`,
  }));
}

export function quietTable(all: readonly QuietWeeks[]): Table {
  const kinds = [...new Set(all.flatMap(({ byKind }) => [...byKind.keys()]))];
  return {
    title: 'Anomalies of usual weeks, for a workload and week',
    columns: ['budget', 'alarms', ...kinds],
    rows: all.map(({ falseAlarmsPerWeek, workloads, weeks, alarms, byKind }) => [
      String(falseAlarmsPerWeek),
      ...[alarms, ...kinds.map((kind) => byKind.get(kind) ?? 0)].map((count) =>
        short(count / (workloads * weeks)),
      ),
    ]),
  };
}

export function faultTable(outcomes: readonly FaultOutcome[]): Table {
  return {
    title: 'Injected faults, at a budget of one false alarm a week',
    columns: ['fault', 'told of while it lasts', 'median delay, min', 'largest delay, min'],
    rows: outcomes.map(({ name, delays }) => {
      const told = delays.filter((delay) => !Number.isNaN(delay));
      return [
        name,
        `${told.length} of ${delays.length}`,
        told.length === 0 ? '–' : short(median(told)),
        told.length === 0 ? '–' : short(Math.max(...told)),
      ];
    }),
  };
}
