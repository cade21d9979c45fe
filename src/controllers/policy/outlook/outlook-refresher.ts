import type { Logger } from '../../../adapters/log/logger.ts';
import type { PrometheusClient } from '../../../adapters/prometheus/client.ts';
import type { PrometheusOptions } from '../../../adapters/prometheus/options.ts';
import { outlookHistory } from '../../../adapters/prometheus/outlook-history.ts';
import { OUTLOOK_RESOURCES, OUTLOOK_SERIES } from '../../../adapters/prometheus/outlook-queries.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import type { Predictions } from '../../../api/status/prediction.ts';
import { costOfDays } from '../../../loop/analyze/outlook/cost.ts';
import { HISTORY_HOURS, knownHours } from '../../../loop/analyze/outlook/hourly-series.ts';
import { dailyOutlook } from '../../../loop/analyze/outlook/outlook.ts';
import type { PolicyView } from '../../../loop/policy-view.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { nextOutlookAt } from './outlook-schedule.ts';
import {
  absentPrediction,
  costPrediction,
  resourcePrediction,
  type ResourcePrediction,
} from './outlook-values.ts';
import type { PolicyEntry } from '../policy-entry.ts';
import { timeText } from '../status/time-text.ts';

export interface OutlookRefresherOptions {
  readonly policies: ReadonlyMap<string, PolicyEntry>;
  /** Its own, closed when the run ends. */
  readonly client: PrometheusClient;
  readonly prometheus: PrometheusOptions;
  readonly clock: Clock;
  readonly log: Logger;
}

type ValidEntry = Extract<PolicyEntry, { valid: true }>;

/** How often it is looked whose turn it is. */
const LOOK_MS = 30_000;

/** Policies at the same time: four weeks of four resources are asked of a server that has to serve the rounds too. */
const CONCURRENCY = 2;

const HOUR_MS = 3_600_000;

/** Makes the week ahead of each policy's workload once an hour, beside the rounds: no decision waits for it or rests on it. */
export class OutlookRefresher {
  readonly #options: OutlookRefresherOptions;
  /** By uid of the policy. */
  readonly #made = new Map<string, Predictions>();
  readonly #triedAt = new Map<string, number>();

  constructor(options: OutlookRefresherOptions) {
    this.#options = options;
  }

  /** What this process has made of the policy's workload; undefined before it was its turn. */
  latest({ uid }: Pick<PolicyView, 'uid'>): Predictions | undefined {
    return this.#made.get(uid);
  }

  /** Until it is aborted. Never rejects: what fails is logged and tried again at its next turn. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      this.#forgetGone();
      const due = this.#due();
      const worker = async (): Promise<void> => {
        for (let next = due.shift(); next !== undefined && !signal.aborted; next = due.shift()) {
          await this.#refresh(next, signal);
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, worker));
      await clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
    await this.#options.client.close();
  }

  #forgetGone(): void {
    const alive = new Set([...this.#options.policies.values()].map(({ uid }) => uid));
    for (const uid of this.#triedAt.keys()) {
      if (alive.has(uid)) continue;
      this.#triedAt.delete(uid);
      this.#made.delete(uid);
    }
  }

  #due(): ValidEntry[] {
    const now = this.#options.clock.now();
    return [...this.#options.policies.values()].filter((entry): entry is ValidEntry => {
      if (!entry.valid) return false;
      // Another process may have made them before this one began.
      const stored = entry.status.workloads?.[0]?.predictions?.time;
      const madeAt = this.#triedAt.get(entry.uid) ?? (stored === undefined ? undefined : Date.parse(stored));
      return madeAt === undefined || now >= nextOutlookAt(entry.uid, madeAt);
    });
  }

  async #refresh(entry: ValidEntry, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    this.#triedAt.set(entry.uid, clock.now());
    try {
      const predictions = await this.#predict(entry.view, signal);
      if ('problem' in predictions) {
        log.warn('Could not predict the week ahead', { policy: entry.key, problem: predictions.problem });
      } else this.#made.set(entry.uid, predictions);
    } catch (error) {
      log.error('Could not predict the week ahead', { policy: entry.key, problem: String(error) });
    }
  }

  async #predict(view: PolicyView, signal: AbortSignal): Promise<Predictions | { readonly problem: string }> {
    const now = this.#options.clock.now();
    const hour = Math.floor(now / HOUR_MS);
    const resources: ResourcePrediction[] = [];
    let failures = 0;
    let hours = 0;
    let problem = '';
    for (const resource of OUTLOOK_RESOURCES) {
      const history = await this.#history(view, { resource, hour, signal });
      if (!history.ok) {
        problem = history.error.message;
        failures++;
        resources.push(absentPrediction(resource, problem));
        continue;
      }
      const { firstHour, means, maxima } = history.value;
      const past = { means: { firstHour, values: means }, maxima: { firstHour, values: maxima } };
      const outlook = dailyOutlook(past, hour);
      if ('absent' in outlook) {
        resources.push(
          absentPrediction(resource, `${outlook.absent}; it is read from ${OUTLOOK_SERIES[resource]}`),
        );
        continue;
      }
      hours = Math.max(hours, knownHours(past.means));
      resources.push(resourcePrediction(resource, outlook));
      const price = view.spec.objective?.replicaHourPrice;
      if (resource === 'replicas' && price !== undefined) {
        resources.push(costPrediction(outlook, costOfDays(outlook.days, parseQuantity(price))));
      }
    }
    if (failures === OUTLOOK_RESOURCES.length) return { problem };
    return { time: timeText(now), historyDays: Math.round(hours / 24), resources };
  }

  async #history(
    { namespace, spec: { targetRef } }: PolicyView,
    {
      resource,
      hour,
      signal,
    }: { resource: (typeof OUTLOOK_RESOURCES)[number]; hour: number; signal: AbortSignal },
  ): ReturnType<typeof outlookHistory> {
    const { client, prometheus } = this.#options;
    const workload = { namespace, kind: targetRef.kind, name: targetRef.name };
    const span = { firstHour: hour - HISTORY_HOURS, endHour: hour };
    return outlookHistory(client, prometheus, { resource, workload, ...span, signal });
  }
}
