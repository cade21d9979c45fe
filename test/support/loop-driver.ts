import type { Environment, LoopEvent } from '../../src/loop/event.ts';
import type { Decision } from '../../src/loop/execute/decision.ts';
import type { Effect } from '../../src/loop/execute/effect.ts';
import type { LoopEffect, MemoryEffect } from '../../src/loop/loop-effect.ts';
import type { FleetView } from '../../src/loop/guard/fleet-view.ts';
import type {
  MetricObservation,
  Observation,
  RequestObservation,
  TargetProblem,
  TargetView,
} from '../../src/loop/monitor/observation.ts';
import type { Reading } from '../../src/loop/monitor/reading.ts';
import type { PolicyView } from '../../src/loop/policy-view.ts';
import type { LoopReport } from '../../src/loop/report.ts';
import { createPolicyState, type PolicyState, type Remembered } from '../../src/loop/state.ts';
import { step } from '../../src/loop/step.ts';
import {
  environmentFixture,
  fresh,
  NOW,
  podsFixture,
  SECOND,
  targetFixture,
  total,
} from './loop-fixtures.ts';

/** What becomes of a change that the loop wants. `Lost`: it is made, and the answer never comes. */
type Answer = 'Applied' | 'Refused' | 'Lost';

const MEMORY: ReadonlySet<string> = new Set<MemoryEffect['type']>([
  'RecordSituation',
  'RecordAttribution',
  'RecordAnomaly',
  'AskMemory',
]);

/** The loop with a target that obeys it, tick after tick, as the controller drives it. */
export class LoopDriver {
  now = NOW;
  policy: PolicyView;
  target: TargetView;
  acting = true;
  /** Time between two situations; undefined remembers nothing. */
  situationWindowSeconds: number | undefined = 1800;
  /** What the other policies show. */
  fleet: FleetView | undefined;
  answer: Answer = 'Applied';
  state: PolicyState;
  /** Everything that the loop has asked for so far. */
  readonly asked: LoopEffect[] = [];
  /** Every event that the loop was given, and what it knew beside it: `step` over these gives the same state. */
  readonly log: { readonly event: LoopEvent; readonly environment: Environment }[] = [];
  #decisions = 0;

  constructor(policy: PolicyView, replicas: number, remembered: Remembered = {}) {
    this.policy = policy;
    this.target = targetFixture(replicas);
    this.state = createPolicyState(policy, this.now, remembered);
  }

  /** What of it is to be done; the rest is to be remembered, or asked of memory. */
  get effects(): readonly Effect[] {
    return this.asked.filter((effect): effect is Effect => !MEMORY.has(effect.type));
  }

  get replicas(): number {
    return this.target.specReplicas;
  }

  /** 15 s go by; then the loop sees this demand (a number is a fresh total of the first metric). */
  tick(
    demand: number | Reading | readonly MetricObservation[],
    indicators: readonly Reading[] = [],
    requests?: RequestObservation,
  ): LoopReport {
    this.now += 15 * SECOND;
    const seen = requests === undefined ? {} : { requests };
    return this.observe(this.target, this.#metrics(demand), { indicators, ...seen });
  }

  /** So many ticks with the same demand; the report of the last. */
  ticks(count: number, demand: number | Reading): LoopReport {
    for (let i = 1; i < count; i++) this.tick(demand);
    return this.tick(demand);
  }

  observe(
    target: TargetView | TargetProblem,
    metrics: readonly MetricObservation[],
    seen: Partial<Pick<Observation, 'indicators' | 'requests'>> = {},
  ): LoopReport {
    const observation = { now: this.now, target, metrics, indicators: [], ...seen };
    const report = this.send({ type: 'Tick', observation });
    if (report === undefined) throw new Error('a tick gave no report');
    return report;
  }

  /** Somebody sets the replicas. */
  set(replicas: number, change: Partial<TargetView> = {}): void {
    const pods = podsFixture(Math.min(replicas, 50));
    this.target = { ...this.target, specReplicas: replicas, readyReplicas: replicas, pods, ...change };
  }

  /** Hands an event to the loop and carries out what it asks for. */
  send(event: LoopEvent): LoopReport | undefined {
    const events = [event];
    let first: LoopReport | undefined;
    for (let next = events.shift(); next !== undefined; next = events.shift()) {
      const environment = this.#environment();
      this.log.push({ event: next, environment });
      const { state, effects, report } = step(this.state, next, environment);
      this.state = state;
      this.asked.push(...effects);
      first ??= report;
      for (const effect of effects) {
        const answer = this.#carryOut(effect);
        if (answer !== undefined) events.push(answer);
      }
    }
    return first;
  }

  /** The effects of one type, in their order. */
  all<Type extends Effect['type']>(type: Type): readonly Extract<Effect, { type: Type }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { type: Type }> => effect.type === type);
  }

  #environment() {
    const { now, policy, acting, fleet, situationWindowSeconds } = this;
    this.#decisions += 1;
    const decisionId = `d${this.#decisions}`;
    return environmentFixture({ now, policy, acting, fleet, situationWindowSeconds, decisionId });
  }

  #metrics(demand: number | Reading | readonly MetricObservation[]): readonly MetricObservation[] {
    if (typeof demand === 'number') return [total(fresh(demand, this.now))];
    return 'quality' in demand ? [total(demand)] : demand;
  }

  #carryOut(effect: LoopEffect): LoopEvent | undefined {
    if (effect.type === 'StoreIntent') return { type: 'IntentStored', decisionId: effect.decision.id };
    return effect.type === 'ApplyReplicas' ? this.#apply(effect.decision) : undefined;
  }

  #apply({ id: decisionId, to }: Decision): LoopEvent | undefined {
    const at = this.now;
    if (this.answer === 'Refused') {
      return { type: 'Refused', decisionId, at, reason: 'Forbidden', message: 'may not patch' };
    }
    this.set(to, { decisionAnnotation: decisionId });
    return this.answer === 'Applied' ? { type: 'Applied', decisionId, at } : undefined;
  }
}
