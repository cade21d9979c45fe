const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITY = /^[+-]?inf$/i;

/**
 * A sample value as Prometheus and its kin write it: a decimal with or without exponent, `NaN`, `+Inf`, `-Inf`.
 * undefined for all else, also for what JavaScript's `Number` would forgive: `""`, `" 1"`, `0x10`, `null`.
 */
export function parseSampleValue(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  if (text === 'NaN') return Number.NaN;
  if (INFINITY.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (!DECIMAL.test(text)) return undefined;
  const value = Number.parseFloat(text);
  // Go refuses what overflows; a finite text that becomes Infinity here was never a sample.
  return Number.isFinite(value) ? value : undefined;
}
