import { parseQuantity } from '../../api/quantity.ts';
import type { PolicySpec } from '../../api/policy-spec.ts';
import type { Reading } from './reading.ts';

/** Is the objective violated now? Undefined when no indicator has a fresh reading: unknown is not "fine". */
export function objectiveViolated(
  objective: PolicySpec['objective'],
  readings: readonly Reading[],
): boolean | undefined {
  if (objective === undefined) return undefined;
  let measured = false;
  for (const [index, indicator] of objective.indicators.entries()) {
    const reading = readings[index];
    if (reading?.quality !== 'Fresh') continue;
    measured = true;
    const threshold = parseQuantity(indicator.threshold);
    const bad = indicator.comparison === 'AtMost' ? reading.value > threshold : reading.value < threshold;
    if (bad) return true;
  }
  return measured ? false : undefined;
}
