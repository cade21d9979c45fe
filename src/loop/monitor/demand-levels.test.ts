import { createDemandLevels, learnLevels, observeLevel, type DemandLevels } from './demand-levels.ts';

const START = Date.UTC(2026, 4, 4, 9, 0);
const TICK = 15_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A level over some time, a value each 15 s; the time after it. */
function hold(levels: DemandLevels, from: number, length: number, value: number): number {
  for (let at = from; at < from + length; at += TICK) observeLevel(levels, at, value);
  return from + length;
}

describe('a fall of the demand', () => {
  test.each([
    ['to a tenth', 100, undefined],
    ['to less than a tenth', 99, { at: START + 10 * MINUTE, from: 1000 }],
    ['to nothing', 0, { at: START + 10 * MINUTE, from: 1000 }],
  ])('%s of what it was within five minutes', (_name, value, fall) => {
    const levels = createDemandLevels();
    const now = hold(levels, START, 10 * MINUTE, 1000);
    expect(observeLevel(levels, now, value)).toEqual(fall);
  });

  test('that takes longer than five minutes is no fall', () => {
    const levels = createDemandLevels();
    for (let i = 0; i < 60; i += 1) {
      expect(observeLevel(levels, START + i * MINUTE, 1000 * 0.7 ** i)).toBeUndefined();
    }
  });

  test('is over when the demand is back above a fifth', () => {
    const levels = createDemandLevels();
    const now = hold(levels, START, 10 * MINUTE, 1000);
    observeLevel(levels, now, 0);
    expect(observeLevel(levels, now + TICK, 200)).toBeDefined();
    expect(observeLevel(levels, now + 2 * TICK, 201)).toBeUndefined();
  });

  test('is believed after an hour, and the new level is known from then on', () => {
    const levels = createDemandLevels();
    let now = hold(levels, START, 10 * MINUTE, 1000);
    hold(levels, now, HOUR, 3);
    expect(levels.fall).toBeDefined();
    now = hold(levels, now + HOUR, 20 * MINUTE, 3);
    expect(levels.fall).toBeUndefined();
    now = hold(levels, now, 10 * MINUTE, 1000);
    expect(observeLevel(levels, now, 2)).toBeUndefined();
    expect(observeLevel(levels, now + TICK, 1)).toBeDefined();
  });

  test('to where the workload idles between its bursts is none', () => {
    const levels = createDemandLevels();
    let now = hold(levels, START, 15 * MINUTE, 2);
    now = hold(levels, now, 10 * MINUTE, 5000);
    expect(observeLevel(levels, now, 2)).toBeUndefined();
  });

  test('to zero is one although nearly zero is known', () => {
    const levels = createDemandLevels();
    let now = hold(levels, START, 15 * MINUTE, 0.01);
    now = hold(levels, now, 10 * MINUTE, 5000);
    expect(observeLevel(levels, now, 0)).toBeDefined();
  });

  test('to what a history of the last week shows is none', () => {
    const levels = createDemandLevels();
    const values = Float64Array.from({ length: 7 * 1440 }, (_, i) => (i % 1440 < 300 ? 0 : 800));
    learnLevels(levels, { startMs: START - 7 * DAY, stepMs: MINUTE, values });
    observeLevel(levels, START, 800);
    expect(observeLevel(levels, START + TICK, 0)).toBeUndefined();
  });

  test('to what was last seen more than eight days ago is one again', () => {
    const levels = createDemandLevels();
    hold(levels, START, 15 * MINUTE, 0);
    for (let day = 1; day <= 9; day += 1) hold(levels, START + day * DAY, 15 * MINUTE, 800);
    expect(observeLevel(levels, START + 9 * DAY + 15 * MINUTE, 0)).toBeDefined();
  });

  test('cannot be told of the first value, nor after the clock jumped', () => {
    const levels = createDemandLevels();
    expect(observeLevel(levels, START, 0)).toBeUndefined();
    hold(levels, START, 10 * MINUTE, 1000);
    expect(observeLevel(levels, START + 2 * HOUR, 0)).toBeUndefined();
    hold(levels, START + 2 * HOUR, 10 * MINUTE, 1000);
    expect(observeLevel(levels, START, 0)).toBeUndefined();
  });
});
