import type { SizingContender } from './sizing-contender.ts';
import type {
  SizingContenderResult,
  SizingResult,
  SizingSeriesResult,
  SizingSummary,
} from './sizing-result.ts';
import { scoreContender, scoreProvisioned } from './sizing-score.ts';
import { sizingRows, type SizingSeries } from './sizing-series.ts';

const DEFAULT_WARMUP_SECONDS = 7 * 86_400;
const LARGEST_WARMUP_SHARE = 0.4;

const AS_PROVISIONED = {
  name: 'as-provisioned',
  title: 'as provisioned',
  source: 'cpu_requested and memory_requested of the series',
};

const CAVEATS = [
  'Use was measured under the requests of then. A container that lacked CPU or memory then would have used more if it had been given more: nobody can know how much, and all contenders look better for it.',
  'A container that is killed or throttled in the replay goes on as recorded: no load moves elsewhere, no leak begins anew.',
  'A request counts as the limit too. A row is the mean of its time: shorter peaks are not seen.',
];

/**
 * Replays what containers used under the requests that each contender chooses from the past alone.
 * @param warmupSeconds see SizingResult.
 * @throws RangeError for a series that cannot be replayed, with its name.
 */
export function replaySizing(
  series: readonly SizingSeries[],
  contenders: readonly SizingContender[],
  warmupSeconds = DEFAULT_WARMUP_SECONDS,
): SizingResult {
  const results = series.map((one) => replaySeries(one, contenders, warmupSeconds));
  const all = [AS_PROVISIONED, ...contenders];
  return {
    config: { warmupSeconds, contenders: all.map(({ name }) => name) },
    series: results,
    summary: all.map(({ name, title, source }, index) => ({
      name,
      title,
      source,
      ...summaryOf(results, index),
    })),
    caveats: CAVEATS,
  };
}

function replaySeries(
  series: SizingSeries,
  contenders: readonly SizingContender[],
  warmupSeconds: number,
): SizingSeriesResult {
  const rows = sizingRows(series);
  const [first, last] = [rows[0]?.at ?? 0, rows.at(-1)?.at ?? 0];
  const warmupMs = Math.min(warmupSeconds * 1000, LARGEST_WARMUP_SHARE * (last - first));
  const provisioned = scoreProvisioned(rows, first + warmupMs);
  const scored = rows.filter(({ at }) => at >= first + warmupMs);
  return {
    name: series.name,
    startAt: new Date(first).toISOString(),
    rows: rows.length,
    warmupHours: warmupMs / 3_600_000,
    scoredHours: scored.reduce((sum, { seconds }) => sum + seconds, 0) / 3600,
    contenders: [
      provisioned.result(AS_PROVISIONED.name, provisioned),
      ...contenders.map((contender) =>
        scoreContender(rows, contender, first + warmupMs).result(contender.name, provisioned),
      ),
    ],
  };
}

/** @param index of the contender in each series' list. */
function summaryOf(
  series: readonly SizingSeriesResult[],
  index: number,
): Omit<SizingSummary, 'name' | 'title' | 'source'> {
  const own = series.flatMap(({ contenders, scoredHours }) => {
    const result = contenders[index];
    return result === undefined ? [] : [{ ...result, changesPerDay: (24 * result.changes) / scoredHours }];
  });
  const provisioned = series.flatMap(({ contenders }) => contenders.slice(0, 1));
  const medianOf = (key: 'cpuSlack' | 'memorySlack' | 'throttledTimeShare' | 'changesPerDay'): number =>
    median(own.map((result) => result[key]));
  return {
    series: own.length,
    medianCpuSlack: medianOf('cpuSlack'),
    medianMemorySlack: medianOf('memorySlack'),
    medianThrottledTimeShare: medianOf('throttledTimeShare'),
    outOfMemoryEvents: sum(own, 'outOfMemoryEvents'),
    seriesWithOutOfMemory: own.filter((result) => result.outOfMemoryEvents > 0).length,
    medianChangesPerDay: medianOf('changesPerDay'),
    cpuOverProvisioned: sum(own, 'coreHours') / sum(provisioned, 'coreHours'),
    memoryOverProvisioned: sum(own, 'gibHours') / sum(provisioned, 'gibHours'),
  };
}

function sum(
  results: readonly SizingContenderResult[],
  key: 'outOfMemoryEvents' | 'coreHours' | 'gibHours',
): number {
  return results.reduce((total, result) => total + result[key], 0);
}

/** The mean of the two in the middle where there are two; 0 of nothing. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
}
