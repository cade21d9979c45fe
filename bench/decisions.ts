import { createPeakForecaster, type PeakForecaster } from '../src/loop/analyze/peak/forecaster-state.ts';
import { observePeakDemand } from '../src/loop/analyze/peak/forecaster.ts';
import { peakForecast } from '../src/loop/analyze/peak/peak-forecast.ts';
import type { ForecastTier } from '../src/loop/analyze/peak/tier.ts';
import { traceDemand } from '../src/simulate/trace-demand.ts';
import { autonomic, autonomicLight, autonomicTarget } from '../src/simulate/autonomic/autonomic.ts';
import { hpa } from '../src/simulate/rivals/hpa.ts';
import { keda } from '../src/simulate/rivals/keda.ts';
import { fixed } from '../src/simulate/rivals/static.ts';
import type { Contender } from '../src/simulate/scaler.ts';
import { ordinaryService } from './contender-speed.ts';
import { decideTimes, planAndGuardTimes, spent, type Times } from './decision-times.ts';
import { median, quantile, short } from './statistics.ts';
import type { Findings, Suite } from './suite.ts';

/** Five days are learned from, and two are timed. */
const BIN_MS = 15_000;
const LEARNED_HOURS = 120;
const TIMED_HOURS = 48;
/** More series than any cache of the processor holds at once. */
const SERIES = 50;
const HOUR_BINS = 240;
const REACTION = { startupSeconds: 20, lagSeconds: 7.5 };

const WHOLE: readonly Contender[] = [autonomic, autonomicLight, autonomicTarget, hpa, keda, fixed];

/** Microseconds of a decision, in parts and beside rivals. */
export const decisionsSuite: Suite = {
  name: 'decisions',
  title: 'One decision: microseconds on one core',
  run: ({ seed, progress }): Findings => {
    progress('plan and guards');
    const alone = planAndGuardTimes(seed);
    progress('whole turns');
    const whole = WHOLE.map((contender) => ({ name: contender.name, times: decideTimes(contender, seed) }));
    progress('forecasts');
    const paths = (['Light', 'Full'] as const).map((tier) => ({
      name: tier,
      times: controlPath(tier, seed),
    }));
    const [light] = paths;
    return {
      figures: [
        {
          name: 'plan and guards',
          value: 1e6 / alone.processor,
          unit: 'decisions/s',
          goal: { atLeast: 50_000 },
          from: `${alone.clock.length} turns of a policy about requests, one core`,
        },
        {
          name: 'plan and guards, p99',
          value: quantile(alone.clock, 0.99),
          unit: 'µs',
          from: 'the same turns',
        },
        {
          name: 'control path, light tier',
          value: 1e6 / light!.times.processor,
          unit: 'series-steps/s',
          goal: { atLeast: 100_000 },
          from: `one value in and one forecast out, refits included; ${SERIES} series in turn`,
        },
      ],
      tables: [
        {
          title: 'What is timed, in µs:',
          columns: ['part', 'processor, mean', 'clock, median', 'clock, p99'],
          rows: [
            ['plan and guards', alone] as const,
            ...paths.map(({ name, times }) => [`value in, forecast out, ${name}`, times] as const),
            ...whole.map(({ name, times }) => [`whole turn, ${name}`, times] as const),
          ].map(([name, times]) => [
            name,
            ...[times.processor, median(times.clock), quantile(times.clock, 0.99)].map(short),
          ]),
        },
      ],
      notes: [
        'A whole turn is what `step()` does for one observation, with its observation put together: monitor, forecast, features, plan, guards, report; in the simulator, on the load of an ordinary service after five days of learning. As in a backtest it remembers no situations; the suites `loop` and `policies` do.',
        "`hpa` and `keda` are the rivals of the backtest: a port of the HPA's arithmetic on the same pods, without forecast, report and explanation.",
        'Processor time counts every thread of the process, garbage collection included, and not what else runs on the machine; that of whole turns is with the simulated world, which `static` has alone.',
        'A control-path step is timed in blocks of all series, so that its p99 is one of blocks, not of single steps.',
      ],
    };
  },
};

/** One series-step; by the clock, one value for each round over all series. */
function controlPath(tier: ForecastTier, seed: number): Times {
  const demands = Array.from({ length: SERIES }, (_, index) => ordinaryService(seed + index)).map(
    (trace) => ({
      start: trace.times[0]!,
      demand: traceDemand(trace),
    }),
  );
  const forecasters = demands.map(() => createPeakForecaster(tier));
  const clock: number[] = [];
  let processor = 0;
  for (let hour = 0; hour < LEARNED_HOURS + TIMED_HOURS; hour += 1) {
    const rounds = Array.from({ length: HOUR_BINS }, (_, within) => {
      const bin = hour * HOUR_BINS + within;
      const values = demands.map(({ start, demand }) => demand(start + (bin + 0.5) * BIN_MS));
      return { at: demands[0]!.start + (bin + 1) * BIN_MS, values };
    });
    const start = process.cpuUsage();
    const times = rounds.map(({ at, values }) => {
      const before = performance.now();
      for (let index = 0; index < SERIES; index += 1) stepOnce(forecasters[index]!, at, values[index]!);
      return (1000 * (performance.now() - before)) / SERIES;
    });
    if (hour < LEARNED_HOURS) continue;
    processor += spent(start);
    clock.push(...times);
  }
  return { processor: processor / (clock.length * SERIES), clock };
}

function stepOnce(forecaster: PeakForecaster, at: number, value: number): void {
  const reaction = { now: at, ...REACTION };
  observePeakDemand(forecaster, { at, value }, reaction);
  const forecast = peakForecast(forecaster, reaction);
  if ('absent' in forecast) return;
  if (!(forecast.up.length > 0)) throw new Error('a forecast has no values');
}
