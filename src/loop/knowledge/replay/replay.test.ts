import fc from 'fast-check';

import { requestArmInputs } from '../../../../test/support/arm-inputs-fixture.ts';
import { MINUTE, NOW, SECOND } from '../../../../test/support/loop-fixtures.ts';
import { MAX_ARMS } from '../../plan/arms/arm.ts';
import type { ArmInputs } from '../../plan/arms/arm-inputs.ts';
import type { ArmOutcome } from '../situation.ts';
import { closeReplay, observeReplay } from './replay.ts';
import { ARRIVING, createReplay, READY, ROW, STARTING, WANTED, type Replay } from './replay-state.ts';

const TICK = 15 * SECOND;
/** One replica carries 10; HPA at its target. */
const load = (demand: number): ArmInputs => ({
  workloadClass: 'Metrics',
  minReplicas: 1,
  maxReplicas: 1000,
  floor: Math.max(1, Math.ceil(demand / 10)),
  loads: [{ demand, target: 10, peaks: undefined }],
});

function run(
  demands: readonly number[],
  { replay = createReplay(), from = NOW, startup = 60, replicas = 5 } = {},
): Replay {
  for (const [index, demand] of demands.entries()) {
    observeReplay(replay, {
      now: from + index * TICK,
      replicas,
      startupSeconds: startup,
      inputs: load(demand),
    });
  }
  return replay;
}

const ticks = (count: number, demand: number): number[] => Array<number>(count).fill(demand);

function arm(replay: Replay, id: string): ArmOutcome {
  return closeReplay(replay).arms.find((one) => one.arm === id)!;
}

function replicasOf(
  { replicas }: Replay,
  index: number,
): { ready: number; starting: number; arriving: Uint16Array } {
  const row = replicas.subarray(index * ROW, (index + 1) * ROW);
  return { ready: row[READY]!, starting: row[STARTING]!, arriving: row.subarray(ARRIVING, WANTED) };
}

describe('the replay of an arm', () => {
  test('at rest costs what its replicas cost', () => {
    expect(arm(run(ticks(41, 50)), 'Utilization100')).toEqual({
      arm: 'Utilization100',
      replicaSeconds: 5 * 600,
      badRequests: 0,
      violatedSeconds: 0,
      replicasChanged: 0,
    });
  });

  test('pays for replicas from their order on, and serves with them once they have started', () => {
    // 5 replicas carry 62.5 before they are overloaded; 8 are ordered at once and start within a minute.
    const outcome = arm(run([50, ...ticks(40, 80)]), 'Utilization100');
    expect(outcome.replicasChanged).toBe(3);
    expect(outcome.replicaSeconds).toBe(5 * 15 + 8 * 585);
    expect(outcome.violatedSeconds).toBe(75);
    expect(outcome.badRequests).toBeCloseTo(75 * (80 - 62.5));
  });

  test('a longer start-up is longer bad', () => {
    const violated = [15, 60, 120, 600].map(
      (startup) => arm(run([50, ...ticks(80, 80)], { startup }), 'Utilization100').violatedSeconds,
    );
    expect(violated).toEqual([30, 75, 135, 615]);
  });

  test('gives replicas back after five minutes of less, as an HPA', () => {
    const replay = run(ticks(2, 50));
    run(ticks(60, 20), { replay, from: NOW + 2 * TICK });
    const outcome = arm(replay, 'Utilization100');
    expect(outcome.replicasChanged).toBe(3);
    // The recommendation of the last tick at 50 counts for twenty bins.
    expect(outcome.replicaSeconds).toBe(5 * 15 * 21 + 2 * 15 * 40);
  });

  test('leaves changes within the tolerance of an HPA alone', () => {
    expect(arm(run([500, ...ticks(40, 540)], { replicas: 50 }), 'Utilization100').replicasChanged).toBe(0);
  });

  test('gives back first what has not started yet', () => {
    const replay = createReplay();
    const at = (tick: number, demand: number, maxReplicas = 1000): void => {
      observeReplay(replay, {
        now: NOW + tick * TICK,
        replicas: 5,
        startupSeconds: 600,
        inputs: { ...load(demand), maxReplicas },
      });
    };
    at(0, 50);
    at(1, 90);
    // The policy is edited: only six are allowed. Three of the four that start are given back, none of the five.
    for (let tick = 2; tick < 40; tick += 1) at(tick, 90, 6);
    expect(replicasOf(replay, 7)).toMatchObject({ ready: 5, starting: 1 });
  });

  test('has no more replicas than two bytes count, whatever the policy allows', () => {
    const replay = createReplay();
    const inputs = { ...load(1e9), maxReplicas: 1e8 };
    for (let tick = 0; tick < 10; tick += 1) {
      observeReplay(replay, { now: NOW + tick * TICK, replicas: 70_000, startupSeconds: 60, inputs });
      expect(replicasOf(replay, 7)).toMatchObject({ ready: 65_535, starting: 0 });
    }
  });

  test('a clairvoyant has in each moment what is needed', () => {
    expect(closeReplay(run([50, ...ticks(20, 80), ...ticks(20, 20)])).oracleReplicaSeconds).toBe(
      15 * (20 * 8 + 20 * 2),
    );
  });

  test('after ten minutes without a look begins anew with the replicas that are there', () => {
    const replay = run(ticks(10, 50));
    const seconds = replay.seconds;
    run([50], { replay, from: NOW + 30 * MINUTE, replicas: 9 });
    expect(replay.seconds).toBe(seconds);
    expect(replicasOf(replay, 7).ready).toBe(9);
  });

  test('of another class begins with nothing: other arms came to what was before', () => {
    const replay = run(ticks(10, 50));
    observeReplay(replay, {
      now: NOW + 10 * TICK,
      replicas: 5,
      startupSeconds: 60,
      inputs: requestArmInputs(),
    });
    const { arms, seconds } = closeReplay(replay);
    expect(seconds).toBe(0);
    expect(arms.every(({ replicaSeconds }) => replicaSeconds === 0)).toBe(true);
  });

  test('counts at most a minute for a gap, and nothing when a clock steps back', () => {
    const replay = run(ticks(3, 50));
    run([50], { replay, from: NOW + 5 * MINUTE });
    expect(replay.seconds).toBe(30 + 60);
    run([50], { replay, from: NOW });
    expect(replay.seconds).toBe(90);
  });

  test('tells what the baseline has come to since the last look', () => {
    const replay = run([50, 50]);
    const moment = { replicas: 5, startupSeconds: 60, inputs: load(80) };
    expect(observeReplay(replay, { ...moment, now: NOW + 2 * TICK })).toEqual({
      arm: 'Utilization100',
      replicaSeconds: 75,
      badRequests: 15 * 17.5,
      violatedSeconds: 15,
      replicasChanged: 3,
    });
    expect(observeReplay(createReplay(), { ...moment, now: NOW })).toBeUndefined();
  });

  test('closing a window leaves the replicas and begins its sums anew', () => {
    const replay = run([50, ...ticks(40, 80)]);
    closeReplay(replay);
    run(ticks(2, 80), { replay, from: NOW + 41 * TICK });
    expect(arm(replay, 'Utilization100')).toMatchObject({ replicaSeconds: 2 * 15 * 8, violatedSeconds: 0 });
  });

  test('by requests counts those that would wait too long', () => {
    const replay = createReplay();
    for (let tick = 0; tick <= 40; tick += 1) {
      observeReplay(replay, {
        now: NOW + tick * TICK,
        replicas: 6,
        startupSeconds: 60,
        inputs: requestArmInputs(),
      });
    }
    const { arms } = closeReplay(replay);
    const of = (id: string): ArmOutcome => arms.find((one) => one.arm === id)!;
    expect(of('Utilization50').badRequests).toBeLessThan(0.01 * 48 * 600);
    expect(of('Utilization80').badRequests).toBeGreaterThan(of('Utilization60').badRequests);
    expect(of('Utilization80').violatedSeconds).toBe(600);
  });

  test('whatever comes, no arm has fewer replicas than are allowed, and all sums are finite', () => {
    const event = fc.record({
      gap: fc.integer({ min: -60, max: 1200 }),
      demand: fc.double({ min: 0, max: 1e14, noNaN: true }),
      startup: fc.integer({ min: 0, max: 4000 }),
      replicas: fc.nat(3000),
      maxReplicas: fc.integer({ min: 1, max: 2000 }),
    });
    const property = fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const replay = createReplay();
      let now = NOW;
      for (const { gap, demand, startup, replicas, maxReplicas } of events) {
        now += gap * SECOND;
        observeReplay(replay, {
          now,
          replicas,
          startupSeconds: startup,
          inputs: { ...load(demand), maxReplicas },
        });
        for (let index = 0; index < MAX_ARMS; index += 1) {
          const { ready, starting, arriving } = replicasOf(replay, index);
          expect(starting).toBe(arriving.reduce((sum, count) => sum + count, 0));
          expect(ready + starting).toBeLessThanOrEqual(2000);
        }
      }
      for (const outcome of closeReplay(replay).arms) {
        for (const value of Object.values(outcome).slice(1)) expect(Number.isFinite(value)).toBe(true);
      }
    });
    fc.assert(property);
  });
});
