import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

export interface ProcessOptions {
  /** The keeper binary, whose `leash` ties the program to this process. */
  readonly keeper: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Standard output and error are appended here. */
  readonly logFile: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How long a program may take to end after SIGTERM before it is killed. */
const TERMINATION_GRACE_MS = 10_000;

/**
 * A program that dies with this process, even when this process is killed with -9.
 *
 * It runs in a session of its own, so that Ctrl-C in a terminal reaches only us and we stop the parts in order.
 * Start it from the main thread: the leash is tied to the thread that forks.
 */
export class LeashedProcess {
  readonly name: string;
  readonly logFile: string;
  /** Settles when the program has ended; never rejects. */
  readonly exited: Promise<ExitStatus>;
  readonly #child: ChildProcess;
  #status: ExitStatus | null = null;
  #spawnError: Error | null = null;

  constructor(options: ProcessOptions) {
    this.name = basename(options.program);
    this.logFile = options.logFile;
    const log = openSync(options.logFile, 'a', 0o600);
    this.#child = spawn(options.keeper, ['leash', String(process.pid), options.program, ...options.args], {
      stdio: ['ignore', log, log],
      detached: true,
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    closeSync(log);
    this.exited = new Promise((resolve) => {
      const settle = (status: ExitStatus): void => {
        this.#status = status;
        resolve(status);
      };
      this.#child.on('exit', (code, signal) => settle({ code, signal }));
      this.#child.on('error', (error) => {
        this.#spawnError = error;
        if (this.#child.pid === undefined) settle({ code: null, signal: null });
      });
    });
  }

  /** @throws Error when the program could not be started at all. */
  get pid(): number {
    if (this.#child.pid === undefined)
      throw new Error(`${this.name} did not start: ${String(this.#spawnError)}`);
    return this.#child.pid;
  }

  /** null while the program runs. */
  get status(): ExitStatus | null {
    return this.#status;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** SIGTERM, then SIGKILL when it does not help; resolves after the exit. */
  async stop(graceMs: number = TERMINATION_GRACE_MS): Promise<void> {
    if (this.#status !== null) return;
    this.signal('SIGTERM');
    // A fault test may have left it stopped, and a stopped process does not see SIGTERM.
    this.signal('SIGCONT');
    const killer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    await this.exited;
    clearTimeout(killer);
  }

  /** The last lines of the log. */
  async tail(lines = 20): Promise<string> {
    const text = await readFile(this.logFile, 'utf8');
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  }
}
