import fc from 'fast-check';
import { chooseKnob, type KnobTrial } from './choose-knob.ts';

const trial = (knob: number, replicaSeconds: number, badRequestShare: number): KnobTrial => ({
  knob,
  replicaSeconds,
  badRequestShare,
});

describe('the tuning of a knob', () => {
  const cases: [string, KnobTrial[], number][] = [
    [
      'takes the cheapest value that meets the objective',
      [trial(0.9, 100, 0.05), trial(0.7, 130, 0.01), trial(0.5, 180, 0.001)],
      0.7,
    ],
    [
      'takes the value with the fewest slow requests where none meets it',
      [trial(0.9, 100, 0.2), trial(0.7, 130, 0.03), trial(0.5, 180, 0.05)],
      0.7,
    ],
    ['counts a share equal to the objective as met', [trial(1, 100, 0.01), trial(2, 110, 0.009)], 1],
    [
      'does not assume that cost grows from value to value',
      [trial(1, 120, 0.005), trial(2, 90, 0.002), trial(3, 140, 0)],
      2,
    ],
    ['breaks a tie in cost for fewer slow requests', [trial(1, 100, 0.002), trial(2, 100, 0.008)], 1],
    ['breaks a complete tie for the safer value', [trial(1, 100, 0), trial(2, 100, 0), trial(3, 100, 0)], 3],
    ['breaks a tie among those that miss for the safer value', [trial(1, 90, 0.5), trial(2, 95, 0.5)], 2],
  ];
  test.each(cases)('%s', (_, trials, expected) => {
    expect(chooseKnob(trials, 0.01)).toBe(expected);
  });

  test('refuses to choose from nothing', () => {
    expect(() => chooseKnob([], 0.01)).toThrow('no value of the knob was tried');
  });

  test('never takes a value that misses when another meets, nor a dearer one that meets', () => {
    const trials = fc.array(
      fc.record({
        knob: fc.integer(),
        replicaSeconds: fc.integer({ min: 1, max: 20 }),
        badRequestShare: fc.constantFrom(0, 0.005, 0.01, 0.02, 0.5),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(trials, (all) => {
        const numbered = all.map((one, index) => ({ ...one, knob: index }));
        const chosen = numbered[chooseKnob(numbered, 0.01)]!;
        const meeting = numbered.filter((one) => one.badRequestShare <= 0.01);
        if (meeting.length === 0) {
          expect(chosen.badRequestShare).toBe(Math.min(...numbered.map((one) => one.badRequestShare)));
        } else {
          expect(chosen.badRequestShare).toBeLessThanOrEqual(0.01);
          expect(chosen.replicaSeconds).toBe(Math.min(...meeting.map((one) => one.replicaSeconds)));
        }
      }),
    );
  });
});
