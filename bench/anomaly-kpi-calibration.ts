import { basename } from 'node:path';
import { readTrace } from '../src/adapters/csv/read-trace.ts';
import { createServiceScore, observeService } from '../src/loop/analyze/anomaly/fingerprint/service-score.ts';
import { discoveryCut } from '../src/loop/analyze/anomaly/fleet/false-discovery.ts';
import { createKpiDetector, observeKpi } from '../src/loop/analyze/anomaly/kpi/kpi-detector.ts';
import { SERVICE_DAY, SERVICE_STEP, type BenchService } from './anomaly-kpi-services.ts';
import { developmentTraces } from './development-traces.ts';
import type { Figure, Table } from './suite.ts';

const NOMINAL = [1e-2, 1e-3, 1e-4] as const;
const MINUTE = 60;
const DAY_MINUTES = 1440;
const SERVICE_WARM_UP = 7 * SERVICE_DAY;
/** The shortest of the traces of minutes last a week. */
const TRACE_WARM_UP = 3 * DAY_MINUTES;

interface Stream {
  readonly name: string;
  /** −log₁₀ p, whatever the order. */
  readonly surprises: readonly Float64Array[];
}

/** How often p-values are as small as they say, on days that nobody labelled. */
export function calibration(
  services: readonly BenchService[],
  data: string,
): { readonly table: Table; readonly figures: readonly Figure[] } {
  const ofServices = services.map((service) => kpiOfDays(service));
  const streams: Stream[] = [
    { name: 'KPI light, JumpStarter, days 8 to 20', surprises: ofServices.flat() },
    { name: 'service score, JumpStarter, days 8 to 20', surprises: services.map(serviceOfDays) },
    ...traceStreams(data),
  ];
  return {
    table: {
      title: 'Share of points with p at most the nominal ÷ nominal, days without labels',
      columns: ['stream', 'points', ...NOMINAL.map(String)],
      rows: streams.map(({ name, surprises }) => [
        name,
        String(surprises.reduce((sum, { length }) => sum + length, 0)),
        ...NOMINAL.map((nominal) => observedOverNominal(surprises, nominal).toFixed(2)),
      ]),
    },
    figures: NOMINAL.map((nominal) => ({
      name: `KPI light: observed ÷ nominal at ${nominal}`,
      value: observedOverNominal(ofServices.flat(), nominal),
      unit: '×',
      goal: { atMost: 2 },
      from: 'JumpStarter, 228 metrics, days 8 to 20',
    })),
  };
}

function observedOverNominal(surprises: readonly Float64Array[], nominal: number): number {
  const least = -Math.log10(nominal);
  let rare = 0;
  let all = 0;
  for (const some of surprises) {
    for (const surprise of some) {
      if (Number.isNaN(surprise)) continue;
      all += 1;
      if (surprise >= least) rare += 1;
    }
  }
  return rare / all / nominal;
}

function kpiOfDays({ metrics, split }: BenchService): Float64Array[] {
  return metrics.map((values) => {
    const detector = createKpiDetector({ stepSeconds: SERVICE_STEP, tier: 'Light' });
    return values
      .subarray(0, split)
      .map((value, point) => observeKpi(detector, value, point))
      .subarray(SERVICE_WARM_UP);
  });
}

function serviceOfDays({ metrics, split }: BenchService): Float64Array {
  const service = createServiceScore({ metrics: metrics.length, stepSeconds: SERVICE_STEP });
  const values = new Float64Array(metrics.length);
  const surprises = new Float64Array(split);
  for (let point = 0; point < split; point++) {
    metrics.forEach((metric, m) => (values[m] = metric[point]!));
    observeService(service, values, point);
    surprises[point] = service.surprise;
  }
  return surprises.subarray(SERVICE_WARM_UP);
}

function traceStreams(data: string): Stream[] {
  const paths = developmentTraces(data);
  if ('problem' in paths) return [];
  const ofPath = (prefix: RegExp): Float64Array[] =>
    paths
      .filter((path) => prefix.test(basename(path)))
      .map((path) => {
        const { times, values } = readTrace(path);
        const detector = createKpiDetector({ stepSeconds: MINUTE, tier: 'Light' });
        return values
          .map((value, i) => observeKpi(detector, value, Math.floor(times[i]! / 1000 / MINUTE)))
          .subarray(TRACE_WARM_UP);
      });
  return [
    { name: 'KPI light, cloud pools by the minute, from day 4', surprises: ofPath(/^cluster/) },
    { name: 'KPI light, Crane by the minute, from day 4', surprises: ofPath(/^input/) },
  ];
}

/** What Benjamini and Hochberg's procedure lets through, tick by tick, over all metrics of all services. */
export function discoveryTable(services: readonly BenchService[]): Table {
  const series = services.flatMap((service) => kpiOfDays(service));
  const ticks = series[0]!.length;
  const pValues = new Float64Array(series.length);
  const levels = [0.1, 0.05, 0.01, 0.001];
  const hits = levels.map(() => 0);
  const episodes = levels.map(() => 0);
  const last = levels.map(() => -Infinity);
  for (let tick = 0; tick < ticks; tick++) {
    series.forEach((surprises, i) => (pValues[i] = 10 ** -surprises[tick]!));
    levels.forEach((q, i) => {
      if (discoveryCut(pValues, q) === 0) return;
      hits[i]! += 1;
      if (tick - last[i]! > 3600 / SERVICE_STEP) episodes[i]! += 1;
      last[i] = tick;
    });
  }
  return {
    title: `Benjamini-Hochberg at each tick over ${series.length} metrics, days 8 to 20`,
    columns: ['q', 'share of ticks with a discovery', 'alarms of the fleet a day'],
    rows: levels.map((q, i) => [
      String(q),
      `${((100 * hits[i]!) / ticks).toFixed(2)} %`,
      (episodes[i]! / (ticks / SERVICE_DAY)).toFixed(2),
    ]),
  };
}
