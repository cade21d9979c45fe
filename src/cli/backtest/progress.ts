import type { Terminal } from '../verb.ts';

/** How often the line on a terminal is written anew, at most. */
const REDRAW_MS = 100;
/** The same where each line stays. */
const PRINT_MS = 10_000;

/** Tells people how far a long computation is, and how long it may still take. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #planned: number;
  readonly #now: () => number;
  readonly #unit: string;
  readonly #startedAt: number;
  #done = 0;
  #shownAt = -Infinity;
  #shown = '';

  /**
   * @param now ms of any clock that only advances
   * @param unit what is counted
   */
  constructor(terminal: Terminal, planned: number, now: () => number, unit = 'simulations') {
    this.#terminal = terminal;
    this.#planned = planned;
    this.#now = now;
    this.#unit = unit;
    this.#startedAt = now();
  }

  get done(): number {
    return this.#done;
  }

  advance(): void {
    this.#done += 1;
    const now = this.#now();
    const { interactive = false } = this.#terminal;
    if (now - this.#shownAt < (interactive ? REDRAW_MS : PRINT_MS) && this.#done < this.#planned) return;
    this.#shownAt = now;
    const line = this.#line(now - this.#startedAt);
    this.#terminal.err(interactive ? `\r${line.padEnd(this.#shown.length)}` : `${line}\n`);
    this.#shown = line;
  }

  /** Takes the line off the terminal again. */
  clear(): void {
    if (this.#terminal.interactive === true && this.#shown !== '') {
      this.#terminal.err(`\r${' '.repeat(this.#shown.length)}\r`);
    }
    this.#shown = '';
  }

  #line(elapsedMs: number): string {
    const percent = Math.floor((100 * this.#done) / this.#planned);
    const text = `${this.#done} of ${this.#planned} ${this.#unit} (${percent} %)`;
    const left = Math.ceil(((elapsedMs / this.#done) * (this.#planned - this.#done)) / 1000);
    return this.#done === this.#planned ? text : `${text}, about ${clock(left)} left`;
  }
}

function clock(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
