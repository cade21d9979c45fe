import type { Clock } from './clock.ts';

/** The order in which a program ends: each phase needs the ones after it. */
const PHASES = ['StopSources', 'DrainQueue', 'Flush', 'ReleaseLease', 'CloseHttp'] as const;

export type Phase = (typeof PHASES)[number];

interface Step {
  readonly phase: Phase;
  readonly name: string;
  readonly stop: () => Promise<void>;
  /** After so long the step is left behind, in ms. */
  readonly deadlineMs: number;
}

interface StepResult {
  readonly phase: Phase;
  readonly name: string;
  readonly outcome: 'Done' | 'TimedOut' | 'Failed';
  readonly error?: unknown;
}

export interface LifecycleOptions {
  readonly clock: Clock;
  /** Ends the process. Called by the second request to stop, and by nothing else here. */
  readonly exitNow: () => void;
  readonly observe: (result: StepResult) => void;
}

/**
 * Ends the program in order. `terminationGracePeriodSeconds` must exceed the sum, over the phases, of the longest
 * deadline in each.
 */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #steps: Step[] = [];
  #stopping: Promise<readonly StepResult[]> | undefined;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** Steps of one phase run at the same time. */
  onStop(step: Step): void {
    this.#steps.push(step);
  }

  get stopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** The first call stops everything, phase by phase, and resolves afterwards. Each later one exits at once. */
  stop(): Promise<readonly StepResult[]> {
    if (this.#stopping !== undefined) {
      this.#options.exitNow();
      return this.#stopping;
    }
    this.#stopping = this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<readonly StepResult[]> {
    const results: StepResult[] = [];
    for (const phase of PHASES) {
      const steps = this.#steps.filter((step) => step.phase === phase);
      results.push(...(await Promise.all(steps.map((step) => this.#run(step)))));
    }
    return results;
  }

  /** Never rejects: what fails to stop must not keep the rest from stopping. */
  async #run(step: Step): Promise<StepResult> {
    const { phase, name } = step;
    const timer = new AbortController();
    const late = this.#options.clock.sleep(step.deadlineMs, timer.signal);
    const result = await Promise.race([
      late.then((): StepResult => ({ phase, name, outcome: 'TimedOut' })),
      outcomeOf(step),
    ]);
    timer.abort();
    this.#options.observe(result);
    return result;
  }
}

async function outcomeOf({ phase, name, stop }: Step): Promise<StepResult> {
  try {
    await stop();
    return { phase, name, outcome: 'Done' };
  } catch (error) {
    return { phase, name, outcome: 'Failed', error };
  }
}
