import { setImmediate } from 'node:timers/promises';
import type { FeatureRow } from '../../adapters/lancedb/feature-batch.ts';
import type { Logger } from '../../adapters/log/logger.ts';
import type { PrometheusClient } from '../../adapters/prometheus/client.ts';
import { featureHistory } from '../../adapters/prometheus/feature-history.ts';
import type { PrometheusOptions } from '../../adapters/prometheus/options.ts';
import { workloadDataset } from '../../loop/knowledge/dataset/dataset.ts';
import type { FeatureRows } from '../../loop/knowledge/dataset/feature-rows.ts';
import { MINUTE_MS } from '../../loop/knowledge/dataset/minute-grid.ts';
import { FEATURE_COUNT } from '../../loop/monitor/features/schema.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { Clock } from '../../runtime/clock.ts';

export interface FeatureBackfillOptions {
  readonly client: PrometheusClient;
  readonly prometheus: PrometheusOptions;
  readonly store: {
    readonly appendFeatures: (rows: Iterable<FeatureRow>) => void;
    /** `rebuilds`: how often a table had to begin anew. */
    readonly statistics: { readonly rebuilds: number };
  };
  /** Those of now. */
  readonly policies: () => readonly PolicyView[];
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** How far back; 0 asks for nothing. */
  readonly days: number;
}

const DAY_MS = 86_400_000;

/** As many as their table holds, so that what is read is not deleted at once. */
const MAX_ROWS = 2_000_000;

/** How often it is looked whether there is something to fill. */
const LOOK_MS = 30_000;

/** Rows handed over between two turns of the event loop. */
const CHUNK = 1000;

/** A day of one policy asks Prometheus a dozen questions: with a pause between policies nobody notices. */
const PAUSE_MS = 2_000;

/**
 * Fills the store's features from Prometheus where the table had to begin anew: policy after policy, and only what is
 * older than what the loop itself has told since.
 */
export class FeatureBackfill {
  readonly #options: FeatureBackfillOptions;

  constructor(options: FeatureBackfillOptions) {
    this.#options = options;
  }

  /** Until it is aborted. Never rejects: what fails is logged, and comes again when the table is made anew. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, days, store } = this.#options;
    let filled = 0;
    while (days > 0 && !signal.aborted) {
      const { rebuilds } = store.statistics;
      if (rebuilds > filled) await this.#fillAll(signal);
      filled = rebuilds;
      await clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
  }

  async #fillAll(signal: AbortSignal): Promise<void> {
    const { clock, log, policies } = this.#options;
    const all = policies();
    const days = Math.min(this.#options.days, MAX_ROWS / (1440 * Math.max(1, all.length)));
    let rows = 0;
    for (const policy of all) {
      if (signal.aborted) return;
      rows += await this.#fill(policy, days, signal);
      await clock.sleep(PAUSE_MS, signal).catch(() => undefined);
    }
    log.info('Read past features', { policies: all.length, rows });
  }

  async #fill(policy: PolicyView, days: number, signal: AbortSignal): Promise<number> {
    const { client, prometheus, clock, log } = this.#options;
    const end = clock.now();
    const firstMinute = Math.ceil((end - days * DAY_MS) / MINUTE_MS);
    // The present minute is the loop's own.
    const minutes = Math.floor(end / MINUTE_MS) - firstMinute;
    const request = { policy, start: firstMinute * MINUTE_MS, end, signal };
    const history = await featureHistory(client, prometheus, request);
    const { namespace, name, uid } = policy;
    if (!history.ok) {
      log.warn('Could not read past features', { namespace, name, error: history.error.message });
      return 0;
    }
    const raw = { policyUid: uid, namespace, policy: name, ...history.value };
    const { rows } = workloadDataset(raw, { firstMinute, minutes });
    await this.#handOver(policy, rows);
    return rows.at.length;
  }

  async #handOver({ namespace, name, uid }: PolicyView, { at, values }: FeatureRows): Promise<void> {
    for (let from = 0; from < at.length; from += CHUNK) {
      const chunk = at.slice(from, from + CHUNK);
      this.#options.store.appendFeatures(
        Array.from(chunk, (time, place) => ({
          policy: { namespace, name, uid },
          at: time,
          values: values.subarray((from + place) * FEATURE_COUNT, (from + place + 1) * FEATURE_COUNT),
        })),
      );
      await setImmediate();
    }
  }
}
