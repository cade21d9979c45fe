import {
  BALANCED,
  CALM,
  createScaleDownHold,
  holdScaleDown,
  type ScaleDownProfile,
} from './scale-down-hold.ts';

/** Replicas after each of the recommendations, from `current` on; a missing one is a decision without a word. */
function follow(
  profile: ScaleDownProfile,
  current: number,
  wanted: readonly (number | undefined)[],
): number[] {
  const hold = createScaleDownHold(profile);
  let replicas = current;
  return wanted.map((recommendation, decision) => {
    if (recommendation !== undefined) {
      replicas = holdScaleDown(hold, profile, { decision, replicas: recommendation, current: replicas });
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

  test('calm leaves out decreases below 8 % and follows larger ones in full', () => {
    expect(follow(CALM, 100, [93, 93, 93, 93, 93, 93])).toEqual([93, 93, 93, 93, 93, 93].fill(100));
    expect(follow(CALM, 100, [92, 92, 92, 92, 92, 92]).at(-1)).toBe(92);
    expect(follow(CALM, 100, [101, 99])).toEqual([101, 101]);
    expect(follow(CALM, 5, [4, 4, 4, 4, 4]).at(-1)).toBe(4);
  });
});
