import type { PhaseTotals } from './simulation-run.ts';
import { wholeTicks } from './ticks.ts';

/** What happened in one tick, in the units of PhaseTotals. */
export interface TickFacts {
  readonly existing: number;
  readonly ready: number;
  readonly needed: number;
  readonly requests: number;
  readonly slowRequests: number;
  readonly nodes: number;
}

export interface AccountsOptions {
  readonly tickSeconds: number;
  /** Accepted share of slow requests in a window. */
  readonly slowShare: number;
  /** Whether nodes and memory are simulated: otherwise their totals stay absent. */
  readonly withNodes: boolean;
  readonly withMemory: boolean;
}

const WINDOW_SECONDS = 300;

/** Adds up one phase, or one day of it; windows are counted from its beginning. */
export class Accounts {
  readonly #options: AccountsOptions;
  readonly #windowTicks: number;
  #ticks = 0;
  #existing = 0;
  #needed = 0;
  #requests = 0;
  #slow = 0;
  #short = 0;
  #shortTicks = 0;
  #spare = 0;
  #spareTicks = 0;
  #nodes = 0;
  #windows = 0;
  #badWindows = 0;
  #windowRequests = 0;
  #windowSlow = 0;
  #actions = 0;
  #outOfMemory = 0;

  constructor(options: AccountsOptions) {
    this.#options = options;
    this.#windowTicks = wholeTicks(WINDOW_SECONDS, options.tickSeconds);
  }

  add({ existing, ready, needed, requests, slowRequests, nodes }: TickFacts): void {
    this.#ticks += 1;
    this.#existing += existing;
    this.#needed += needed;
    this.#requests += requests;
    this.#slow += slowRequests;
    this.#nodes += nodes;
    if (ready < needed) {
      this.#short += needed - ready;
      this.#shortTicks += 1;
    } else if (ready > needed) {
      this.#spare += ready - needed;
      this.#spareTicks += 1;
    }
    this.#windowRequests += requests;
    this.#windowSlow += slowRequests;
    if (this.#ticks % this.#windowTicks === 0) this.#closeWindow();
  }

  /** The replicas asked for changed. */
  addAction(): void {
    this.#actions += 1;
  }

  addOutOfMemory(replicas: number): void {
    this.#outOfMemory += replicas;
  }

  totals(): PhaseTotals {
    const { tickSeconds, withNodes, withMemory } = this.#options;
    return {
      seconds: this.#ticks * tickSeconds,
      replicaSeconds: this.#existing * tickSeconds,
      requests: this.#requests,
      slowRequests: this.#slow,
      windows: this.#windows,
      badWindows: this.#badWindows,
      actions: this.#actions,
      shortReplicaSeconds: this.#short * tickSeconds,
      spareReplicaSeconds: this.#spare * tickSeconds,
      shortSeconds: this.#shortTicks * tickSeconds,
      spareSeconds: this.#spareTicks * tickSeconds,
      neededReplicaSeconds: this.#needed * tickSeconds,
      ...(withNodes ? { nodeSeconds: this.#nodes * tickSeconds } : {}),
      ...(withMemory ? { outOfMemory: this.#outOfMemory } : {}),
    };
  }

  #closeWindow(): void {
    this.#windows += 1;
    if (this.#windowSlow > this.#options.slowShare * this.#windowRequests) this.#badWindows += 1;
    this.#windowRequests = 0;
    this.#windowSlow = 0;
  }
}

/** Several parts as one; `none`, the totals of no time at all, says which fields there are. */
export function sumTotals(parts: readonly PhaseTotals[], none: PhaseTotals): PhaseTotals {
  const sum: { -readonly [Field in keyof PhaseTotals]: PhaseTotals[Field] } = { ...none };
  const fields = Object.keys(none) as (keyof PhaseTotals)[];
  for (const part of parts) for (const field of fields) sum[field] = (sum[field] ?? 0) + (part[field] ?? 0);
  return sum;
}
