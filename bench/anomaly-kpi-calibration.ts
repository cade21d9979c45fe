import { basename } from 'node:path';
import { readTrace } from '../src/adapters/csv/read-trace.ts';
import { scoreAlarms } from '../src/cli/evaluate/anomaly/score/alarm-budget.ts';
import { createServiceScore, observeService } from '../src/loop/analyze/anomaly/fingerprint/service-score.ts';
import { discoveryCut } from '../src/loop/analyze/anomaly/fleet/false-discovery.ts';
import { createKpiDetector, observeKpi } from '../src/loop/analyze/anomaly/kpi/kpi-detector.ts';
import { pValueOf } from '../src/loop/analyze/anomaly/surprise/p-value.ts';
import { SERVICE_DAY, SERVICE_STEP, scoredSeries, type BenchService } from './anomaly-kpi-services.ts';
import { cell } from './anomaly-kpi-tables.ts';
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
  const ofServices = services.map((service) =>
    kpiSurprises(service).map((surprises) => surprises.subarray(SERVICE_WARM_UP, service.split)),
  );
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

function kpiSurprises({ metrics }: BenchService): Float64Array[] {
  return metrics.map((values) => {
    const detector = createKpiDetector({ stepSeconds: SERVICE_STEP, tier: 'Light' });
    return values.map((value, point) => observeKpi(detector, value, point));
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
  const surprises = services.map(kpiSurprises);
  const { points, split } = services[0]!;
  const levels = [0.1, 0.05, 0.01, 0.001, 0.0001];
  return {
    title: `Benjamini-Hochberg at each tick over the ${surprises.flat().length} metrics, a service alarms with any of its own`,
    columns: [
      'q',
      'ticks with a discovery, days 8 to 20',
      'recall, false alarms a week of a service, F1, days 21 to 45',
    ],
    rows: levels.map((q) => {
      const alarms = discoveries(surprises, points, q);
      let ticks = 0;
      for (let tick = SERVICE_WARM_UP; tick < split; tick++) {
        if (alarms.some((ofService) => ofService[tick] === 1)) ticks += 1;
      }
      const fleet = services.map((service, i) => scoredSeries(service, alarms[i]!));
      const share = (100 * ticks) / (split - SERVICE_WARM_UP);
      return [String(q), `${share.toFixed(2)} %`, cell(scoreAlarms(fleet, () => 1, SERVICE_STEP))];
    }),
  };
}

/** For each service 1 where one of its metrics is a discovery, 0 elsewhere. */
function discoveries(
  surprises: readonly (readonly Float64Array[])[],
  points: number,
  q: number,
): Float64Array[] {
  const alarms = surprises.map(() => new Float64Array(points));
  const pValues = new Float64Array(surprises.flat().length);
  for (let tick = SERVICE_WARM_UP; tick < points; tick++) {
    let place = 0;
    for (const ofService of surprises) {
      for (const ofMetric of ofService) pValues[place++] = pValueOf(ofMetric[tick]!);
    }
    const cut = discoveryCut(pValues, q);
    if (cut === 0) continue;
    surprises.forEach((ofService, i) => {
      if (ofService.some((ofMetric) => pValueOf(ofMetric[tick]!) <= cut)) alarms[i]![tick] = 1;
    });
  }
  return alarms;
}
