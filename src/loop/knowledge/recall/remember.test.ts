import { pointAt, situationFixture } from '../../../../test/support/situation-fixture.ts';
import type { ArmOutcome, Situation } from '../situation.ts';
import { createHotIndex } from './hot-index.ts';
import { rememberSituation } from './remember.ts';

const arm = (change: Partial<ArmOutcome>): ArmOutcome => ({
  arm: 'lean',
  replicaSeconds: 1,
  badRequests: 0,
  violatedSeconds: 0,
  replicasChanged: 0,
  ...change,
});

test.each<[string, Partial<Situation>, string]>([
  ['a vector that is too short', { embedding: new Float32Array(63) }, 'the embedding has 63 numbers'],
  ['a vector that is too long', { embedding: new Float32Array(65) }, 'the embedding has 65 numbers'],
  ['a number that is none', { embedding: pointAt(0, 0, NaN) }, 'number 2 of the embedding is NaN'],
  ['an infinite number', { embedding: pointAt(-Infinity) }, 'number 0 of the embedding is -Infinity'],
  ['an arm of no cost', { arms: [arm({ replicaSeconds: NaN })] }, 'arms[lean].replicaSeconds is NaN'],
  ['an arm of negative time', { arms: [arm({ violatedSeconds: -1 })] }, 'arms[lean].violatedSeconds is -1'],
  ['an arm that is there twice', { arms: [arm({}), arm({})] }, 'one is there twice'],
  ['no oracle', { oracleReplicaSeconds: NaN }, 'oracleReplicaSeconds is NaN'],
  [
    'more arms than there is room for',
    { arms: ['1', '2', '3', '4'].map((name) => arm({ arm: name })) },
    'would be more than 3 different ones',
  ],
])('%s is refused by the name of its situation', (_, change, words) => {
  const index = createHotIndex({ capacity: 10, armLimit: 3 });
  const situation = situationFixture(change);
  const remember = () => rememberSituation(index, situation);
  expect(remember).toThrow(RangeError);
  expect(remember).toThrow(situation.id);
  expect(remember).toThrow(words);
  expect(index.size).toBe(0);
});

test('what is refused leaves the one that is there as it was', () => {
  const index = createHotIndex({ capacity: 10 });
  rememberSituation(index, situationFixture({ summary: 'good' }));
  expect(() => rememberSituation(index, situationFixture({ embedding: pointAt(NaN) }))).toThrow(RangeError);
  expect(index.labels.map(({ summary }) => summary)).toEqual(['good']);
});

test('a window without a length is refused', () => {
  const index = createHotIndex({ capacity: 10 });
  expect(() => rememberSituation(index, situationFixture({ outcome: { windowSeconds: 0 } }))).toThrow(
    'outcome.windowSeconds is 0',
  );
});

test('arms are kept as cost over the oracle and share of violated time', () => {
  const index = createHotIndex({ capacity: 10, armLimit: 4 });
  rememberSituation(index, situationFixture());
  expect(index.arms).toEqual(['lean', 'safe']);
  expect([...index.columns.costs.slice(0, 4)]).toEqual([1, 1.5, NaN, NaN]);
  expect([...index.columns.violated.slice(0, 4)]).toEqual([Math.fround(0.1), 0, NaN, NaN]);
});

test.each<[Situation['censored'], boolean]>([
  [['Override'], true],
  [['Rollout', 'NodeLoss'], true],
  [['Gap'], false],
  [['Rollout', 'SpecChanged'], false],
  [['TargetReplaced'], false],
])('a window that is censored by %s is not judged; its replay counts: %s', (censored, counts) => {
  const index = createHotIndex({ capacity: 10 });
  rememberSituation(index, situationFixture({ censored }));
  expect(index.columns.succeeded[0]).toBe(-1);
  expect(Number.isNaN(index.columns.costs[0])).toBe(!counts);
});

test('what was not measured of an outcome stays unknown', () => {
  const index = createHotIndex({ capacity: 10 });
  const outcome = { violatedSeconds: null, requests: null, badRequests: null, restarts: null };
  rememberSituation(index, situationFixture({ outcome, succeeded: null }));
  expect([...index.columns.outcomes.slice(0, 5)]).toEqual([NaN, NaN, 1.5, 0, NaN]);
  expect(index.columns.succeeded[0]).toBe(-1);
});
