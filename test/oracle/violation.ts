import type { History } from './history.ts';

/** Safety invariants that an audit log can prove broken. */
export type InvariantId = 'I1' | 'I2' | 'I5' | 'I8' | 'I9' | 'I11' | 'I12' | 'I13' | 'I14' | 'I17';

export interface Violation {
  readonly invariant: InvariantId;
  /** The audit entry that proves it. */
  readonly auditId: string;
  readonly message: string;
}

/** Looks at the whole history and returns what breaks one invariant. */
export type Invariant = (history: History) => Violation[];
