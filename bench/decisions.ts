import { createPeakForecaster, type PeakForecaster } from '../src/loop/analyze/peak/forecaster-state.ts';
import { observePeakDemand } from '../src/loop/analyze/peak/forecaster.ts';
import { peakForecast } from '../src/loop/analyze/peak/peak-forecast.ts';
import type { ForecastTier } from '../src/loop/analyze/peak/tier.ts';
import { traceDemand } from '../src/simulate/trace-demand.ts';
import { autonomic, autonomicLight, autonomicTarget } from '../src/simulate/autonomic/autonomic.ts';
import { hpa } from '../src/simulate/rivals/hpa.ts';
import { keda } from '../src/simulate/rivals/keda.ts';
import type { Contender } from '../src/simulate/scaler.ts';
import { ordinaryService } from './contender-speed.ts';
import { decideTimes, planAndGuardTimes } from './decision-times.ts';
import { mean, median, quantile, short } from './statistics.ts';
import type { Findings, Suite } from './suite.ts';

/** Ten days are learned from, and two are timed. */
const BIN_MS = 15_000;
const LEARNED_BINS = 57_600;
const TIMED_BINS = 11_520;
/** More series than any cache of the processor holds at once. */
const SERIES = 50;
const REACTION = { startupSeconds: 20, lagSeconds: 7.5 };

const WHOLE: readonly Contender[] = [autonomic, autonomicLight, autonomicTarget, hpa, keda];

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
          value: 1e6 / mean(alone),
          unit: 'decisions/s',
          goal: { atLeast: 50_000 },
          from: `mean of ${alone.length} turns of a policy about requests, one core`,
        },
        { name: 'plan and guards, p99', value: quantile(alone, 0.99), unit: 'µs', from: 'the same turns' },
        {
          name: 'control path, light tier',
          value: 1e6 / mean(light!.times),
          unit: 'series-steps/s',
          goal: { atLeast: 100_000 },
          from: `one value in and one forecast out, refits included; ${SERIES} series in turn`,
        },
      ],
      tables: [
        {
          title: 'What is timed, in µs:',
          columns: ['part', 'mean', 'median', 'p99'],
          rows: [
            ['plan and guards', alone] as const,
            ...paths.map(({ name, times }) => [`value in, forecast out, ${name}`, times] as const),
            ...whole.map(({ name, times }) => [`whole turn, ${name}`, times] as const),
          ].map(([name, times]) => [name, ...[mean(times), median(times), quantile(times, 0.99)].map(short)]),
        },
      ],
      notes: [
        'A whole turn is what `step()` does for one observation, with its observation put together: monitor, forecast, features, plan, guards, report; in the simulator, on the load of an ordinary service after five days of learning.',
        "`hpa` and `keda` are the rivals of the backtest: a port of the HPA's arithmetic on the same pods, without forecast, report and explanation.",
        'A control-path step is timed in blocks of all series, so that its p99 is one of blocks, not of single steps.',
      ],
    };
  },
};

/** Microseconds of one series-step, one value for each round over all series. */
function controlPath(tier: ForecastTier, seed: number): readonly number[] {
  const demands = Array.from({ length: SERIES }, (_, index) => ordinaryService(seed + index)).map(
    (trace) => ({
      start: trace.times[0]!,
      demand: traceDemand(trace),
    }),
  );
  const forecasters = demands.map(() => createPeakForecaster(tier));
  const times: number[] = [];
  for (let bin = 0; bin < LEARNED_BINS + TIMED_BINS; bin += 1) {
    const values = demands.map(({ start, demand }) => demand(start + (bin + 0.5) * BIN_MS));
    const at = demands[0]!.start + (bin + 1) * BIN_MS;
    const before = performance.now();
    for (let index = 0; index < SERIES; index += 1) stepOnce(forecasters[index]!, at, values[index]!);
    if (bin >= LEARNED_BINS) times.push((1000 * (performance.now() - before)) / SERIES);
  }
  return times;
}

function stepOnce(forecaster: PeakForecaster, at: number, value: number): void {
  const reaction = { now: at, ...REACTION };
  observePeakDemand(forecaster, { at, value }, reaction);
  const forecast = peakForecast(forecaster, reaction);
  if ('absent' in forecast) return;
  if (!(forecast.up.length > 0)) throw new Error('a forecast has no values');
}
