import type { ProtocolRecord, IntentRecord } from './journal-record.ts';

/** An intent without its ending. `appliedAt` (ms) is there once the API server accepted the write. */
export interface OpenIntent {
  readonly intent: IntentRecord;
  readonly appliedAt?: number;
}

/** Why a record cannot follow those before it. */
export interface LedgerRefusal {
  readonly problem: 'UnknownDecision' | 'DuplicateIntent' | 'AlreadyApplied' | 'AlreadyEnded';
  readonly message: string;
}

/**
 * How many endings are remembered to name a second one. Older ones are refused all the same, as unknown:
 * only an open intent can end.
 */
const REMEMBERED_ENDINGS = 4096;

/**
 * Folds records into the intents that are still open, and holds the one rule of the intent protocol: an
 * Intent, at most one Applied, and exactly one ending. Aborted says that nothing was written, so it cannot
 * follow Applied; Closed may come without Applied, when the outcome of an unwritten decision was measured.
 */
export class Ledger {
  readonly #open = new Map<string, OpenIntent>();
  readonly #ended = new Map<string, 'Aborted' | 'Closed'>();

  /** Undefined when `record` may come next. */
  refusal(record: ProtocolRecord): LedgerRefusal | undefined {
    const id = record.decisionId;
    const ending = this.#ended.get(id);
    if (ending !== undefined) {
      return {
        problem: 'AlreadyEnded',
        message: `${record.kind} of decision ${id}: it has already ended as ${ending}`,
      };
    }
    const open = this.#open.get(id);
    if (record.kind === 'Intent') {
      return (
        open && { problem: 'DuplicateIntent', message: `Intent of decision ${id}: there is one already` }
      );
    }
    if (open === undefined) {
      return {
        problem: 'UnknownDecision',
        message: `${record.kind} of decision ${id}: it has no open Intent`,
      };
    }
    if (open.appliedAt !== undefined && record.kind !== 'Closed') {
      return {
        problem: 'AlreadyApplied',
        message: `${record.kind} of decision ${id}: it has already been applied`,
      };
    }
    return undefined;
  }

  /** Takes a record that `refusal` has let pass; any other changes nothing. */
  take(record: ProtocolRecord): void {
    if (this.refusal(record) !== undefined) return;
    const id = record.decisionId;
    if (record.kind === 'Intent') {
      this.#open.set(id, { intent: record });
      return;
    }
    const open = this.#open.get(id);
    if (open === undefined) return;
    if (record.kind === 'Applied') {
      this.#open.set(id, { ...open, appliedAt: record.at });
      return;
    }
    this.#open.delete(id);
    this.#remember(id, record.kind);
  }

  /** How a decision ended, as far back as endings are remembered. */
  endingOf(decisionId: string): 'Aborted' | 'Closed' | undefined {
    return this.#ended.get(decisionId);
  }

  /** In the order of their Intents. */
  openIntents(): readonly OpenIntent[] {
    return [...this.#open.values()];
  }

  #remember(id: string, ending: 'Aborted' | 'Closed'): void {
    this.#ended.set(id, ending);
    if (this.#ended.size <= REMEMBERED_ENDINGS) return;
    for (const oldest of this.#ended.keys()) {
      this.#ended.delete(oldest);
      break;
    }
  }
}
