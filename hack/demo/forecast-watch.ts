import { BIN_SECONDS, reactionWindows } from '../../src/loop/analyze/peak/bins.ts';
import { ForecastLog, type Issued, type Judged } from './forecast-log.ts';
import { OURS, RATE_SECONDS, TOTAL_QUERY } from './manifests.ts';

export interface Watched {
  /** Of the operator's metrics, http://…/metrics. */
  readonly operatorUrl: string;
  readonly prometheusUrl: string;
}

/** What a row of the table says about forecasts. */
export interface Foreseen {
  readonly newest: Issued | undefined;
  /** The forecast that has just come due; undefined while there is none. */
  readonly due: Judged | undefined;
}

/** A tick of the operator is 15 s: its forecasts are dated within a fifth of that. */
const LOOK_MS = 3000;

const { from, to } = reactionWindows(0);
/** A forecast is of the peak within a window of this length, which ends with its horizon. */
const WINDOW_SECONDS = (to - from + 1) * BIN_SECONDS;

/**
 * A rate shows the demand of half of its range before, and is read some tenths of a second later; the forecaster counts
 * both together in whole bins.
 */
const LAG_SECONDS = (Math.floor(RATE_SECONDS / 2 / BIN_SECONDS) + 1) * BIN_SECONDS;

const DEMAND = TOTAL_QUERY.replace('[', `{namespace="${OURS.namespace}"}[`);
const PEAK = `max_over_time((${DEMAND})[${WINDOW_SECONDS}s:${BIN_SECONDS}s])`;

/** Looks at the operator's forecasts as they are made, and in Prometheus at what came. */
export class ForecastWatch {
  readonly log = new ForecastLog();
  readonly #watched: Watched;
  readonly #timer: NodeJS.Timeout;

  constructor(watched: Watched) {
    this.#watched = watched;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What has come due by `now`, ms, of forecasts that reach so many seconds ahead. */
  async foreseen(now: number, horizonSeconds: number): Promise<Foreseen> {
    const { newest } = this.log;
    const reachMs = (horizonSeconds + LAG_SECONDS) * 1000;
    const issued = this.log.knownAt(now - reachMs);
    if (issued === undefined) return { newest, due: undefined };
    const came = await this.#peakAt(issued.at + reachMs);
    return { newest, due: came === undefined ? undefined : this.log.judge(issued, came) };
  }

  /** The operator is not up at once, and not for ever. */
  async #look(): Promise<void> {
    try {
      const answer = await fetch(this.#watched.operatorUrl);
      if (answer.ok) this.log.note(Date.now(), await answer.text());
    } catch {
      return;
    }
  }

  async #peakAt(at: number): Promise<number | undefined> {
    const asked = new URLSearchParams({ query: PEAK, time: String(at / 1000) });
    const answer = await fetch(`${this.#watched.prometheusUrl}/api/v1/query?${asked.toString()}`);
    const { data } = (await answer.json()) as { data?: { result: { value: [number, string] }[] } };
    const value = data?.result[0]?.value[1];
    return value === undefined ? undefined : Number.parseFloat(value);
  }
}
