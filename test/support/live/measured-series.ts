import { open } from 'node:fs/promises';
import type { SeenTick } from './recorded-backtest.ts';

/** Queries for what the backtest measured. The ranges say over how long the values are means, as a rate's range would. */
export const MEASURED = {
  demand: 'sum(last_over_time(measured_demand[30s]))',
  requests: 'sum(last_over_time(measured_requests[15s]))',
  bad: 'sum(last_over_time(measured_bad[15s]))',
} as const;

const SERIES = ['demand', 'requests', 'bad'] as const;

/**
 * Writes what the backtest measured at each tick as OpenMetrics: series as recording rules would leave them, so that a
 * query answers with the same doubles. Recomputing them with `rate()` would extrapolate, and differ in the last bits.
 */
export async function writeMeasured(
  file: string,
  namespace: string,
  ticks: readonly SeenTick[],
): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const name of SERIES) {
      const samples = ticks.flatMap((tick) =>
        tick[name] === undefined
          ? []
          : [`measured_${name}{namespace="${namespace}"} ${tick[name]} ${tick.until / 1000}`],
      );
      await handle.write(`${[`# TYPE measured_${name} gauge`, ...samples].join('\n')}\n`);
    }
    await handle.write('# EOF\n');
  } finally {
    await handle.close();
  }
}
