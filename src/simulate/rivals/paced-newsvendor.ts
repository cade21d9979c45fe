import { BIN_SECONDS } from '../../loop/analyze/peak/bins.ts';
import { createPeakForecaster } from '../../loop/analyze/peak/forecaster-state.ts';
import { observePeakDemand } from '../../loop/analyze/peak/forecaster.ts';
import { peakForecast } from '../../loop/analyze/peak/peak-forecast.ts';
import {
  createPacedNewsvendor,
  decideReplicas,
  type NewsvendorDecision,
  type NewsvendorSettings,
  type PacedNewsvendor,
  type PeakDemands,
} from '../../loop/plan/newsvendor/paced-newsvendor.ts';
import { BALANCED, CALM, type ScalingProfile } from '../../loop/plan/newsvendor/profile.ts';
import type { Contender, Scaler, ScalerContext, ScalerView } from '../scaler.ts';

/**
 * The newsvendor with nothing around it: forecasts of the peak, the optimum over Erlang's C formula, the paced price.
 * No guards, no reactive floor, no tuning.
 */
export const pacedNewsvendor = newsvendorContender('paced-newsvendor', 'Paced newsvendor', BALANCED);

/** The same with fewer, larger decreases. */
export const pacedNewsvendorCalm = newsvendorContender(
  'paced-newsvendor-calm',
  'Paced newsvendor, calm',
  CALM,
);

function newsvendorContender(name: string, title: string, profile: ScalingProfile): Contender {
  return {
    name,
    title,
    source: 'src/loop/analyze/peak, src/loop/plan/newsvendor of this version',
    knob: { name: 'none', values: [1] },
    create: (_, context) => new NewsvendorScaler(profile, context),
  };
}

class NewsvendorScaler implements Scaler {
  readonly #settings: NewsvendorSettings;
  readonly #startupSeconds: number;
  readonly #state: PacedNewsvendor;
  readonly #forecaster = createPeakForecaster('Full');
  #last: NewsvendorDecision | undefined;

  constructor(profile: ScalingProfile, context: ScalerContext) {
    const { decisionSeconds, serviceRate, objective, bounds, startupSeconds } = context;
    if (decisionSeconds !== BIN_SECONDS) {
      throw new RangeError(
        `the paced newsvendor decides every ${BIN_SECONDS} s, found decisionSeconds = ${decisionSeconds}: leave it out or set ${BIN_SECONDS}`,
      );
    }
    this.#settings = {
      service: { requestsPerSecond: serviceRate, concurrency: 1, waitSeconds: objective.waitSeconds },
      slowShare: objective.slowShare,
      maxReplicas: bounds.maxReplicas,
      profile,
    };
    this.#startupSeconds = startupSeconds;
    this.#state = createPacedNewsvendor();
  }

  decide({ now, replicas, measured }: ScalerView): number {
    const demand = measured.demand(BIN_SECONDS);
    // The metric path has one age for all: what cannot show demand does not show the counters either.
    const counters = demand === undefined ? undefined : measured;
    const demands = demand === undefined ? undefined : this.#forecast(now, measured.until, demand);
    this.#last = decideReplicas(this.#state, this.#settings, {
      now,
      current: replicas,
      counters,
      demands,
    });
    return this.#last.replicas;
  }

  explain(): string {
    if (this.#last?.up === undefined) return 'demand is not known: replicas stay';
    const { up, hold, price } = this.#last;
    return `best for what an order can serve: ${up}; for what a removal would miss: ${hold}; price of slow requests ${price.penalty.toPrecision(3)}`;
  }

  #forecast(now: number, until: number, demand: number): PeakDemands | undefined {
    const reaction = { now, startupSeconds: this.#startupSeconds, lagSeconds: 0 };
    observePeakDemand(this.#forecaster, { at: until, value: demand }, reaction);
    const forecast = peakForecast(this.#forecaster, reaction);
    return 'absent' in forecast ? undefined : forecast;
  }
}
