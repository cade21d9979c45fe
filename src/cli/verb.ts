/** Where a command writes. `err` is for people, `out` may go to a program. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

/** One command of `kubectl autonomic`. */
export interface Verb {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole text of `--help`. */
  readonly help: string;
  /** @throws UsageError for wrong flags; any other error for what could not be done. */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
