import fc from 'fast-check';
import { slicesOf } from '../../../../test/support/outcome-moments.ts';
import { NOW, SECOND } from '../../../../test/support/loop-fixtures.ts';
import {
  attribute,
  createDecisionAttribution,
  openAttribution,
  turnAttributionBack,
  type AppliedDecision,
  type AttributedOutcome,
} from './decision-attribution.ts';
import type { OutcomeMoment } from './outcome-slice.ts';

const at = (seconds: number): number => NOW + seconds * SECOND;

const up = (id: string, seconds: number, change: Partial<AppliedDecision> = {}): AppliedDecision => ({
  decisionId: id,
  action: 'ScaleUp',
  from: 4,
  to: 6,
  appliedAt: at(seconds),
  slowStartupSeconds: 60,
  ...change,
});

const down = (id: string, seconds: number, change: Partial<AppliedDecision> = {}): AppliedDecision =>
  up(id, seconds, { action: 'ScaleDown', from: 6, to: 4, ...change });

interface Story {
  readonly decisions: readonly AppliedDecision[];
  /** Changes of the moments at these seconds. */
  readonly facts?: Readonly<Record<number, Partial<OutcomeMoment>>>;
  readonly seconds: number;
  readonly step?: number;
}

/** Ticks until `seconds`; a decision is told at the first look after it was applied. */
function told({ decisions, facts = {}, seconds, step = 15 }: Story): readonly AttributedOutcome[] {
  const attribution = createDecisionAttribution();
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
  const slices = slicesOf(ticks.map((tick) => ({ now: at(tick), ...facts[tick] })));
  const waiting = [...decisions];
  return slices.flatMap((slice) => {
    const over: AttributedOutcome[] = [];
    while (waiting[0] !== undefined && waiting[0].appliedAt < slice.to) {
      over.push(...openAttribution(attribution, waiting.shift()!));
    }
    return [...over, ...attribute(attribution, slice)];
  });
}

const ends = (outcomes: readonly AttributedOutcome[]) =>
  outcomes.map(({ decisionId, end, endedAt, outcome }) => [
    decisionId,
    end,
    (endedAt - NOW) / SECOND,
    outcome.windowSeconds,
  ]);

describe('what comes after a decision', () => {
  test('is its own for the whole window when no other follows', () => {
    const outcomes = told({ decisions: [up('a', 0)], facts: { 300: { violated: true } }, seconds: 900 });
    expect(ends(outcomes)).toEqual([['a', 'Complete', 600, 600]]);
    expect(outcomes[0]).toMatchObject({
      share: 1,
      censored: [],
      outcome: { violatedSeconds: 15, replicasChanged: 2, changes: 1, replicaSeconds: 2400 },
    });
  });

  test("is its own until the next increase is felt, and the next one's from then on", () => {
    const outcomes = told({ decisions: [up('a', 0), up('b', 120)], seconds: 900 });
    expect(ends(outcomes)).toEqual([
      ['a', 'Superseded', 180, 180],
      ['b', 'Complete', 720, 540],
    ]);
    expect(outcomes.map(({ share }) => share)).toEqual([0.3, 0.9]);
  });

  test('is over at once when the next is a decrease', () => {
    expect(ends(told({ decisions: [up('a', 0), down('b', 120)], seconds: 900 }))).toEqual([
      ['a', 'Superseded', 120, 120],
      ['b', 'Complete', 720, 600],
    ]);
  });

  test('is nothing where a decrease follows before it is felt by anybody but its order', () => {
    expect(ends(told({ decisions: [up('a', 0), up('b', 15), down('c', 30)], seconds: 900 }))).toEqual([
      ['a', 'Superseded', 30, 30],
      ['b', 'Superseded', 30, 0],
      ['c', 'Complete', 630, 600],
    ]);
  });

  test("is the next one's before that is felt, when its own window has run out", () => {
    const slow = { slowStartupSeconds: 600 };
    expect(ends(told({ decisions: [down('a', 0), up('b', 300, slow)], seconds: 1500 }))).toEqual([
      ['a', 'Complete', 600, 600],
      ['b', 'Complete', 1200, 600],
    ]);
  });

  test('changes hands between two ticks as well', () => {
    const decisions = [down('a', 0), up('b', 60, { slowStartupSeconds: 50 })];
    expect(ends(told({ decisions, seconds: 900 }))).toEqual([
      ['a', 'Superseded', 110, 110],
      ['b', 'Complete', 660, 550],
    ]);
  });

  test('has its replicas paid for by who ordered them, felt or not', () => {
    const facts = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [index * 15, { replicas: index * 15 >= 60 ? 10 : 4 }]),
    );
    const outcomes = told({ decisions: [down('a', 0), up('b', 60, { to: 10 })], facts, seconds: 720 });
    // For 60 s before b is felt, six of ten replicas are b's.
    expect(outcomes.map(({ outcome }) => outcome.replicaSeconds)).toEqual([120 * 4, 60 * 6 + 540 * 10]);
  });

  test('ends when somebody else changes the replicas, and does not count', () => {
    const facts = { 120: { overridden: true } };
    const outcomes = told({ decisions: [down('a', 0), up('b', 90)], facts, seconds: 900 });
    expect(ends(outcomes)).toEqual([
      ['a', 'Override', 120, 120],
      ['b', 'Override', 120, 0],
    ]);
    expect(outcomes.map(({ censored }) => censored)).toEqual([['Override'], ['Gap', 'Override']]);
  });

  test('ends with its target', () => {
    const facts = Object.fromEntries([...Array(60).keys()].map((i) => [120 + 15 * i, { targetUid: 'new' }]));
    expect(ends(told({ decisions: [up('a', 0)], facts, seconds: 900 }))).toEqual([
      ['a', 'TargetReplaced', 120, 120],
    ]);
  });

  test('does not count after a rollout, but goes on', () => {
    const rollout = { rolloutInProgress: true };
    const outcomes = told({
      decisions: [up('a', 0)],
      facts: { 60: rollout, 75: rollout },
      seconds: 900,
    });
    expect(outcomes).toMatchObject([{ end: 'Complete', censored: ['Rollout'] }]);
  });

  test('is a rollback of the last decrease', () => {
    const decisions = [down('a', 0), up('b', 60)];
    const outcomes = told({
      decisions,
      facts: { 75: { rolledBack: true }, 90: { rolledBack: true } },
      seconds: 900,
    });
    expect(outcomes.map(({ outcome }) => outcome.rollbacks)).toEqual([1, 0]);
  });

  test('is not waited for without bound: of seventeen open ones the oldest is over', () => {
    const slow = { slowStartupSeconds: 3600 };
    const decisions = Array.from({ length: 17 }, (_, i) => up(`d${i}`, 15 * i, slow));
    expect(ends(told({ decisions, seconds: 255 }))).toEqual([['d0', 'Superseded', 240, 240]]);
  });
});

test('a decision that is told again goes on', () => {
  const attribution = createDecisionAttribution();
  openAttribution(attribution, up('a', 0));
  const [first, second] = slicesOf([{}, { now: at(300) }, { now: at(700) }]);
  expect(attribute(attribution, first!)).toEqual([]);
  expect(openAttribution(attribution, up('a', 0))).toEqual([]);
  expect(ends(attribute(attribution, second!))).toEqual([['a', 'Complete', 600, 600]]);
});

test('a decision of the future of a clock that stepped back was taken just now', () => {
  const attribution = createDecisionAttribution();
  openAttribution(attribution, up('a', -30));
  openAttribution(attribution, up('b', 86_400));
  turnAttributionBack(attribution, NOW);
  const [slice] = slicesOf([{}, { now: at(700) }]);
  expect(ends(attribute(attribution, slice!))).toEqual([
    ['a', 'Superseded', 60, 60],
    ['b', 'Complete', 600, 540],
  ]);
});

test('every second while a window is open is put down to exactly one decision', () => {
  const decision = fc.record({
    gap: fc.integer({ min: 0, max: 400 }),
    increase: fc.boolean(),
    slowStartupSeconds: fc.integer({ min: 0, max: 900 }),
    to: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(fc.array(decision, { minLength: 1, maxLength: 8 }), (steps) => {
      let applied = 0;
      const decisions = steps.map(({ gap, increase, slowStartupSeconds, to }, index) => {
        applied += gap;
        return (increase ? up : down)(`d${index}`, applied, { slowStartupSeconds, to });
      });
      const seconds = applied + 1500;
      const outcomes = told({ decisions, seconds });
      expect(outcomes.map(({ decisionId }) => decisionId).sort()).toEqual(
        decisions.map(({ decisionId }) => decisionId).sort(),
      );
      let covered = 0;
      for (let second = 0; second < seconds; second += 1) {
        const inside = (d: AppliedDecision) => {
          const over = outcomes.find(({ decisionId }) => decisionId === d.decisionId);
          return d.appliedAt <= at(second) && (over?.endedAt ?? 0) > at(second);
        };
        if (decisions.some(inside)) covered += 1;
      }
      const sum = (of: (outcome: AttributedOutcome) => number) =>
        outcomes.reduce((all, outcome) => all + of(outcome), 0);
      expect(sum(({ outcome }) => outcome.windowSeconds)).toBeCloseTo(covered, 6);
      expect(sum(({ outcome }) => outcome.replicaSeconds)).toBeCloseTo(4 * covered, 6);
      expect(outcomes.every(({ share }) => share >= 0 && share <= 1)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
