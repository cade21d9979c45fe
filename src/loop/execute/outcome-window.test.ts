import fc from 'fast-check';
import { decisionFixture } from '../../../test/support/decision-fixtures.ts';
import { MINUTE, NOW, SECOND } from '../../../test/support/loop-fixtures.ts';
import type { ObjectiveTerms } from '../monitor/objective.ts';
import {
  closeWindow,
  observeWindow,
  openWindow,
  turnWindowBack,
  type OutcomeWindow,
} from './outcome-window.ts';

const terms: ObjectiveTerms = { allowedShare: 0.1, replicaHourPrice: undefined };
const TICK = 15 * SECOND;

const open = (lengthMs = 5 * MINUTE): OutcomeWindow => openWindow(decisionFixture('d1'), NOW, lengthMs);

/** One letter for each tick of 15 s: g(ood), v(iolated), u(nknown). */
function watched(ticks: string, replicas = 4, window = open()): OutcomeWindow {
  for (const [index, tick] of ticks.split('').entries()) {
    const violated = tick === 'u' ? undefined : tick === 'v';
    observeWindow(window, { now: NOW + (index + 1) * TICK, violated, replicas });
  }
  return window;
}

const end = NOW + 5 * MINUTE;
const g = (count: number): string => 'g'.repeat(count);

describe('the verdict on a complete window', () => {
  test.each([
    ['all was well', g(20), 'Met', 'objective violated for 0 of 300 measured seconds'],
    [
      'just as much was violated as is allowed',
      `vv${g(18)}`,
      'Met',
      'objective violated for 30 of 300 measured seconds',
    ],
    [
      'more was violated than is allowed',
      `vvv${g(17)}`,
      'Violated',
      'objective violated for 45 of 300 measured seconds',
    ],
    [
      'half was measured',
      `${g(10)}${'u'.repeat(10)}`,
      'Met',
      'objective violated for 0 of 150 measured seconds',
    ],
    [
      'less than half was measured',
      `${g(9)}${'u'.repeat(11)}`,
      'Unmeasured',
      'the objective was measured for 135 of 300 seconds: no verdict',
    ],
    [
      'nobody was there for most of it',
      g(4),
      'Unmeasured',
      'the objective was measured for 60 of 300 seconds: no verdict',
    ],
    [
      'nobody was there at all',
      '',
      'Unmeasured',
      'the objective was measured for 0 of 300 seconds: no verdict',
    ],
  ])('when %s', (_name, ticks, result, message) => {
    expect(closeWindow(watched(ticks), end, terms)).toMatchObject({ result, message, at: end });
  });

  test('a promise of 100 % is broken by one moment', () => {
    const strict = { ...terms, allowedShare: 0 };
    expect(closeWindow(watched(`v${g(19)}`), end, strict).result).toBe('Violated');
    expect(closeWindow(watched(g(20)), end, strict).result).toBe('Met');
  });

  test('without an objective there is none', () => {
    expect(closeWindow(watched('u'.repeat(20)), end, undefined)).toEqual({
      result: 'Unmeasured',
      at: end,
      observedSeconds: 300,
      measuredSeconds: 0,
      violatedSeconds: 0,
      replicaSeconds: 1200,
      message: 'no objective is set: no verdict',
    });
  });

  test('a window without length has none, and divides by nothing', () => {
    expect(closeWindow(open(0), NOW, terms).result).toBe('Unmeasured');
  });

  test('counts replica-seconds and their price', () => {
    const priced = { ...terms, replicaHourPrice: 0.06 };
    expect(closeWindow(watched(g(20), 6), end, priced)).toMatchObject({ replicaSeconds: 1800, cost: 0.03 });
  });
});

describe('the end of a window before its time', () => {
  test.each([
    [
      'Superseded' as const,
      'Superseded',
      'the next decision came after 60 s; until then objective violated for 15 of 60 measured seconds',
    ],
    [
      'UndoneByPerson' as const,
      'UndoneByPerson',
      'somebody changed the replicas again after 60 s; until then objective violated for 15 of 60 measured seconds',
    ],
    [
      'TargetReplaced' as const,
      'Unmeasured',
      'the target was replaced by another object after 60 s; until then objective violated for 15 of 60 measured seconds',
    ],
  ])('%s', (ended, result, message) => {
    expect(closeWindow(watched('gvgg'), NOW + MINUTE, terms, ended)).toMatchObject({ result, message });
  });

  test.each([
    [
      'nothing was measured',
      terms,
      'the next decision came after 60 s; until then the objective was not measured',
    ],
    ['there is no objective', undefined, 'the next decision came after 60 s; until then no objective is set'],
  ])('says so when %s', (_name, promised, message) => {
    expect(closeWindow(watched('uuuu'), NOW + MINUTE, promised, 'Superseded').message).toBe(message);
  });
});

describe('a window in disorderly time', () => {
  test('counts at most a minute for a gap', () => {
    const window = open();
    observeWindow(window, { now: NOW + 4 * MINUTE, violated: true, replicas: 5 });
    expect(window).toMatchObject({ observedMs: MINUTE, violatedMs: MINUTE, replicaMs: 5 * MINUTE });
  });

  test('counts nothing twice when a clock steps back', () => {
    const window = watched('gg');
    observeWindow(window, { now: NOW, violated: false, replicas: 4 });
    expect(window).toMatchObject({ observedMs: 30 * SECOND, lastAt: NOW + 30 * SECOND });
  });

  test('counts nothing beyond its end', () => {
    const window = watched(g(19));
    observeWindow(window, { now: end + MINUTE, violated: false, replicas: 4 });
    expect(window.observedMs).toBe(5 * MINUTE);
  });

  test('begins now when it was opened in the future of the clock', () => {
    const window = turnWindowBack(watched('gg'), NOW - 60 * MINUTE);
    expect(window).toMatchObject({
      openedAt: NOW - 60 * MINUTE,
      until: NOW - 55 * MINUTE,
      lastAt: NOW - 60 * MINUTE,
      observedMs: 30 * SECOND,
    });
  });

  test('goes on from now when the clock stepped back within it', () => {
    const window = turnWindowBack(watched('gggg'), NOW + 20 * SECOND);
    expect(window).toMatchObject({ openedAt: NOW, until: end, lastAt: NOW + 20 * SECOND });
  });

  test('is the same when the clock did not', () => {
    const window = watched('gg');
    expect(turnWindowBack(window, NOW + 30 * SECOND)).toBe(window);
  });

  test('never counts more than its length, nor more violated than measured than observed', () => {
    const tick = fc.tuple(
      fc.integer({ min: -300, max: 900 }),
      fc.constantFrom(true, false, undefined),
      fc.nat(50),
    );
    const property = fc.property(fc.array(tick), (ticks) => {
      const window = open();
      for (const [seconds, violated, replicas] of ticks) {
        observeWindow(window, { now: NOW + seconds * SECOND, violated, replicas });
      }
      const { observedMs, measuredMs, violatedMs } = window;
      expect(violatedMs).toBeLessThanOrEqual(measuredMs);
      expect(measuredMs).toBeLessThanOrEqual(observedMs);
      expect(observedMs).toBeLessThanOrEqual(5 * MINUTE);
    });
    fc.assert(property);
  });
});

describe('the verdict by requests', () => {
  const byRequests: ObjectiveTerms = { ...terms, allowedBadShare: 0.01 };
  const counted = (requests: number, badRequests: number): OutcomeWindow => {
    const window = open();
    for (const part of [0, 0.5, 1]) {
      observeWindow(window, {
        now: NOW + part * 5 * MINUTE,
        violated: true,
        replicas: 4,
        counts: { requests: 1000 + part * requests, badRequests: 10 + part * badRequests },
      });
    }
    window.measuredMs = 5 * MINUTE;
    return window;
  };

  test.each([
    ['as many were bad as are allowed, however many moments were', 50, 'Met', '1 % of 5000'],
    ['more were bad', 51, 'Violated', '1.02 % of 5000'],
  ])('when %s', (_name, bad, result, words) => {
    expect(closeWindow(counted(5000, bad), end, byRequests)).toMatchObject({
      result,
      message: `${words} requests were bad in 300 measured seconds`,
    });
  });

  test('is that by time while nobody counted a request', () => {
    expect(closeWindow(counted(0, 0), end, byRequests).result).toBe('Violated');
  });
});
