import { prepareTrace } from '../../simulate/backtest.ts';
import type { TraceResult } from '../../simulate/backtest-result.ts';
import type { ContenderTitle } from '../../simulate/score/summary.ts';
import { InputError } from '../verb.ts';
import { traceDigest } from './digests.ts';
import type { Job, JobSetup } from './job.ts';
import { gapSeconds, type Load } from './load.ts';

/** All that is to be computed, and what is known of each trace before. */
export interface Plan {
  readonly traces: readonly Omit<TraceResult, 'contenders'>[];
  readonly contenders: readonly ContenderTitle[];
  /** Trace by trace, each with all contenders in their order. */
  readonly jobs: readonly Job[];
}

const DAY_SECONDS = 86_400;

/**
 * Checks every load before the first is replayed.
 * @throws InputError that names the load which is too short or empty
 */
export function planJobs(
  loads: readonly Load[],
  contenders: readonly ContenderTitle[],
  setup: JobSetup,
): Plan {
  return {
    traces: loads.map((load) => describeTrace(load, setup)),
    contenders,
    jobs: loads.flatMap(({ name, times, values }) =>
      contenders.map((contender) => ({ setup, trace: { name, times, values }, contender: contender.name })),
    ),
  };
}

function describeTrace(load: Load, { config, warmupSeconds }: JobSetup): Omit<TraceResult, 'contenders'> {
  const { arrivals, seconds, warmupSeconds: warmup } = prepared(load, { config, warmupSeconds });
  return {
    name: load.name,
    group: load.group,
    digest: traceDigest(load),
    startAt: new Date(arrivals.startAt).toISOString(),
    days: seconds / DAY_SECONDS,
    warmupSeconds: warmup,
    scale: arrivals.scale,
    skippedRows: load.skippedRows,
    gapSeconds: gapSeconds(load),
  };
}

/** Without random arrivals: they take most of the time, and tell nothing about the trace. */
function prepared(
  load: Load,
  { config, warmupSeconds }: Pick<JobSetup, 'config' | 'warmupSeconds'>,
): ReturnType<typeof prepareTrace> {
  try {
    const noiseless = { ...config, arrivals: { ...config.arrivals, process: 'linear' } } as const;
    return prepareTrace(load, noiseless, warmupSeconds);
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(`${load.source}: ${error.message}`, { cause: error });
    throw error;
  }
}
