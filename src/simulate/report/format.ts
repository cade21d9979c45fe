/** How figures are written, in the text table and on the page alike. */

const SECONDS_PER_DAY = 86_400;

/** A cost over the oracle: `1.42`. */
export function formatRatio(value: number): string {
  return value < 100 ? value.toFixed(2) : formatCount(value);
}

/** A measured share of requests or windows: `0.034 %`, `2.0 %`, `43 %`; what is not 0 is never shown as 0. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.001) return '< 0.001 %';
  if (percent >= 9.95) return `${percent.toFixed(0)} %`;
  return `${percent.toPrecision(2)} %`;
}

/** A share that was chosen, as it was chosen: `1 %`, `99.9 %`. */
export function formatLimit(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

/** `1,034`; one digit more below 10. */
export function formatCount(value: number): string {
  const digits = value !== 0 && Math.abs(value) < 9.95 && !Number.isInteger(value) ? 1 : 0;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Some of all: `13 of 14`. */
export function formatOf(share: number, all: number): string {
  return `${Math.round(share * all)} of ${all}`;
}

/** `[1.20, 1.61]`, or nothing where it is not known. */
export function formatInterval(interval: readonly [number, number] | undefined): string {
  return interval === undefined ? '' : `[${formatRatio(interval[0])}, ${formatRatio(interval[1])}]`;
}

/** What a cost ratio means in words: `31 % less`, `12 % more`, `the same`. */
export function formatCostChange(ratio: number): string {
  const percent = Math.round(Math.abs(ratio - 1) * 100);
  if (percent === 0) return 'the same';
  return `${percent} % ${ratio < 1 ? 'less' : 'more'}`;
}

/** `20 % to 40 % less`, `5 % less to 3 % more`. */
export function formatCostChanges([low, high]: readonly [number, number]): string {
  // The end nearer to "the same" first.
  const [near, far] = Math.abs(low - 1) <= Math.abs(high - 1) ? [low, high] : [high, low];
  const sameSide = near < 1 === far < 1;
  const [first, second] = sameSide ? [near, far] : [low, high];
  const start = formatCostChange(first);
  const end = formatCostChange(second);
  if (start === end) return end;
  return sameSide && start !== 'the same'
    ? `${start.replace(/ (less|more)$/, '')} to ${end}`
    : `${start} to ${end}`;
}

/** A setting as its user would write it. */
export function formatKnob(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `p < 0.001`, `p = 0.03`, `p = 1`. */
export function formatPValue(value: number): string {
  return value < 0.001 ? 'p < 0.001' : `p = ${Number(value.toPrecision(value < 0.1 ? 1 : 2))}`;
}

/** `300 ms`, `20 s`, `5 min`, `36 h`, `7 d`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  if (seconds < 7_200) return `${Number((seconds / 60).toPrecision(3))} min`;
  if (seconds < 2 * SECONDS_PER_DAY) return `${Number((seconds / 3_600).toPrecision(3))} h`;
  return `${Number((seconds / SECONDS_PER_DAY).toPrecision(3))} d`;
}

/** `1 trace`, `14 traces`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
