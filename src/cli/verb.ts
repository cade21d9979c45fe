/** Where a command writes. `err` is for people, `out` may go to a program. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** `err` is a terminal, on which a line can be written over. */
  readonly interactive?: boolean;
  /** Width of `out`, where it is a terminal. */
  readonly columns?: number;
}

/** One command of `kubectl autonomic`. */
export interface Verb {
  /** As it is called: `decisions`, `backtest sizing`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole text of `--help`. */
  readonly help: string;
  /** Commands of its own under its first word; anything else is an argument. */
  readonly subcommands?: Readonly<Partial<Record<string, Verb>>>;
  /** @throws UsageError, InputError, Interrupted; any other error for what could not be done. */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** What was to be read cannot be used, a file or an answer; the message names it and the remedy. Exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The user pressed Ctrl-C; the message says what was done until then. Exit code 130, as of a shell. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
