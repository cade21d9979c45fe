import type { TraceResult } from '../backtest-result.ts';
import { formatKnob } from './format.ts';

/** The settings that a contender was tuned to: `0.5 to 0.8 (CPU utilization)`; undefined where nothing is tuned. */
export function chosenKnobs(traces: readonly TraceResult[], name: string): string | undefined {
  const results = traces.flatMap(({ contenders }) => contenders.filter((one) => one.name === name));
  const knobs = results.flatMap(({ knob }) => knob ?? []);
  if (knobs.length === 0) return undefined;
  const lowest = formatKnob(Math.min(...knobs));
  const highest = formatKnob(Math.max(...knobs));
  const range = lowest === highest ? lowest : `${lowest} to ${highest}`;
  const what = results[0]?.knobName;
  return what === undefined ? range : `${range} (${what})`;
}
