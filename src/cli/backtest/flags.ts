import { availableParallelism } from 'node:os';
import type { ArrivalProcess, SimulationConfig } from '../../simulate/simulation-config.ts';
import { UsageError } from '../verb.ts';
import {
  parseChoice,
  parseDecimal,
  parseDuration,
  parseShare,
  parseWhole,
  type Bounds,
} from './flag-values.ts';
import { parseRaw, type RawFlags } from './raw-flags.ts';
import { parseSource, type Source } from './source-flags.ts';

const FORMATS = ['table', 'wide', 'json', 'html'] as const;
type Discipline = SimulationConfig['service']['discipline'];
const DISCIPLINES: readonly Discipline[] = ['shared', 'split'];
const ARRIVALS: readonly ArrivalProcess[] = ['linear', 'poisson', 'overdispersed', 'rough'];

const DAY = 86_400;
const DEFAULT_WARMUP_SECONDS = 7 * DAY;
/** As in the published protocol: longer traces would weigh no more, and cost time. */
const DEFAULT_DAYS = 21;

/** What the command line says about the simulated world; what it leaves open follows from a policy, or is the default. */
export interface WorldFlags {
  readonly startupSeconds?: number;
  readonly waitSeconds?: number;
  readonly slowShare?: number;
  /** How old the newest value of any metric is. */
  readonly metricAgeSeconds?: number;
  readonly arrivals?: ArrivalProcess;
  readonly discipline?: Discipline;
  readonly squaredVariation?: number;
  readonly faults?: boolean;
  readonly seed?: number;
  readonly settleSeconds?: number;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  /** Units of the trace that one replica serves at its limit; 'auto' scales each trace instead. */
  readonly replicaCapacity?: number | 'auto';
  readonly replicaHourPrice?: number;
}

export interface BacktestFlags {
  readonly source: Source;
  readonly world: WorldFlags;
  readonly warmupSeconds: number;
  readonly days: number;
  /** As `--rivals` has it. */
  readonly rivals: string;
  readonly frontier: boolean;
  readonly jobs: number;
  readonly format: (typeof FORMATS)[number];
  readonly outputFile?: string;
  readonly progress: boolean;
}

/** @throws UsageError */
export function parseFlags(args: readonly string[], now: number): BacktestFlags {
  const { values, positionals } = parseRaw(args);
  const outputFile = values['output-file'];
  if (outputFile === '') throw new UsageError('--output-file is empty: name a file');
  return {
    source: parseSource(values, positionals, now),
    world: parseWorld(values),
    warmupSeconds: optional('--warmup', values.warmup, duration(3600, 365 * DAY)) ?? DEFAULT_WARMUP_SECONDS,
    days: optional('--days', values.days, decimal(0.1, 3660)) ?? DEFAULT_DAYS,
    rivals: values.rivals ?? 'all',
    frontier: values.frontier ?? false,
    jobs: optional('--jobs', values.jobs, whole(1, 256)) ?? availableParallelism(),
    format: parseChoice('--output', values.output ?? 'table', FORMATS),
    ...(outputFile === undefined ? {} : { outputFile }),
    progress: values.progress ?? false,
  };
}

function parseWorld(values: RawFlags): WorldFlags {
  const world = {
    startupSeconds: optional('--startup', values.startup, duration(1, 3600)),
    waitSeconds: optional('--slo-wait', values['slo-wait'], duration(0.001, 60)),
    slowShare: optional('--slo-target', values['slo-target'], share(0.0001, 0.5)),
    metricAgeSeconds: optional('--metric-age', values['metric-age'], duration(0, 600)),
    arrivals: optional('--arrivals', values.arrivals, (flag, found) => parseChoice(flag, found, ARRIVALS)),
    discipline: optional('--queues', values.queues, (flag, found) => parseChoice(flag, found, DISCIPLINES)),
    squaredVariation: optional('--service-variation', values['service-variation'], decimal(0, 100)),
    faults: values.faults,
    seed: optional('--seed', values.seed, whole(0, 2 ** 32 - 1)),
    settleSeconds: optional('--settle', values.settle, duration(0, 30 * DAY)),
    minReplicas: optional('--min-replicas', values['min-replicas'], whole(1, 100_000)),
    maxReplicas: optional('--max-replicas', values['max-replicas'], whole(1, 100_000)),
    replicaCapacity: optional(
      '--replica-capacity',
      values['replica-capacity'],
      (flag, found): number | 'auto' =>
        found === 'auto' ? found : parseDecimal(flag, found, { least: 1e-9, most: 1e12 }),
    ),
    replicaHourPrice: optional('--price', values.price, decimal(0, 1e9)),
  };
  return withoutUndefined(world);
}

function optional<T>(
  flag: string,
  found: string | undefined,
  parse: (flag: string, found: string) => T,
): T | undefined {
  return found === undefined ? undefined : parse(flag, found);
}

const within =
  (parse: (flag: string, found: string, bounds: Bounds) => number) =>
  (least: number, most: number) =>
  (flag: string, found: string): number =>
    parse(flag, found, { least, most });

const duration = within(parseDuration);
const share = within(parseShare);
const whole = within(parseWhole);
const decimal = within(parseDecimal);

function withoutUndefined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
