/** A quantity ends below 2^63, and what is finer than 10^-9 has no digits in it: shown are its ends. */
const LARGEST = 9e18;
const SMALLEST = 1e-9;

/**
 * Three significant digits are what a person reads, and more would only make the status change all the time.
 * Written as a decimal ("49.4"): a quantity all the same, and easier to read than the canonical "49400m".
 */
export function quantityText(value: number): string {
  if (value === 0) return '0';
  const shown = Math.min(LARGEST, Math.max(SMALLEST, Math.abs(value)));
  const text = String(shown >= 1000 ? Math.round(shown) : Number(shown.toPrecision(3)));
  return value < 0 ? `-${text}` : text;
}

/** Undefined for NaN: unknown is not zero. */
export function knownQuantity(value: number): string | undefined {
  return Number.isNaN(value) ? undefined : quantityText(value);
}
