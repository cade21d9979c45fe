import { Journal } from '../../../src/adapters/journal/journal.ts';
import type { PolicySpec } from '../../../src/api/policy-spec.ts';
import { isForecast } from '../../../src/loop/analyze/analyze.ts';
import type { Decision } from '../../../src/loop/execute/decision.ts';
import type { LoopReport } from '../../../src/loop/report.ts';
import { LiveController, type LiveTime } from './live-controller.ts';
import type { Bound, Change, SeenTick } from './recorded-backtest.ts';

export interface LiveReplayOptions {
  /** A real Prometheus that holds what was measured at each tick, in this namespace. */
  readonly prometheusUrl: string;
  readonly namespace: string;
  readonly spec: PolicySpec;
  readonly ticks: readonly SeenTick[];
  /** Of the journal; its writes are synced as always. */
  readonly directory: string;
}

export interface LiveRun {
  readonly changes: readonly Change[];
  readonly bounds: readonly Bound[];
  /** What the demand was measured to be, or why it was not, for each tick. */
  readonly measured: readonly (number | string)[];
  /** Ticks at which the live target had other replicas than the backtest's. */
  readonly strayed: number;
}

/**
 * The operator's own path from Prometheus to the change, tick after tick at an accelerated clock: the controller's
 * round asks Prometheus as it was at that time, policy and target are observed, the session steps the loop, writes
 * journal and status and patches the target. Only the API server is in memory; the target's pods are the backtest's.
 */
export async function replayLive(options: LiveReplayOptions): Promise<LiveRun> {
  const { ticks } = options;
  const first = ticks[0];
  if (first === undefined) throw new RangeError('nothing was recorded');
  const time = { now: first.now, measured: first.until };
  const journal = await Journal.open({ directory: options.directory });
  const live = new LiveLoop(options, { time, journal });
  try {
    for (const tick of ticks) {
      time.now = tick.now;
      time.measured = tick.until;
      await live.tick(tick);
    }
  } finally {
    await Promise.all([live.close(), journal.close()]);
  }
  return live.run();
}

interface Surroundings {
  readonly time: LiveTime;
  readonly journal: Journal;
}

class LiveLoop {
  readonly #live: LiveController;
  readonly #changes: Change[] = [];
  readonly #bounds: Bound[] = [];
  readonly #measured: (number | string)[] = [];
  #strayed = 0;

  constructor(options: LiveReplayOptions, { time, journal }: Surroundings) {
    const { ticks } = options;
    journal.subscribe((record) => {
      if (record.kind === 'Intent') this.#changes.push(changeOf(record.decision as Decision));
    });
    this.#live = new LiveController({
      ...options,
      scrapeIntervalSeconds: 30,
      replicas: ticks[0]?.replicas ?? 1,
      time,
      journal,
      tickSeconds: 15,
      historyDays: 0,
      signals: false,
    });
  }

  async tick({ replicas, ready, pods }: SeenTick): Promise<void> {
    if (this.#live.api.replicas !== replicas) this.#strayed += 1;
    await this.#live.tick(pods, ready);
    this.#bounds.push(boundOf(this.#live.last));
    this.#measured.push(measuredIn(this.#live.last));
  }

  close(): Promise<void> {
    return this.#live.close();
  }

  run(): LiveRun {
    const [changes, bounds, measured, strayed] = [this.#changes, this.#bounds, this.#measured, this.#strayed];
    return { changes, bounds, measured, strayed };
  }
}

function changeOf({ at, from, to, message }: Decision): Change {
  return { at, from, to, message };
}

function measuredIn(report: LoopReport | undefined): number | string {
  const total = report?.monitoring?.metrics.find(({ type }) => type !== 'Resource')?.total;
  if (total === undefined) return 'nothing was measured';
  return total.quality === 'Fresh' ? total.value : `${total.quality} ${JSON.stringify(total)}`;
}

/** As `AutonomicScaler.bound`. */
function boundOf(report: LoopReport | undefined): Bound {
  const demand = report?.monitoring?.metrics.findIndex(({ type }) => type !== 'Resource') ?? -1;
  const forecast = report?.analysis?.forecasts[demand];
  return forecast !== undefined && isForecast(forecast) && forecast.reliable ? forecast.upper : undefined;
}
