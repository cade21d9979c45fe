import { setTimeout as sleep } from 'node:timers/promises';

import { FeatureBatchBuilder } from '../src/adapters/lancedb/feature-batch.ts';
import { DEFAULT_LIMITS } from '../src/adapters/lancedb/limits.ts';
import { StoreChild } from '../src/adapters/lancedb/store-child.ts';
import { ClusterView } from '../src/controllers/policy/cluster-view.ts';
import { step } from '../src/loop/step.ts';
import { Fleet, historyOf, observationOf, TICK_MS, type Member } from './fleet.ts';
import { featureRow } from './memory-store-features.ts';
import { median, quantile } from './statistics.ts';

const START = Date.UTC(2026, 4, 4, 12);
const WARM_UP_TICKS = 1000;
const BLOCK_TICKS = 500;
const BLOCKS = 16;
const DEADLINE_MS = 120_000;

export interface TickTimes {
  /** Ms, p99 of each block. */
  readonly alone: readonly number[];
  readonly compacting: readonly number[];
  /** Of the pairs of neighbouring blocks, the median, and where it is with 95 %: what else runs makes noise. */
  readonly ratio: number;
  readonly interval: readonly [number, number];
  readonly compactions: number;
}

/** Ticks of one policy, in turns with nothing beside them and with the store's process writing and compacting. */
export async function ticksWhileCompacting(uri: string, seed: number): Promise<TickTimes> {
  const child = new StoreChild({ uri }, { idleMs: DEADLINE_MS, maxResidentBytes: 1 << 30 });
  const fleet = new Fleet({ policies: 1, replicas: 10, seed, now: START });
  const [member] = fleet.members;
  if (member === undefined) throw new Error('a fleet of one has nobody');
  for (const event of historyOf(member, START))
    fleet.carryOut(member, step(member.state, event, fleet.environment(member, START)), START);
  const ticker = new Ticker(fleet, member);
  await ticker.run(WARM_UP_TICKS);
  await child.request({ op: 'repair', now: START }, DEADLINE_MS);
  const compactor = new Compactor(child);
  const alone: number[] = [];
  const compacting: number[] = [];
  const aloneBlock = async (): Promise<void> => {
    alone.push(quantile(await ticker.run(BLOCK_TICKS), 0.99));
  };
  const compactingBlock = async (): Promise<void> => {
    compactor.begin();
    compacting.push(quantile(await ticker.run(BLOCK_TICKS), 0.99));
    await compactor.end();
  };
  for (let block = 0; block < BLOCKS; block += 1) {
    // In turns, so that neither always comes after the other.
    const [first, second] = block % 2 === 0 ? [aloneBlock, compactingBlock] : [compactingBlock, aloneBlock];
    await first();
    await second();
  }
  await child.stop(DEADLINE_MS);
  const ratios = compacting.map((p99, i) => p99 / (alone[i] ?? NaN));
  const { compactions } = compactor;
  return { alone, compacting, ratio: median(ratios), interval: medianInterval(ratios), compactions };
}

/**
 * Where the median of what the values are drawn from is, with 95 % at least and whatever their distribution:
 * between the k-th smallest and the k-th largest, k by the binomial distribution of a half.
 */
function medianInterval(values: readonly number[]): readonly [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const { length } = sorted;
  let k = 0;
  for (let chance = 2 ** -length, below = chance; below <= 0.025; below += chance) {
    k += 1;
    chance *= (length - k + 1) / k;
  }
  return [sorted[k - 1] ?? NaN, sorted[length - k] ?? NaN];
}

class Ticker {
  readonly #fleet: Fleet;
  readonly #member: Member;
  #tick = 0;

  constructor(fleet: Fleet, member: Member) {
    this.#fleet = fleet;
    this.#member = member;
  }

  /** Ms of each tick; the event loop runs in between, so that the store's answers are taken. */
  async run(ticks: number): Promise<readonly number[]> {
    const times: number[] = [];
    for (let i = 0; i < ticks; i += 1) {
      this.#tick += 1;
      const now = START + this.#tick * TICK_MS;
      const readings = this.#fleet.advance(now);
      const view = new ClusterView(this.#fleet.caches, this.#fleet.views);
      const observation = observationOf(this.#member, view, readings, now);
      const environment = this.#fleet.environment(this.#member, now);
      const before = performance.now();
      const result = step(this.#member.state, { type: 'Tick', observation }, environment);
      times.push(performance.now() - before);
      this.#fleet.carryOut(this.#member, result, now);
      await sleep(2);
    }
    return times;
  }
}

/** Keeps the store's process at it: small commits, and then what joins them. */
class Compactor {
  readonly #child: StoreChild;
  #at = START;
  #running = false;
  #done: Promise<void> = Promise.resolve();
  compactions = 0;

  constructor(child: StoreChild) {
    this.#child = child;
  }

  begin(): void {
    this.#running = true;
    this.#done = this.#work();
  }

  async end(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  async #work(): Promise<void> {
    while (this.#running) {
      for (let commit = 0; commit < 5; commit += 1) {
        this.#at += 60_000;
        const builder = new FeatureBatchBuilder(200);
        for (let i = 0; i < 200; i += 1) builder.add(featureRow(i, this.#at));
        await this.#child.request({ op: 'appendFeatures', batches: [builder.batch()] }, DEADLINE_MS);
      }
      await this.#child.request(
        { op: 'maintain', limits: DEFAULT_LIMITS, now: this.#at, keepVersionsMs: 0 },
        DEADLINE_MS,
      );
      this.compactions += 1;
    }
  }
}
