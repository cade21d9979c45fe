/** A forecast of the largest demand to come, requests per second. */
export interface Issued {
  /** When it was first seen, ms since the epoch. */
  readonly at: number;
  readonly median: number;
  /** The value that the peak stays below with the policy's confidence, 95 %. */
  readonly upper: number;
}

/** A forecast beside what came. */
export interface Judged extends Issued {
  readonly came: number;
  readonly held: boolean;
}

const MEDIAN = 'autonomic_forecast_peak';
const UPPER = 'autonomic_forecast_upper';

/** The forecasts of one policy, as the operator's own metrics showed them, oldest first. */
export class ForecastLog {
  readonly #issued: Issued[] = [];
  readonly #judged: Judged[] = [];

  /** Takes in a scrape of the operator; a forecast that was there before is not counted again. */
  note(at: number, exposition: string): void {
    const median = gauge(exposition, MEDIAN);
    const upper = gauge(exposition, UPPER);
    if (median === undefined || upper === undefined) return;
    const last = this.#issued.at(-1);
    if (last?.median !== median || last.upper !== upper) this.#issued.push({ at, median, upper });
  }

  get newest(): Issued | undefined {
    return this.#issued.at(-1);
  }

  /** The newest forecast that was there at `at`. */
  knownAt(at: number): Issued | undefined {
    return this.#issued.findLast((issued) => issued.at <= at);
  }

  /** Compares a forecast with what came. */
  judge(issued: Issued, came: number): Judged {
    const judged = { ...issued, came, held: came <= issued.upper };
    if (this.#judged.at(-1)?.at !== issued.at) this.#judged.push(judged);
    return judged;
  }

  get judged(): readonly Judged[] {
    return this.#judged;
  }
}

/** The value of the only series of this name. */
function gauge(exposition: string, name: string): number | undefined {
  const line = exposition.split('\n').find((text) => text.startsWith(`${name}{`));
  const value = line?.split(' ').at(-1);
  return value === undefined ? undefined : Number.parseFloat(value);
}
