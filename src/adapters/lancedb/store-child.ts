import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

import type { ReplyMessage, StoreRequest, StoreResults } from './messages.ts';
import { StoreError } from './store-error.ts';
import type { StoreLocation } from './open-table.ts';

/** Beside this file: `.ts` when run from the sources, `.js` when built. */
const ENTRY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './store-process.ts' : './store-process.js', import.meta.url),
);

/**
 * Of LanceDB's process. Its own defaults are a thread for each core and 2 GiB of what is being read ahead;
 * glibc's are eight arenas for each core, and a size of what goes back to the system at once that grows with
 * what was freed: both hold on to memory that is free. What is read ahead must hold the largest table: with
 * 32 MiB, a data file of more than a million rows waits for itself for ever (lance-format/lance#7580).
 */
const ENVIRONMENT = {
  LANCE_CPU_THREADS: '1',
  LANCE_IO_THREADS: '4',
  LANCE_DEFAULT_IO_BUFFER_SIZE: String(256 << 20),
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: String(128 << 10),
};

/** Of what the process wrote to standard error, so much is kept to say why it died. */
const STDERR_TAIL = 2000;

interface Waiting {
  readonly resolve: (result: StoreResults[keyof StoreResults]) => void;
  readonly reject: (error: StoreError) => void;
  readonly deadline: NodeJS.Timeout;
}

interface ChildLimits {
  readonly idleMs: number;
  readonly maxResidentBytes: number;
}

interface Life {
  readonly process: ChildProcess;
  readonly waiting: Map<number, Waiting>;
  stderr: string;
}

/**
 * The store's process as seen by the operator: started by the first request, ended when idle, and killed when
 * it does not answer in time. Sending never blocks, not even to a stopped process.
 */
export class StoreChild {
  readonly #location: StoreLocation;
  readonly #idleMs: number;
  readonly #maxResidentBytes: number;
  #life: Life | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;
  #starts = 0;
  #residentBytes = 0;

  /** A process that has more than `maxResidentBytes` after an answer is replaced: LanceDB leaks, and keeps what it once took. */
  constructor(location: StoreLocation, { idleMs, maxResidentBytes }: ChildLimits) {
    this.#location = location;
    this.#idleMs = idleMs;
    this.#maxResidentBytes = maxResidentBytes;
  }

  /** Undefined while there is no process. */
  get pid(): number | undefined {
    return this.#life?.process.pid;
  }

  /** Memory of the process after its last answer. */
  get residentBytes(): number {
    return this.#life === undefined ? 0 : this.#residentBytes;
  }

  /** How many processes were started so far. */
  get starts(): number {
    return this.#starts;
  }

  /**
   * @throws StoreError: the process's own, ChildDied, or TimedOut after `deadlineMs`; whether a timed-out or
   * interrupted append took place is not known.
   */
  request<R extends StoreRequest>(request: R, deadlineMs: number): Promise<StoreResults[R['op']]> {
    clearTimeout(this.#idle);
    const life = (this.#life ??= this.#start());
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#end(life, new StoreError('TimedOut', `no answer to ${request.op} within ${deadlineMs} ms`));
      }, deadlineMs);
      life.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, deadline });
      // A failure to send is also an exit, and that is where it is dealt with.
      life.process.send({ id, request }, () => undefined);
    });
  }

  /** Lets the process finish what it does and end; killed when that takes longer than `deadlineMs`. */
  async stop(deadlineMs: number): Promise<void> {
    clearTimeout(this.#idle);
    const life = this.#life;
    if (life === undefined) return;
    this.#life = undefined;
    const { process } = life;
    if (process.exitCode !== null || process.signalCode !== null) return;
    const exited = once(process, 'exit');
    const deadline = setTimeout(() => process.kill('SIGKILL'), deadlineMs);
    if (process.connected) process.disconnect();
    await exited;
    clearTimeout(deadline);
  }

  #start(): Life {
    this.#starts += 1;
    const child = fork(ENTRY, [JSON.stringify(this.#location)], {
      // Not the parent's flags: an inspector's port, for one, cannot be had twice.
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=128'],
      env: { ...ENVIRONMENT, ...process.env },
      // Typed arrays cross as they are, and not as JSON.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    lowerPriority(child.pid);
    const life: Life = { process: child, waiting: new Map(), stderr: '' };
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      life.stderr = (life.stderr + text).slice(-STDERR_TAIL);
    });
    child.on('message', (reply: ReplyMessage) => this.#settle(life, reply));
    child.on('error', (error) => this.#end(life, new StoreError('ChildDied', error.message)));
    child.on('exit', (code, signal) => {
      const why = life.stderr.trim().split('\n')[0];
      const how = signal ?? `exit code ${code ?? 'unknown'}`;
      this.#end(
        life,
        new StoreError('ChildDied', `the store's process ended with ${how}${why ? `: ${why}` : ''}`),
      );
    });
    return life;
  }

  #settle(life: Life, reply: ReplyMessage): void {
    const waiting = life.waiting.get(reply.id);
    if (waiting === undefined) return;
    life.waiting.delete(reply.id);
    clearTimeout(waiting.deadline);
    this.#residentBytes = reply.residentBytes;
    if ('result' in reply) waiting.resolve(reply.result);
    else waiting.reject(new StoreError(reply.failure, reply.message));
    if (life.waiting.size === 0 && this.#life === life) {
      if (reply.residentBytes > this.#maxResidentBytes) return void this.stop(this.#idleMs);
      this.#idle = setTimeout(() => void this.stop(this.#idleMs), this.#idleMs);
    }
  }

  /** SIGKILL, because a stopped process takes no other signal. Safe at any time: LanceDB survives it. */
  #end(life: Life, error: StoreError): void {
    if (this.#life === life) this.#life = undefined;
    life.process.kill('SIGKILL');
    for (const waiting of life.waiting.values()) {
      clearTimeout(waiting.deadline);
      waiting.reject(error);
    }
    life.waiting.clear();
  }
}

/** The operator's own work comes first: decisions do not wait while the store compacts. */
function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or may not be touched: then it runs like any other.
  }
}
