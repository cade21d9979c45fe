import { embeddingProblem } from '../situation-record.ts';
import type { Censoring, Situation } from '../situation.ts';
import { HEAD, OUTCOMES, TAIL } from './columns.ts';
import { openRow, removeSituation, type HotIndex } from './hot-index.ts';
import { scoreArm } from './loss.ts';
import { joinOwner } from './owners.ts';

export const CENSORINGS: readonly Censoring[] = [
  'Override',
  'Rollout',
  'NodeLoss',
  'Gap',
  'TargetReplaced',
  'SpecChanged',
];

/** With these the window was not one world from end to end: what its arms would have come to was not replayed well. */
export const REPLAY_DOUBTED: ReadonlySet<Censoring> = new Set(['Gap', 'TargetReplaced', 'SpecChanged']);

/**
 * Takes in a situation whose window has ended; one that is there already is replaced. Throws a `RangeError` that names
 * the situation when it cannot be compared or computed with, and then changes nothing.
 */
export function rememberSituation(index: HotIndex, situation: Situation): void {
  checkSituation(situation);
  const arms = placesOfArms(index, situation);
  removeSituation(index, situation.id);
  const { id, at, embedding, summary, action, outcome, censored, succeeded } = situation;
  const row = openRow(index, { id, summary, arm: action.arm });
  const { columns } = index;
  columns.heads.set(embedding.subarray(0, HEAD), row * HEAD);
  columns.tails.set(embedding.subarray(HEAD), row * TAIL);
  columns.at[row] = at;
  columns.endsAt[row] = at + 1000 * outcome.windowSeconds;
  joinOwner(index.owners, columns, row, situation);
  columns.from[row] = action.from;
  columns.to[row] = action.to;
  columns.peak[row] = action.peak;
  columns.outcomes.set(outcomesOf(situation), row * OUTCOMES.length);
  columns.succeeded[row] = succeeded === null || censored.length > 0 ? -1 : Number(succeeded);
  columns.censored[row] = censored.reduce((bits, reason) => bits | (1 << CENSORINGS.indexOf(reason)), 0);
  writeArms(index, { row, arms, situation });
}

interface ArmRow {
  readonly row: number;
  /** Place of each of the situation's arms. */
  readonly arms: readonly number[];
  readonly situation: Situation;
}

function writeArms(index: HotIndex, { row, arms, situation }: ArmRow): void {
  const { columns, armLimit } = index;
  const first = row * armLimit;
  columns.costs.fill(NaN, first, first + armLimit);
  columns.violated.fill(NaN, first, first + armLimit);
  if (situation.censored.some((reason) => REPLAY_DOUBTED.has(reason))) return;
  const { oracleReplicaSeconds, outcome } = situation;
  const window = { oracleReplicaSeconds, windowSeconds: outcome.windowSeconds };
  for (const [order, arm] of situation.arms.entries()) {
    const { cost, violated } = scoreArm(arm, window);
    const cell = first + (arms[order] ?? 0);
    columns.costs[cell] = cost;
    columns.violated[cell] = violated;
  }
}

function outcomesOf({ outcome, oracleReplicaSeconds, arms }: Situation): readonly number[] {
  const { windowSeconds, violatedSeconds, replicaSeconds, requests, badRequests } = outcome;
  return [
    violatedSeconds === null ? NaN : violatedSeconds / windowSeconds,
    requests === null || badRequests === null || requests === 0 ? NaN : badRequests / requests,
    // Without a replay there is no oracle to compare with.
    arms.length === 0 ? NaN : replicaSeconds / Math.max(oracleReplicaSeconds, windowSeconds),
    outcome.rollbacks,
    outcome.restarts ?? NaN,
  ];
}

/** Gives new arms a place each. */
function placesOfArms({ arms, armLimit }: HotIndex, situation: Situation): readonly number[] {
  const unknown = situation.arms.map(({ arm }) => arm).filter((arm) => !arms.includes(arm));
  if (arms.length + unknown.length > armLimit) {
    throw refused(
      situation,
      `arms: ${unknown.join(', ')} would be more than ${armLimit} different ones in the index`,
    );
  }
  arms.push(...unknown);
  return situation.arms.map(({ arm }) => arms.indexOf(arm));
}

function checkSituation(situation: Situation): void {
  const { embedding, at, outcome, oracleReplicaSeconds, arms } = situation;
  const problem = embeddingProblem(situation.id, embedding);
  if (problem !== undefined) throw new RangeError(problem);
  if (!Number.isFinite(at)) throw refused(situation, `at is ${at}, it must be a time in ms`);
  if (!(outcome.windowSeconds > 0 && outcome.windowSeconds < Infinity)) {
    throw refused(situation, `outcome.windowSeconds is ${outcome.windowSeconds}, it must be above 0`);
  }
  checkAmount(situation, 'oracleReplicaSeconds', oracleReplicaSeconds);
  for (const { arm, replicaSeconds, violatedSeconds } of arms) {
    checkAmount(situation, `arms[${arm}].replicaSeconds`, replicaSeconds);
    checkAmount(situation, `arms[${arm}].violatedSeconds`, violatedSeconds);
  }
  const names = new Set(arms.map(({ arm }) => arm));
  if (names.size !== arms.length) throw refused(situation, 'arms: one is there twice');
}

function checkAmount(situation: Situation, field: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) {
    throw refused(situation, `${field} is ${value}, it must be a finite number and not negative`);
  }
}

function refused({ id }: Situation, what: string): RangeError {
  return new RangeError(`situation ${id}: ${what}`);
}
