import { MAX_REPLICAS } from '../plan/replica-arithmetic.ts';
import type { Guard, GuardContext } from './guard.ts';

/** One line of the trace that status and the knowledge store keep. */
export interface GuardTrace {
  readonly guard: string;
  readonly outcome: 'Pass' | 'Clamp' | 'Veto';
  readonly before: number;
  readonly after: number;
  /** Absent when the guard let the value pass. */
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

export interface ChainResult {
  /** The value after the Shape guards: what is recommended, whether or not it may be written. */
  readonly recommended: number;
  readonly trace: readonly GuardTrace[];
  /** The first objection to writing, in chain order. */
  readonly objection: GuardTrace | undefined;
}

/**
 * Runs every guard in order and keeps the whole trace. A Shape guard's veto means "stay": the current value
 * goes on down the chain. Permit guards all see the recommended value, so that the trace names every
 * objection and not only the first.
 */
export function runChain(guards: readonly Guard[], proposed: number, context: GuardContext): ChainResult {
  const shape = runShape(guards, possible(proposed, context.current), context);
  const permits = guards
    .filter((guard) => guard.stage === 'Permit')
    .map((guard) => traceOf(guard, shape.value, context));
  const objection = permits.find((entry) => entry.outcome === 'Veto');
  return {
    recommended: shape.value,
    trace: [...shape.trace, ...permits],
    objection,
  };
}

/**
 * Comparisons let NaN through every guard, and a patch would write it as `null`: what is no number means "stay". What
 * overflowed means as many, or as few, as there can be.
 */
function possible(proposed: number, current: number): number {
  if (Number.isNaN(proposed)) return current;
  return Math.min(MAX_REPLICAS, Math.max(0, Math.ceil(proposed)));
}

function runShape(guards: readonly Guard[], proposed: number, context: GuardContext) {
  const trace: GuardTrace[] = [];
  let value = proposed;
  for (const guard of guards) {
    if (guard.stage !== 'Shape') continue;
    const entry = traceOf(guard, value, context);
    trace.push(entry);
    value = entry.after;
  }
  return { value, trace };
}

function traceOf(guard: Guard, before: number, context: GuardContext): GuardTrace {
  const verdict = guard.check(before, context);
  if (verdict.outcome === 'Pass') return { guard: guard.name, outcome: 'Pass', before, after: before };
  const after = verdict.outcome === 'Clamp' ? verdict.value : context.current;
  return {
    guard: guard.name,
    outcome: verdict.outcome,
    before,
    after,
    reason: verdict.reason,
    message: verdict.message,
  };
}
