/** What went wrong, for a program. */
export type JournalErrorCode =
  | 'Locked' // another live process has this journal open
  | 'LockLost' // another process took the journal over
  | 'Unreadable' // the directory or a segment cannot be read, or a newer version wrote it
  | 'Damaged' // a record in the middle is bad: no new intents until a person has looked
  | 'InvalidRecord' // not JSON, or too large
  | 'OutOfOrder' // breaks Intent → Applied → one ending
  | 'DiskFull' // less free space than the floor
  | 'WriteFailed' // the disk refused a write or a sync; the record is not durable
  | 'Closed';

/** An append that rejects with this was not made durable: act as if it had never been asked for. */
export class JournalError extends Error {
  readonly code: JournalErrorCode;

  constructor(code: JournalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JournalError';
    this.code = code;
  }
}
