import type { PodView } from '../loop/monitor/observation.ts';
import type { ReplicaPlant } from './replica-plant.ts';
import type { Measurements, ScalerView } from './scaler.ts';

/** One decision's view of the plant. The list of pods is made only for scalers that look at it. */
export class LiveView implements ScalerView {
  readonly now: number;
  readonly index: number;
  readonly replicas: number;
  readonly ready: number;
  readonly starting: number;
  readonly measured: Measurements;
  readonly scraped: Measurements;
  readonly #plant: ReplicaPlant;

  constructor(
    { now, index }: { now: number; index: number },
    plant: ReplicaPlant,
    { measured, scraped }: Pick<ScalerView, 'measured' | 'scraped'>,
  ) {
    this.now = now;
    this.index = index;
    this.replicas = plant.replicas;
    this.ready = plant.ready;
    this.starting = plant.starting;
    this.measured = measured;
    this.scraped = scraped;
    this.#plant = plant;
  }

  get pods(): readonly PodView[] {
    return this.#plant.views;
  }
}
