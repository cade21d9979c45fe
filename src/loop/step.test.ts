import { LoopDriver } from '../../test/support/loop-driver.ts';
import { decisionFixture } from '../../test/support/decision-fixtures.ts';
import {
  environmentFixture,
  MINUTE,
  NOW,
  policyFixture,
  REQUESTS,
  SECOND,
} from '../../test/support/loop-fixtures.ts';
import type { LoopEvent, PastStretch } from './event.ts';
import { recentAt } from './analyze/peak/recent-demand.ts';
import { changesWithin } from './guard/history.ts';
import { metricKey } from './monitor/metric-name.ts';
import { createPolicyState, type PolicyState } from './state.ts';
import { step } from './step.ts';

const DAY_MINUTES = 1440;

type Backfill = Extract<LoopEvent, { type: 'Backfill' }>;

/** Values of which the last belongs to `until`. */
function stretch(values: ArrayLike<number>, stepMs: number, until: number): PastStretch {
  return { startMs: until - (values.length - 1) * stepMs, stepMs, values: Float64Array.from(values) };
}

function backfill(values: ArrayLike<number>, key = metricKey(REQUESTS), until = NOW): Backfill {
  const past = [stretch(values, MINUTE, until)];
  return { type: 'Backfill', demandKey: key, past, averagedSeconds: 0 };
}

const samplesOf = ({ demands }: PolicyState): number | undefined => demands[0]?.forecaster.clock.samples;

describe('history', () => {
  const after = (event: LoopEvent, before = createPolicyState(policyFixture(), NOW)): PolicyState =>
    step(before, event, environmentFixture()).state;

  test('fills the series, gaps left out', () => {
    expect(samplesOf(after(backfill([1, NaN, 3, 4])))).toBe(3);
  });

  test('takes the place of the little that was seen live', () => {
    const loop = new LoopDriver(policyFixture(), 4);
    loop.ticks(3, 200);
    expect(samplesOf(after(backfill([1, 2]), loop.state))).toBe(2);
  });

  test('goes on from what was known before it, if that comes with it', () => {
    const known = step(createPolicyState(policyFixture(), NOW), backfill([1, 2, 3]), environmentFixture());
    const { forecaster } = known.state.demands[0]!;
    const gap: LoopEvent = { ...backfill([4, 5], undefined, NOW + 2 * MINUTE), after: forecaster };
    const state = after(gap);
    expect(samplesOf(state)).toBe(5);
    expect(state.demands[0]?.forecaster.clock.newestAt).toBe(NOW + 2 * MINUTE);
  });

  test('comes in stretches, of which a finer one goes on where the coarse one ends', () => {
    const past = [stretch([10, 20], MINUTE, NOW - MINUTE), stretch([24, 28, 32, 36], 15 * SECOND, NOW)];
    const { forecaster } = after({ ...backfill([]), past }).demands[0]!;
    expect(forecaster.clock.samples).toBe(6);
    expect(forecaster.clock.newestAt).toBe(NOW);
    const bin = NOW / (15 * SECOND) - 1;
    const last = Array.from({ length: 9 }, (_, i) => recentAt(forecaster.recent, bin - 8 + i));
    // A minute is joined by a straight line, and each value is of the time before it.
    expect(last).toEqual([10, 12.5, 15, 17.5, 20, 24, 28, 32, 36]);
  });

  test('is learned for the windows that live decisions will have, as old as its values are', () => {
    const loop = new LoopDriver(policyFixture({ forecast: { startupSeconds: 120 } }), 4);
    loop.send({ ...backfill([1, 2, 3]), averagedSeconds: 60 });
    expect(loop.state.demands[0]?.forecaster.reaction).toMatchObject({
      lagBins: 4,
      from: 8,
      to: 10,
    });
  });

  test.each([
    ['has no value', backfill([NaN, NaN])],
    ['has no stretch', { ...backfill([]), past: [] }],
    ['has no possible value', backfill([-1, NaN])],
    ['is of a metric that the policy no longer has', backfill([1, 2, 3], 'Prometheus/gone')],
  ])('changes nothing when it %s', (_name, event) => {
    const loop = new LoopDriver(policyFixture(), 4);
    loop.ticks(3, 200);
    expect(after(event, loop.state)).toBe(loop.state);
    expect(samplesOf(loop.state)).toBe(3);
  });
});

/** Each day 80 requests per second, and from 9:10 to 11:00 up to 500. */
function workday(minuteOfDay: number): number {
  const sinceRise = minuteOfDay - (9 * 60 + 10);
  if (sinceRise < 0 || sinceRise >= 110) return 80;
  return Math.min(500, 80 + sinceRise * 84);
}

/** Six days until now, 9:00. */
const week = Array.from({ length: 6 * DAY_MINUTES }, (_, i) => {
  const ago = 6 * DAY_MINUTES - 1 - i;
  return workday((9 * 60 - ago + 7 * DAY_MINUTES) % DAY_MINUTES);
});

describe('a rise that comes every day', () => {
  /** Replicas at 9:09, one minute before the rise, with 80 requests per second measured. */
  function before(spec: Readonly<Record<string, unknown>>): LoopDriver {
    const loop = new LoopDriver(policyFixture(spec), 2);
    loop.send(backfill(week));
    loop.ticks(36, 80);
    return loop;
  }

  test('is answered before it comes', () => {
    const loop = before({ forecast: { startupSeconds: 120 } });
    expect(loop.replicas).toBeGreaterThanOrEqual(4);
    const { decision } = loop.all('StoreIntent').at(-1)!;
    expect(decision.message).toMatch(
      /^Up from \d to \d+: requests is forecast to peak at \d+ or less within 165 s \(95 % bound, median \d+; now \d+.*\), which asks for ceil\(\d+ ÷ 50\) = \d+\. Demand as measured asks for 2\.$/,
    );
    expect(decision.forecast).toMatchObject({ reliable: true, horizonSeconds: 165 });
  });

  test('is answered when it comes, where forecasts are not wanted', () => {
    const loop = before({ forecast: { mode: 'Disabled' } });
    expect(loop.effects).toEqual([]);
    loop.tick(500);
    expect(loop.replicas).toBe(10);
  });
});

describe('an event that does not belong to what is going on', () => {
  const observing = (): LoopDriver => {
    const loop = new LoopDriver(policyFixture(), 4);
    loop.tick(430);
    return loop;
  };
  const decision = decisionFixture('stranger');

  test.each<readonly [string, LoopEvent]>([
    ['a second answer to the same change', { type: 'Applied', decisionId: 'd1', at: NOW + MINUTE }],
    ['an answer to another change', { type: 'Applied', decisionId: 'stranger', at: NOW + MINUTE }],
    [
      'a refusal that comes late',
      { type: 'Refused', decisionId: 'd1', at: NOW, reason: 'Late', message: 'late' },
    ],
    ['an intent of another decision', { type: 'IntentStored', decisionId: 'stranger' }],
    ['a decision of an earlier process', { type: 'Resumed', decision, appliedAt: NOW }],
  ])('changes nothing: %s', (_name, event) => {
    const loop = observing();
    const before = structuredClone(loop.state);
    const { state, effects } = step(loop.state, event, environmentFixture());
    expect(effects).toEqual([]);
    expect(state).toEqual(before);
  });

  test('is not the answer to a change: that counts for rates, pace and hours', () => {
    const { state, now } = observing();
    expect(changesWithin(state.history, { now, seconds: 60 })).toEqual({ added: 5, removed: 0 });
    expect(state.actionTimes).toEqual([NOW + 15 * SECOND]);
    expect(state.lastActionAt).toBe(NOW + 15 * SECOND);
  });
});

describe('after a restart', () => {
  test('a decision that is on the target is measured to its end', () => {
    const decision = decisionFixture('d0', { at: NOW });
    const loop = new LoopDriver(policyFixture(), 9, { replicas: 9, targetUid: 'target-uid' });
    loop.send({ type: 'Resumed', decision, appliedAt: NOW });
    loop.ticks(20, 430);
    expect(loop.all('RecordClosed')).toMatchObject([{ closed: { decision: { id: 'd0' } } }]);
  });

  test('a change that somebody made meanwhile is theirs', () => {
    const decision = decisionFixture('d0', { at: NOW });
    const loop = new LoopDriver(policyFixture(), 5, { replicas: 9, targetUid: 'target-uid' });
    loop.send({ type: 'Resumed', decision, appliedAt: NOW });
    const { planning, knowledge } = loop.tick(430);
    expect(knowledge.closed).toMatchObject([{ outcome: { result: 'UndoneByPerson' } }]);
    expect(planning?.objection?.reason).toBe('ManualChange');
  });
});

describe('a change whose answer is lost', () => {
  test('keeps the next one waiting until it is known', () => {
    const loop = new LoopDriver(policyFixture(), 4);
    loop.answer = 'Lost';
    loop.tick(430);
    const { planning, foreignChange } = loop.tick(600);
    expect(planning?.objection?.reason).toBe('ActionInFlight');
    expect(foreignChange).toBeUndefined();
    loop.answer = 'Applied';
    const { decision } = loop.all('ApplyReplicas')[0]!;
    loop.send({ type: 'Applied', decisionId: decision.id, at: loop.now });
    loop.tick(600);
    expect(loop.replicas).toBe(12);
  });

  test('a refused one leaves everything as it was', () => {
    const loop = new LoopDriver(policyFixture(), 4);
    loop.answer = 'Refused';
    loop.tick(430);
    expect(loop.state).toMatchObject({
      execution: { phase: 'Idle' },
      lastActionAt: undefined,
      actionTimes: [],
    });
    expect(loop.state.replicas).toMatchObject({ known: 4, sending: undefined, accepted: undefined });
  });

  test('refusals in a row are counted, until one is applied', () => {
    const loop = new LoopDriver(policyFixture(), 4);
    loop.answer = 'Refused';
    loop.tick(430);
    loop.tick(430);
    expect(loop.state.refusals?.count).toBe(2);
    loop.answer = 'Applied';
    for (let ticks = 0; ticks < 10; ticks += 1) loop.tick(430);
    expect(loop.state.refusals).toBeUndefined();
    expect(loop.replicas).toBe(9);
  });
});
