import type { CheckpointOptions } from '../../src/adapters/checkpoint/checkpoint-store.ts';
import type { LearnedState } from '../../src/loop/learned-state.ts';
import { learnedOf } from '../../src/loop/learned-state.ts';
import { createPolicyState } from '../../src/loop/state.ts';
import { NOW, policyFixture } from './loop-fixtures.ts';

/** Some megabytes: a kill comes at the beginning, in the middle and at the end of a write. */
const POLICIES = 40;

/** Checkpoints whose states all say which one they are of: a mixture of two would show. */
export const numberedCheckpoint = {
  uids: Array.from({ length: POLICIES }, (_, index) => `policy-${index}`),

  options: (
    directory: string,
    onProblem: (problem: string) => void = () => undefined,
  ): CheckpointOptions => ({
    directory,
    schema: 1,
    structure: 'numbered',
    app: 'test',
    now: () => NOW,
    onProblem,
    onSlice: () => undefined,
  }),

  states: (number: number): { uid: string; learned: LearnedState }[] =>
    numberedCheckpoint.uids.map((uid) => ({
      uid,
      learned: { ...learnedOf(createPolicyState(policyFixture(), NOW)), observedSince: number },
    })),
} as const;
