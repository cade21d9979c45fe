import fc from 'fast-check';
import { MINUTE_MS } from '../minute-means.ts';
import {
  beginMinute,
  createRecentSurprises,
  noteSurprise,
  RECENT_MINUTES,
  type RecentSurprises,
} from '../recent-surprises.ts';
import { SIGNAL, WATCHED_SIGNALS, type WatchedSignal } from '../watched-signals.ts';
import { fingerprint, firstMoved } from './first-moved.ts';

const LAST = 1000;
const NOW = (LAST + 1) * MINUTE_MS;

/** Surprises of each signal in the minutes up to now, the newest last; little before. */
function recentOf(signals: Partial<Record<WatchedSignal, readonly number[]>>): RecentSurprises {
  const recent = createRecentSurprises(WATCHED_SIGNALS.length);
  for (let ago = RECENT_MINUTES - 1; ago >= 0; ago -= 1) {
    beginMinute(recent, LAST - ago);
    for (const [signal, surprises] of Object.entries(signals)) {
      noteSurprise(recent, SIGNAL[signal as WatchedSignal], surprises.at(-1 - ago) ?? 0.3);
    }
  }
  return recent;
}

const LATENCY = { signal: 'latency', since: NOW };

test('the signal that was unusual first is named, with the time since when', () => {
  const recent = recentOf({ queue: [2.5, 4, 5, 5, 4], cpu: [3, 4, 4], latency: [6] });
  expect(firstMoved(recent, LATENCY)).toEqual({
    signal: 'queue',
    at: (LAST - 4) * MINUTE_MS,
    leadMs: 4 * MINUTE_MS,
  });
});

test('a load that fell moved as well', () => {
  expect(firstMoved(recentOf({ load: [-5, -6, -6], latency: [6] }), LATENCY)?.signal).toBe('load');
});

test.each([
  ['moved in the same minute', { queue: [5], latency: [6] }],
  ['moved after the anomaly had begun', { queue: [5, 5], latency: [2.5, 5, 6] }],
  ['is only a little unusual', { queue: [2.5, 2.5, 2.5], latency: [6] }],
  ['is better than usual', { errors: [-6, -6, -6], latency: [6] }],
  ['has been unusual for longer than is known', { queue: new Array<number>(16).fill(5), latency: [6] }],
  ['is not known', { queue: [NaN, NaN, NaN], latency: [6] }],
])('nothing moved first where the other %s', (_, signals) => {
  expect(firstMoved(recentOf(signals), LATENCY)).toBeUndefined();
});

test('before the metrics went missing, something may have moved', () => {
  const recent = recentOf({ memory: [5, 6, NaN, NaN, NaN] });
  expect(firstMoved(recent, { signal: 'metrics', since: NOW - 3 * MINUTE_MS })).toMatchObject({
    signal: 'memory',
    leadMs: MINUTE_MS * 1,
  });
});

test('an anomaly that began hours ago, as a leak, has nothing before it that is known', () => {
  const recent = recentOf({ load: [5, 5] });
  expect(firstMoved(recent, { signal: 'memory', since: NOW - 600 * MINUTE_MS })).toBeUndefined();
});

test('the fingerprint is what is unusual now, with its direction', () => {
  const recent = recentOf({ latency: [6, 4], load: [-3, -1], cpu: [1.5], queue: [9, 0, 0, 0, 0, 0] });
  expect(fingerprint(recent)).toEqual({ latency: 6, '-load': 3 });
});

test('whatever the surprises are, what moved first did so before the anomaly and lately', () => {
  const surprises = fc.array(fc.double({ min: -12, max: 12 }), { maxLength: RECENT_MINUTES });
  const signals = fc.record(Object.fromEntries(WATCHED_SIGNALS.map((signal) => [signal, surprises])));
  fc.assert(
    fc.property(
      signals,
      fc.integer({ min: 0, max: 30 }),
      fc.constantFrom('latency', 'all'),
      (all, ago, signal) => {
        const since = NOW - ago * MINUTE_MS;
        const found = firstMoved(recentOf(all), { signal, since });
        if (found === undefined) return;
        expect(found.leadMs).toBeGreaterThan(0);
        expect(found.at + found.leadMs).toBeLessThan(since);
        expect(found.at).toBeGreaterThan(NOW - RECENT_MINUTES * MINUTE_MS);
        expect(found.signal).not.toBe(signal);
      },
    ),
  );
});
