const UNIT_SECONDS: ReadonlyMap<string, number> = new Map([
  ['ms', 0.001],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800],
  ['y', 31_536_000],
]);

const DURATION = /^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/;

/**
 * Seconds of a PromQL duration such as `5m`, `1h30m` or the plain number of seconds `300`;
 * undefined for anything else. Units as in prometheus/common model.ParseDuration: a year has 365 days.
 */
export function parseDurationSeconds(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number.parseFloat(text);
  if (text === '' || !DURATION.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    seconds += Number.parseInt(amount ?? '', 10) * (UNIT_SECONDS.get(unit ?? '') ?? Number.NaN);
  }
  return seconds;
}

/** `5400` → `1h30m`, for messages. */
export function formatDurationSeconds(seconds: number): string {
  let rest = Math.round(seconds);
  let text = '';
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = UNIT_SECONDS.get(unit) ?? 1;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
