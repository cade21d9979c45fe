import {
  pointAt,
  situationFixture,
  WINDOW_MS,
  WINDOW_START,
} from '../../../test/support/situation-fixture.ts';
import type { Situation } from '../../loop/knowledge/situation.ts';
import { evaluateSelection } from './evaluate-selection.ts';
import {
  alone,
  alwaysArm,
  bestForEver,
  bestOfEachWindow,
  byNeighbours,
  byUsualLosses,
  followTheLeader,
} from './selection-learner.ts';

const WEIGHTS = { penalty: 20, most: 8 };
const WINDOWS = 96;

/** In rough windows the lean arm is violated for a tenth of the time, in calm ones the safe arm is dear. */
function windowOf(name: string, place: number, rough: boolean): Situation {
  const arm = (id: string, cost: number, violatedSeconds: number) => ({
    arm: id,
    replicaSeconds: 3600 * cost,
    badRequests: 0,
    violatedSeconds,
    replicasChanged: 0,
  });
  return situationFixture({
    policyUid: name,
    at: WINDOW_START + place * WINDOW_MS,
    embedding: pointAt(rough ? 2 : -2),
    arms: [arm('lean', 1, rough ? 180 : 0), arm('safe', 2, 0)],
  });
}

const workload = (name: string, rough: (place: number) => boolean): readonly Situation[] =>
  Array.from({ length: WINDOWS }, (_, place) => windowOf(name, place, rough(place)));

const alternating = (place: number): boolean => place % 4 < 2;
const two = [workload('a', alternating), workload('b', alternating)];

const learners = [alwaysArm('lean'), alwaysArm('safe'), followTheLeader, byNeighbours];

test('an arm for ever has the loss of its windows', () => {
  const [score] = evaluateSelection(two, learners, WEIGHTS);
  expect(score).toMatchObject({ workload: 'workload-of-a', windows: WINDOWS });
  expect(score!.losses[0]).toEqual({ firstDay: 2, later: 2, all: 2 });
  expect(score!.losses[1]).toEqual({ firstDay: 2, later: 2, all: 2 });
});

test('where situations tell which arm is right, neighbours do what no arm for ever can', () => {
  for (const { losses } of evaluateSelection(two, learners, WEIGHTS)) {
    const [, , leader, neighbours] = losses;
    expect(leader!.all).toBeGreaterThan(1.8);
    expect(neighbours!.all).toBeLessThan(1.6);
    // The best that there is: lean in calm windows, safe in rough ones.
    expect(neighbours!.later).toBeCloseTo(1.5, 2);
  }
});

test('the first day is better with what others lived through than without', () => {
  const [score] = evaluateSelection(two, [byNeighbours, alone(byNeighbours)], WEIGHTS);
  expect(score!.losses[0]!.firstDay).toBeLessThan(score!.losses[1]!.firstDay);
});

test('where situations tell nothing, neighbours lose nothing', () => {
  const steady = [workload('a', () => false), workload('b', () => false)];
  for (const { losses } of evaluateSelection(
    steady,
    [followTheLeader, byNeighbours, byUsualLosses],
    WEIGHTS,
  )) {
    expect(losses.map(({ later }) => later)).toEqual([1, 1, 1]);
    // The leader has the arm in force until it has seen a window.
    expect(losses[0]!.firstDay).toBeGreaterThan(1);
    expect(losses[1]!.firstDay).toBe(1);
    expect(losses[2]!.firstDay).toBe(1);
  }
});

test('nothing of a workload is known before it has ended', () => {
  const seen: string[] = [];
  const spy = () => ({
    choose: ({ id }: Situation) => {
      seen.push(`choose ${id}`);
      return 'lean';
    },
    observe: ({ id }: Situation) => seen.push(`observe ${id}`),
  });
  const [windows] = two;
  evaluateSelection([windows!.slice(0, 2)], [spy], WEIGHTS);
  const [first, second] = windows!.map(({ id }) => id);
  expect(seen).toEqual([`choose ${first}`, `observe ${first}`, `choose ${second}`, `observe ${second}`]);
});

test('windows without replayed arms are left out, and a workload without any has no loss', () => {
  const [windows] = two;
  const holes = windows!.map((situation, place) =>
    place % 2 === 0 ? { ...situation, arms: [] } : situation,
  );
  const [some, none] = evaluateSelection([holes, []], [alwaysArm('safe')], WEIGHTS);
  expect(some!.windows).toBe(WINDOWS / 2);
  expect(none).toEqual({ workload: '', windows: 0, losses: [{ firstDay: NaN, later: NaN, all: NaN }] });
});

test('an arm that was not replayed is an error by the name of the window', () => {
  expect(() => evaluateSelection(two, [alwaysArm('other')], WEIGHTS)).toThrow(`a/${WINDOW_START}: arm other`);
});

test.each([
  ['lean', (place: number) => place % 12 === 0, 1 + 2 / 12, 1 + 1 / 12],
  ['safe', (place: number) => place % 12 !== 0, 2, 1 + 11 / 12],
])('who looks ahead takes the %s arm for ever where it is best, or the best of each window', (...given) => {
  const [, rough, forEver, ofEach] = given;
  const [score] = evaluateSelection([workload('a', rough)], [bestForEver, bestOfEachWindow], WEIGHTS);
  expect(score!.losses[0]!.all).toBeCloseTo(forEver, 9);
  expect(score!.losses[1]!.all).toBeCloseTo(ofEach, 9);
});
