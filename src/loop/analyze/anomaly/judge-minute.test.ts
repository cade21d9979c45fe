import { normal, seededRandom } from '../../../simulate/random.ts';
import { createAnomalyState, type AnomalyState } from './anomaly-state.ts';
import { baselineOf, judgeMinute } from './judge-minute.ts';
import { SIGNAL, type WatchedSignal } from './watched-signals.ts';

const DAY = 1440;
const FIRST = 1000 * DAY;

/** Learns minutes in which these signals have these values. */
function learn(
  state: AnomalyState,
  minutes: number,
  values: Partial<Readonly<Record<WatchedSignal, (minute: number) => number>>>,
): void {
  for (let i = 0; i < minutes; i += 1) {
    state.means.fill(NaN);
    for (const [signal, value] of Object.entries(values))
      state.means[SIGNAL[signal as WatchedSignal]] = value(i);
    judgeMinute(state, FIRST + i, Infinity);
  }
}

const wave = (minute: number): number => 100 + Math.sin(minute) + 10 * Math.sin((2 * Math.PI * minute) / DAY);

describe('how much of the usual is known', () => {
  it.each([
    ['nothing at the beginning', 0, 0],
    ['half after half a day', DAY / 2, 0.5],
    ['all after a day', DAY, 1],
    ['and no more later', DAY + 60, 1],
  ])('is %s', (_, minutes, share) => {
    const state = createAnomalyState();
    learn(state, minutes, { load: wave });
    expect(baselineOf(state)).toBe(share);
  });

  it('is that of the signal that is known best', () => {
    const state = createAnomalyState();
    learn(state, DAY, { load: wave, latency: (minute) => (minute < DAY / 4 ? wave(minute) : NaN) });
    expect(baselineOf(state)).toBe(1);
  });
});

describe('a minute', () => {
  it('takes no memory for signals that were never seen', () => {
    const state = createAnomalyState();
    learn(state, 10, { load: wave, cpu: wave });
    const seen = state.signals.map((watch) => watch !== undefined);
    expect(seen).toEqual(Object.values(SIGNAL).map((index) => index === SIGNAL.load || index === SIGNAL.cpu));
  });

  it('has a p-value of every signal that is known, and of no other', () => {
    const state = createAnomalyState();
    learn(state, 100, { load: wave, cpu: wave });
    state.means.fill(NaN);
    state.means[SIGNAL.cpu] = 100;
    const { surprises } = judgeMinute(state, FIRST + 100, 4);
    expect(surprises.map(({ signal }) => signal)).toEqual(['cpu']);
  });

  it('with nothing known at all says nothing', () => {
    const state = createAnomalyState();
    state.means.fill(NaN);
    expect(judgeMinute(state, FIRST, 4)).toEqual({ evidence: [], missing: [], surprises: [] });
    expect(baselineOf(state)).toBe(0);
  });

  it('names each signal that has stopped', () => {
    const state = createAnomalyState();
    learn(state, 300, { load: wave, cpu: wave });
    state.means.fill(NaN);
    state.values.fill(NaN);
    const gaps = Array.from({ length: 5 }, (_, i) => judgeMinute(state, FIRST + 300 + i, 4).missing);
    expect(gaps.at(-1)?.map(({ signal }) => signal)).toEqual(['load', 'cpu']);
  });

  it('in which several signals come back from what was told of them is no anomaly of all', () => {
    const state = createAnomalyState();
    const random = seededRandom(5);
    const noisy = (minute: number): number => wave(minute) + normal(random);
    const signals = { load: noisy, cpu: noisy, receive: noisy, transmit: noisy };
    learn(state, 2 * DAY, signals);
    const kinds = Array.from({ length: 30 }, (_, i) => {
      for (const [signal, value] of Object.entries(signals))
        state.means[SIGNAL[signal as WatchedSignal]] = (i < 2 ? 6 : 1) * value(2 * DAY + i);
      return judgeMinute(state, FIRST + 2 * DAY + i, 4.6).evidence.map(({ kind }) => kind);
    });
    expect(kinds.slice(0, 2).every((of) => of.includes('Spike'))).toBe(true);
    expect(kinds.flat()).not.toContain('Behaviour');
  });

  it('counts for the budget of false alarms, once a minute, as soon as anything is known in it', () => {
    const state = createAnomalyState();
    const before = state.ladder.warmUpSeconds;
    learn(state, 100, { load: wave, cpu: wave });
    const counted = before - state.ladder.warmUpSeconds;
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThanOrEqual(6000);
    const known = state.ladder.warmUpSeconds;
    learn(state, 10, {});
    expect(state.ladder.warmUpSeconds).toBe(known);
  });
});
