import { readAudit } from './audit-log.ts';
import { buildHistory, type History } from './history.ts';
import { nothingAfterwards } from './invariants/aftermath.ts';
import { withinBounds } from './invariants/bounds.ts';
import { oneActionPerCooldown } from './invariants/cooldown.ts';
import { oneEnding } from './invariants/ending.ts';
import { allowedFields } from './invariants/fields.ts';
import { intentBeforeEffect } from './invariants/intent.ts';
import { noEffectElsewhere } from './invariants/namespaces.ts';
import { soundNumbers } from './invariants/numbers.ts';
import { preconditionsTested } from './invariants/preconditions.ts';
import { noTemplateDuringRollout } from './invariants/rollout.ts';
import { readJournal } from './journal.ts';
import type { OperatorIdentity } from './operator-identity.ts';
import type { Invariant, InvariantId, Violation } from './violation.ts';

// The oracle never asks the operator: it judges by what the API server saw.
export const INVARIANTS: Readonly<Record<InvariantId, Invariant>> = {
  I1: withinBounds,
  I2: soundNumbers,
  I5: oneActionPerCooldown,
  I8: intentBeforeEffect,
  I9: oneEnding,
  I11: preconditionsTested,
  I12: allowedFields,
  I13: noEffectElsewhere,
  I14: noTemplateDuringRollout,
  I17: nothingAfterwards,
};

export function violationsOf(history: History): Violation[] {
  return Object.values(INVARIANTS).flatMap((invariant) => invariant(history));
}

export interface Verdict {
  readonly violations: readonly Violation[];
  /** How many writes were judged: no violation in no writes proves nothing. */
  readonly targetWrites: number;
}

/**
 * Judges a whole run by its audit log, and by the operators' journals where the caller has them: with a list, a change that
 * none of them knows is a violation.
 * @throws Error when the log cannot be read completely.
 */
export async function checkAuditLog(
  path: string,
  options: { readonly identity?: OperatorIdentity; readonly journalDirectories?: readonly string[] } = {},
): Promise<Verdict> {
  const { identity, journalDirectories } = options;
  const history = buildHistory(await readAudit(path), {
    ...(identity === undefined ? {} : { identity }),
    ...(journalDirectories === undefined
      ? {}
      : { journals: await Promise.all(journalDirectories.map(readJournal)) }),
  });
  return { violations: violationsOf(history), targetWrites: history.targetWrites.length };
}
