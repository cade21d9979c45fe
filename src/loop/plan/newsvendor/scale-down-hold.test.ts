import fc from 'fast-check';
import { BALANCED, CALM, RESPONSIVE, type ScalingProfile } from './profile.ts';
import { createScaleDownHold, holdScaleDown } from './scale-down-hold.ts';

const START = Date.UTC(2025, 0, 6);

/** Replicas after each of the recommendations, 15 s apart, from `current` on; a missing one is a decision without a word. */
function follow(profile: ScalingProfile, current: number, wanted: readonly (number | undefined)[]): number[] {
  const hold = createScaleDownHold();
  let replicas = current;
  return wanted.map((recommendation, decision) => {
    if (recommendation !== undefined) {
      const now = START + decision * 15_000;
      replicas = holdScaleDown(hold, profile, { now, replicas: recommendation, current: replicas });
    }
    return replicas;
  });
}

describe('the hold', () => {
  test.each([
    ['more is ordered at once', [12, 15], [12, 15]],
    ['less waits until a minute has asked for less', [10, 6, 6, 6, 6, 6], [10, 10, 10, 10, 10, 6]],
    ['less goes to the most of that minute', [10, 8, 6, 7, 6, 6, 6], [10, 10, 10, 10, 10, 8, 7]],
    [
      'a decision without a word holds nothing back beyond its minute',
      [10, undefined, undefined, undefined, undefined, 4],
      [10, 10, 10, 10, 10, 4],
    ],
  ])('%s', (_what, wanted, expected) => {
    expect(follow(BALANCED, 10, wanted)).toEqual(expected);
  });

  test('calm leaves out decreases below a tenth and follows larger ones in full', () => {
    expect(follow(CALM, 100, [91, 91, 91, 91, 91, 91])).toEqual([91, 91, 91, 91, 91, 91].fill(100));
    expect(follow(CALM, 100, [90, 90, 90, 90, 90, 90]).at(-1)).toBe(90);
    expect(follow(CALM, 100, [101, 99])).toEqual([101, 101]);
    expect(follow(CALM, 5, [4, 4, 4, 4, 4, 4]).at(-1)).toBe(4);
  });

  test('without a hold less is followed at the next decision', () => {
    expect(follow(RESPONSIVE, 10, [10, 6, 5])).toEqual([10, 6, 5]);
  });

  test('nothing is given back before a whole hold was watched: after a start, a silence, a clock set back', () => {
    expect(follow(BALANCED, 10, [6, 6, 6, 6, 6, 6])).toEqual([10, 10, 10, 10, 10, 6]);
    const hold = createScaleDownHold();
    const at = (now: number): number => holdScaleDown(hold, BALANCED, { now, replicas: 6, current: 10 });
    at(START);
    expect(at(START + 75_000)).toBe(6);
    expect(at(START + 3_600_000)).toBe(10);
    expect(at(START + 3_675_000)).toBe(6);
    expect(at(START)).toBe(10);
  });

  test('is the largest of its time, for decisions at any distance', () => {
    const steps = fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 90_000 }),
        replicas: fc.integer({ min: 1, max: 50 }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (sequence) => {
        const hold = createScaleDownHold();
        const said = [{ now: START, replicas: 50 }];
        holdScaleDown(hold, BALANCED, { now: START, replicas: 50, current: 50 });
        for (const { after, replicas } of sequence) {
          const now = said.at(-1)!.now + after;
          said.push({ now, replicas });
          const expected = Math.max(
            ...said.filter((one) => one.now >= now - 60_000).map((one) => one.replicas),
          );
          expect(holdScaleDown(hold, BALANCED, { now, replicas, current: 1000 })).toBe(expected);
        }
      }),
    );
  });
});
