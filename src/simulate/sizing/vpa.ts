import type { Resources, Sizer, SizingContender, UsageSample } from './sizing-contender.ts';
import { VpaAggregate } from './vpa-aggregate.ts';
import { VpaContainer } from './vpa-container.ts';
import { vpaRecommendation } from './vpa-recommender.ts';
import { vpaReplaces, type VpaPod } from './vpa-updater.ts';

/** Recommender and updater together, with the defaults of their flags and update mode `Recreate`. */
export const vpa: SizingContender = {
  name: 'vpa',
  title: 'VPA 1.8.1',
  source: 'kubernetes/autoscaler vertical-pod-autoscaler v1.8.1: pkg/recommender, pkg/updater/priority',
  // Recommender and updater run once a minute.
  decisionSeconds: 60,
  // `RequestsAndLimits` keeps the limit's ratio to the request, which is 1 here.
  limitsCpu: true,
  create: () => new VpaSizer(),
};

class VpaSizer implements Sizer {
  readonly #aggregate = new VpaAggregate();
  #container = new VpaContainer(this.#aggregate);
  #podStartedAt: number | undefined;
  #kill: VpaPod['kill'];

  observe({ at, cpu, memory }: UsageSample): void {
    this.#podStartedAt ??= at;
    this.#container.addCpu(at, millicores(cpu));
    this.#container.addMemory(at, Math.ceil(memory));
  }

  outOfMemory(at: number, request: Resources): void {
    this.#kill = { startedAt: this.#kill?.at ?? this.#podStartedAt ?? at, at };
    this.#container.recordOutOfMemory(at, Math.ceil(request.memory));
  }

  recommend(at: number, current: Resources): Resources {
    const recommended = vpaRecommendation(this.#aggregate);
    const request = { cpu: millicores(current.cpu), memory: Math.ceil(current.memory) };
    const startedAt = this.#podStartedAt ?? at;
    const pod = { request, startedAt, ...(this.#kill !== undefined && { kill: this.#kill }) };
    if (!vpaReplaces(pod, recommended, at)) return current;
    this.#container = new VpaContainer(this.#aggregate);
    this.#podStartedAt = at;
    this.#kill = undefined;
    return { cpu: recommended.target.cpu / 1000, memory: recommended.target.memory };
  }
}

/** As the metrics API has it, in nanocores, and the recommender reads it: rounded up. */
function millicores(cores: number): number {
  return Math.ceil(Math.round(cores * 1e9) / 1e6);
}
