import type { TraceResult } from '../backtest-result.ts';
import { formatKnob } from './format.ts';

/** The settings that a contender was tuned to, over all traces. */
export interface ChosenKnobs {
  /** `0.6`, or `0.5 to 0.8`. */
  readonly range: string;
  /** What it is. */
  readonly name: string | undefined;
}

/** Undefined where nothing was tuned. */
export function chosenKnobs(traces: readonly TraceResult[], contender: string): ChosenKnobs | undefined {
  const results = traces.flatMap(({ contenders }) => contenders.filter(({ name }) => name === contender));
  const knobs = results.flatMap(({ knob }) => knob ?? []);
  if (knobs.length === 0) return undefined;
  const lowest = formatKnob(Math.min(...knobs));
  const highest = formatKnob(Math.max(...knobs));
  return {
    range: lowest === highest ? lowest : `${lowest} to ${highest}`,
    name: results.find(({ knobName }) => knobName !== undefined)?.knobName,
  };
}
