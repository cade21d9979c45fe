import { seededRandom } from '../../../simulate/random.ts';
import { createSignalWatch, hasBaseline, observeSignal, type SignalFinding } from './signal-watch.ts';
import type { WatchedSignal } from './watched-signals.ts';

const DAY = 1440;
const FIRST = 1000 * DAY;
const MINUTE_MS = 60_000;

const random = seededRandom(1);

function usual(minute: number): number {
  return (100 + 40 * Math.sin((2 * Math.PI * (minute % DAY)) / DAY)) * (0.95 + 0.1 * random());
}

/** A watch after so many minutes of the usual. */
function learned(minutes: number): ReturnType<typeof createSignalWatch> {
  const watch = createSignalWatch();
  for (let i = 0; i < minutes; i += 1) {
    const minute = FIRST + i;
    const value = usual(minute);
    observeSignal(watch, { minute, signal: 'load', value, newest: value, threshold: Infinity });
  }
  return watch;
}

const TWO_DAYS = learned(2 * DAY);

/** What minutes after two usual days show, each value made of the usual one. */
function after(
  values: readonly ((usual: number) => number)[],
  {
    signal = 'load',
    watch = structuredClone(TWO_DAYS),
  }: { signal?: WatchedSignal; watch?: typeof TWO_DAYS } = {},
): SignalFinding[] {
  return values.map((value, i) => {
    const minute = FIRST + 2 * DAY + i;
    const seen = value(usual(minute));
    return observeSignal(watch, { minute, signal, value: seen, newest: seen, threshold: 4 });
  });
}

const times = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
const same = (value: number): number => value;

describe('a minute of a signal', () => {
  it.each([
    ['a load far above the usual is a spike', 'load', 4, 'Spike'],
    ['a load far below the usual is a spike too', 'load', 0.1, 'Spike'],
    ['a latency above the usual is a degradation', 'latency', 4, 'Degradation'],
    ['so is a share of bad requests', 'errors', 4, 'Degradation'],
    ['and a queue', 'queue', 4, 'Degradation'],
    ['a latency below the usual is good news', 'latency', 0.1, undefined],
    ['so is a share of bad requests', 'errors', 0.1, undefined],
    ['memory is like load', 'memory', 4, 'Spike'],
  ] as const)('%s', (_, signal, factor, kind) => {
    const findings = after(
      times(3, (value: number) => factor * value),
      { signal },
    );
    const evidence = findings.flatMap((finding) => finding.evidence);
    expect([...new Set(evidence.map((found) => found.kind))]).toEqual(kind === undefined ? [] : [kind]);
    expect(evidence.every((found) => found.signal === signal && found.onset)).toBe(true);
  });

  it('tells what was usual before, although the detector follows', () => {
    const evidence = after(times(10, (value: number) => 4 * value)).flatMap((finding) => finding.evidence);
    const expected = evidence.map((found) => Math.round((found.expected ?? NaN) / 10));
    expect(new Set(expected)).toEqual(new Set([10]));
    expect(evidence.at(-1)?.message).toMatch(/^the load is \d+ where 9\d|10\d is usual$/);
  });

  it('shows nothing while it is usual', () => {
    const findings = after(times(60, same));
    expect(findings.flatMap(({ evidence }) => evidence)).toEqual([]);
    expect(findings.every(({ surprise, missing }) => surprise >= 0 && missing === undefined)).toBe(true);
  });

  it('goes on until it is half of the way back, and the way back is no anomaly of its own', () => {
    const up = times(20, (value: number) => 4 * value);
    const halfway = times(3, (value: number) => 3 * value);
    const back = times(10, same);
    const findings = after([...up, ...halfway, ...back]).map(({ evidence }) => evidence.length > 0);
    expect(findings.slice(1, 23)).toEqual(times(22, true));
    expect(findings.slice(23)).toEqual(times(10, false));
  });

  it('that is unknown says neither that it is over nor that it goes on', () => {
    const [, , gap] = after([(value) => 4 * value, (value) => 4 * value, () => NaN]);
    expect(gap).toEqual({ surprise: NaN, evidence: [], missing: undefined });
  });
});

describe('a signal that was seen for less than a day', () => {
  it('shows nothing unusual, for nobody knows', () => {
    const watch = learned(DAY - 30);
    expect(hasBaseline(watch)).toBe(false);
    expect(
      after(
        times(5, (value: number) => 9 * value),
        { watch },
      ).flatMap(({ evidence }) => evidence),
    ).toEqual([]);
  });

  it('is known with the minute that completes it', () => {
    expect(hasBaseline(learned(DAY))).toBe(true);
  });
});

describe('a signal that used to come', () => {
  it('is missing after minutes without it, since the first of them', () => {
    const findings = after(times(10, () => NaN));
    const first = findings.findIndex(({ missing }) => missing !== undefined);
    expect(first).toBeGreaterThanOrEqual(1);
    expect(first).toBeLessThanOrEqual(2);
    expect(findings.at(-1)?.missing?.since).toBe((FIRST + 2 * DAY) * MINUTE_MS);
    expect(findings.at(-1)?.missing?.surprise).toBeGreaterThan(3);
  });

  it('is missing before a day of it is known, when it came for five hours', () => {
    const findings = after(
      times(10, () => NaN),
      { watch: learned(300) },
    );
    expect(findings.at(-1)?.missing).toBeDefined();
  });

  it('that came for an hour is not missed', () => {
    const findings = after(
      times(30, () => NaN),
      { watch: learned(60) },
    );
    expect(findings.every(({ missing }) => missing === undefined)).toBe(true);
  });

  it('stands still when it repeats its value, which is told with when that began', () => {
    const findings = after(times(30, () => 123.456));
    const flat = findings.flatMap(({ evidence }) => evidence).find(({ kind }) => kind === 'FlatLine');
    expect(flat).toMatchObject({
      signal: 'load',
      onset: true,
      since: (FIRST + 2 * DAY) * MINUTE_MS,
      actual: 123.456,
    });
    expect(flat?.message).toBe('the load does not move: it is exactly 123 all the time');
  });
});
