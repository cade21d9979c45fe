/** Why the knowledge store is not available; enumerated, because health and metrics carry it. */
export type StoreFailure =
  | 'NotOpened' // nothing was tried yet
  | 'ChildDied' // the store's process ended by itself: crash, out of memory, killed
  | 'TimedOut' // no answer within the deadline: slow disk, stopped process
  | 'DiskFull' // less free space than compaction needs
  | 'NeedsRepair' // a table is missing or damaged; repaired from the journal where it is local
  | 'TooNew' // a later version of the operator wrote a table; it is left alone
  | 'CannotOpen' // permissions, credentials, network, or a format this version does not know
  | 'WriteFailed'
  | 'QueryFailed'
  | 'JournalFailed'; // the journal could not be read, or did not take the new cursor

export class StoreError extends Error {
  readonly reason: StoreFailure;

  constructor(reason: StoreFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.reason = reason;
  }
}

/** LanceDB's message without the source locations of its Rust code and the repeated causes. */
export function conciseMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const first = message.split(/\n|\s+Caused by:/)[0] ?? message;
  return first.replace(/,? \/\S+\.rs:\d+:\d+/g, '').trim();
}

/** A failed write, or a full disk where that is why. */
export function writeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const full = /no space left|os error 28|enospc|quota exceeded/i.test(
    error instanceof Error ? error.message : String(error),
  );
  return new StoreError(full ? 'DiskFull' : 'WriteFailed', conciseMessage(error), { cause: error });
}
