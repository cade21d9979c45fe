import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoopDriver } from '../../../test/support/loop-driver.ts';
import { MINUTE, NOW, policyFixture, REQUESTS, SECOND } from '../../../test/support/loop-fixtures.ts';
import type { LoopEffect } from '../../loop/loop-effect.ts';
import { learnedOf, withLearned, type LearnedState } from '../../loop/learned-state.ts';
import { metricKey } from '../../loop/monitor/metric-name.ts';
import { createPolicyState, type PolicyState } from '../../loop/state.ts';
import { step } from '../../loop/step.ts';
import { generateDemand } from '../../simulate/demand.ts';
import { seededRandom } from '../../simulate/random.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { stateDigest } from './state-digest.ts';

const DAY = 1440 * MINUTE;
const HISTORY_DAYS = 2;
/** A morning, with its rise. */
const TICKS = 900;

const policy = policyFixture({
  forecast: {},
  horizontal: { minReplicas: 2, maxReplicas: 40 },
  scaleDownCooldownSeconds: 120,
});

/** A policy learns two days and runs for a morning; a person interferes, and changes are refused or lost. */
function recordedRun(): LoopDriver {
  const shape = { baseRate: 400, dailySwing: 0.6, peakHour: 12, weekendFactor: 1, noise: 0.1 };
  const demand = generateDemand(
    { ...shape, burstsPerDay: 12, burstFactor: 1 },
    { from: NOW - (HISTORY_DAYS + 1) * DAY, to: NOW + DAY },
    seededRandom(7),
  );
  const loop = new LoopDriver(policy, 4);
  const minutes = HISTORY_DAYS * 1440;
  const startMs = NOW - minutes * MINUTE;
  loop.send({
    type: 'Backfill',
    demandKey: metricKey(REQUESTS),
    averagedSeconds: 0,
    past: [
      {
        startMs,
        stepMs: MINUTE,
        values: Float64Array.from({ length: minutes }, (_, i) => demand(startMs + i * MINUTE)),
      },
    ],
  });
  for (let tick = 1; tick <= TICKS; tick += 1) {
    if (tick === 400) loop.set(20, { decisionAnnotation: 'none' });
    loop.answer = tick % 5 === 0 ? 'Refused' : 'Applied';
    loop.tick(demand(NOW + tick * 15 * SECOND));
  }
  return loop;
}

const run = recordedRun();

interface Replayed {
  readonly state: PolicyState;
  readonly effects: readonly LoopEffect[];
}

/** The recorded events from `from` until `to` once more, on a state that has seen those before. */
function replay(state: PolicyState, from = 0, to = run.log.length): Replayed {
  const effects: LoopEffect[] = [];
  let last = state;
  for (const { event, environment } of run.log.slice(from, to)) {
    const result = step(last, event, environment);
    last = result.state;
    effects.push(...result.effects);
  }
  return { state: last, effects };
}

const begin = (): PolicyState => createPolicyState(policy, NOW);

test('the run has what can happen: changes up and down, refused ones, one by a person', () => {
  const actions = run.all('StoreIntent').map(({ decision }) => decision.action);
  expect(actions).toEqual(expect.arrayContaining(['ScaleUp', 'ScaleDown']));
  expect(run.all('RecordClosed').length).toBeGreaterThan(3);
  expect(run.all('RecordAborted').length).toBeGreaterThan(0);
  expect(run.state.replicas.change?.to).toBe(20);
});

test('the same events give the same decisions, effects and state, to the last bit', () => {
  const [first, second] = [replay(begin()), replay(begin())];
  expect(first.effects).toEqual(run.asked);
  expect(second.effects).toEqual(run.asked);
  expect(stateDigest(first.state)).toBe(stateDigest(run.state));
  expect(stateDigest(second.state)).toBe(stateDigest(run.state));
});

test('other events give another state', () => {
  expect(stateDigest(replay(begin(), 0, run.log.length - 1).state)).not.toBe(stateDigest(run.state));
});

describe('a checkpoint and another process in the middle', () => {
  let directory = '';

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'checkpoint-replay-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const open = (now: number): Promise<CheckpointStore> =>
    CheckpointStore.open({
      directory,
      schema: 1,
      structure: '',
      app: '',
      now: () => now,
      onProblem: (problem) => {
        throw new Error(problem);
      },
      onSlice: () => undefined,
    });

  async function throughFile(learned: LearnedState, now: number): Promise<LearnedState> {
    const before = await open(now);
    await before.write([{ uid: policy.uid, learned }], () => true);
    await before.close();
    const after = await open(now);
    const restored = await after.restore(policy.uid);
    await after.close();
    if (restored === undefined) throw new Error('nothing was restored');
    return restored.learned;
  }

  /** Whole seconds, as in a status, and the value that the target was set to. */
  function asStatusTells(state: PolicyState, now: number): PolicyState {
    const coarse = (at: number): number => Math.floor(at / 1000) * 1000 + 999;
    const { targetUid, replicas, lastActionAt, actionTimes } = state;
    const value = replicas.accepted?.replicas ?? replicas.known;
    return createPolicyState(policy, now, {
      ...(targetUid === undefined ? {} : { targetUid }),
      ...(value === undefined ? {} : { replicas: value }),
      ...(lastActionAt === undefined ? {} : { lastActionAt: coarse(lastActionAt) }),
      actionTimes: actionTimes.slice(-3).map(coarse),
    });
  }

  test.each([0.02, 0.25, 0.5, 0.75, 0.99])(
    'after %d of the events change no decision, no effect and no bit of the state',
    async (share) => {
      // Before a tick: between an intent and its answer no process ends well.
      const from = Math.floor(share * run.log.length);
      const middle = from + run.log.slice(from).findIndex(({ event }) => event.type === 'Tick');
      const first = replay(begin(), 0, middle);
      const now = run.log[middle]!.environment.now;
      const learned = await throughFile(learnedOf(first.state), now);
      const restored = withLearned(asStatusTells(first.state, now), learned, policy);
      // The execution comes from journal and target: here as it was.
      const second = replay({ ...restored, execution: first.state.execution }, middle);
      expect(stateDigest([...first.effects, ...second.effects])).toBe(stateDigest(run.asked));
      expect(stateDigest(second.state)).toBe(stateDigest(run.state));
    },
  );
});
