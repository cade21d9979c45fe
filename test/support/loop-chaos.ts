import fc from 'fast-check';
import type { Environment, LoopEvent } from '../../src/loop/event.ts';
import type { LoopEffect } from '../../src/loop/loop-effect.ts';
import type { MetricObservation, Observation, TargetView } from '../../src/loop/monitor/observation.ts';
import type { Reading } from '../../src/loop/monitor/reading.ts';
import type { PolicyView } from '../../src/loop/policy-view.ts';
import type { LoopReport } from '../../src/loop/report.ts';
import { createPolicyState, type PolicyState } from '../../src/loop/state.ts';
import { step } from '../../src/loop/step.ts';
import {
  CPU,
  environmentFixture,
  HOUR,
  NOW,
  podsFixture,
  policyFixture,
  REQUESTS,
  SECOND,
  targetFixture,
} from './loop-fixtures.ts';

// Arbitrary policies, worlds and interleavings, for properties that hold for all of them.

const chance = (percent: number): fc.Arbitrary<boolean> => fc.nat(99).map((n) => n < percent);

const amount = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 2000, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 5e-324, 1e30, 1e308) },
);

/** Mostly fresh; a `Reading` cannot be NaN, by its type. */
const quality = fc.oneof(
  { weight: 6, arbitrary: fc.constant('Fresh' as const) },
  { weight: 1, arbitrary: fc.constantFrom('Stale' as const, 'Missing' as const) },
);

interface Value {
  readonly quality: Reading['quality'];
  readonly value: number;
  readonly ageSeconds: number;
}

const value: fc.Arbitrary<Value> = fc.record({ quality, value: amount, ageSeconds: fc.nat(30) });

function readingOf({ quality: found, value: number, ageSeconds }: Value, now: number): Reading {
  if (found === 'Missing') return { quality: 'Missing', reason: 'NoData', message: 'no series' };
  return { quality: found, value: number, at: now - ageSeconds * SECOND };
}

const rules = fc.record({
  stabilizationWindowSeconds: fc.constantFrom(0, 30, 300),
  selectPolicy: fc.constantFrom('Max', 'Max', 'Min', 'Disabled'),
  tolerance: fc.constantFrom('0', '0.1', '0.5'),
});

export const anyPolicy: fc.Arbitrary<PolicyView> = fc
  .record({
    mode: fc.constantFrom('Apply', 'Apply', 'Apply', 'Preview'),
    suspend: chance(5),
    metrics: fc.constantFrom([REQUESTS], [CPU, REQUESTS], [CPU]),
    min: fc.integer({ min: 1, max: 8 }),
    range: fc.nat(40),
    scaleUp: rules,
    scaleDown: rules,
    forecast: fc.constantFrom({}, { mode: 'Disabled' }, { startupSeconds: 600 }),
    observationSeconds: fc.constantFrom(0, 0, 60),
    scaleUpCooldownSeconds: fc.constantFrom(0, 15),
    scaleDownCooldownSeconds: fc.constantFrom(0, 60),
    actionsPerHour: fc.constantFrom(1, 60),
  })
  .map(({ min, range, scaleUp, scaleDown, actionsPerHour, ...spec }) =>
    policyFixture({
      ...spec,
      horizontal: { minReplicas: min, maxReplicas: min + range, behavior: { scaleUp, scaleDown } },
      limits: { actionsPerHour },
    }),
  );

/** What happens next: the loop looks, or one of its wishes is answered, or the world moves by itself. */
export type Command =
  | {
      readonly type: 'Tick';
      readonly seconds: number;
      readonly requests: Value;
      readonly cpu: readonly Value[];
      readonly acting: boolean;
      /** The loop sees the target as it was before its last change. */
      readonly lagging: boolean;
      readonly trouble: 'None' | 'NotFound' | 'Unreachable' | 'Rollout' | 'Paused' | 'Rival';
    }
  | { readonly type: 'Answer'; readonly how: 'Well' | 'Refused' | 'LostBefore' | 'LostAfter' | 'Stray' }
  /** The controller reads the target to find out what became of a change without an answer. */
  | { readonly type: 'Resolve' }
  | { readonly type: 'Person'; readonly replicas: number }
  | { readonly type: 'Replace' }
  | { readonly type: 'Edit'; readonly policy: PolicyView };

const tick = fc.record({
  type: fc.constant('Tick' as const),
  seconds: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 120 }) },
    { weight: 1, arbitrary: fc.constantFrom(-600, 0, 3600) },
  ),
  requests: value,
  cpu: fc.array(value, { minLength: 1, maxLength: 3 }),
  acting: chance(95),
  lagging: chance(15),
  trouble: fc.oneof(
    { weight: 8, arbitrary: fc.constant('None' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'NotFound' as const,
        'Unreachable' as const,
        'Rollout' as const,
        'Paused' as const,
        'Rival' as const,
      ),
    },
  ),
});
const answer = fc.record({
  type: fc.constant('Answer' as const),
  how: fc.constantFrom(
    'Well' as const,
    'Well' as const,
    'Well' as const,
    'Refused' as const,
    'LostBefore' as const,
    'LostAfter' as const,
    'Stray' as const,
  ),
});

export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 20, arbitrary: tick },
  { weight: 24, arbitrary: answer },
  { weight: 6, arbitrary: fc.constant({ type: 'Resolve' as const }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('Person' as const), replicas: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.constant({ type: 'Replace' as const }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('Edit' as const), policy: anyPolicy }) },
);

/** One step of the loop, as it was asked for and answered. */
export interface Stepped {
  readonly event: LoopEvent;
  readonly environment: Environment;
  readonly effects: readonly LoopEffect[];
  readonly report: LoopReport | undefined;
}

/** A world that does to the loop what the commands say. */
export class LoopChaos {
  state: PolicyState;
  readonly steps: Stepped[] = [];
  now = NOW;
  policy: PolicyView;
  target: TargetView;
  #before: TargetView;
  #acting = true;
  /** The wish that waits for its answer; the controller carries out one at a time. */
  #waiting: Extract<LoopEffect, { type: 'StoreIntent' | 'ApplyReplicas' }> | undefined;
  /** The change of which nobody knows whether it was made. */
  #unknown: string | undefined;
  #count = 0;

  constructor(policy: PolicyView, replicas: number) {
    this.policy = policy;
    this.target = targetFixture(replicas);
    this.#before = this.target;
    this.state = createPolicyState(policy, NOW);
  }

  run(commands: readonly Command[]): this {
    for (const command of commands) this.#do(command);
    return this;
  }

  /** All answers come, and time passes until nothing is left to measure. */
  settle(): this {
    while (this.#waiting !== undefined) this.#do({ type: 'Answer', how: 'Well' });
    this.#do({ type: 'Resolve' });
    this.now += HOUR;
    this.#acting = false;
    this.send({
      type: 'Tick',
      observation: { now: this.now, target: this.target, metrics: [], indicators: [] },
    });
    return this;
  }

  send(event: LoopEvent): void {
    this.#count += 1;
    const environment = environmentFixture({
      now: this.now,
      policy: this.policy,
      acting: this.#acting,
      decisionId: `d${this.#count}`,
    });
    const { state, effects, report } = step(this.state, event, environment);
    this.state = state;
    this.steps.push({ event, environment, effects, report });
    for (const effect of effects) {
      if (effect.type === 'StoreIntent' || effect.type === 'ApplyReplicas') this.#waiting = effect;
    }
  }

  #do(command: Command): void {
    switch (command.type) {
      case 'Tick':
        this.#tick(command);
        return;
      case 'Answer':
        this.#answer(command.how);
        return;
      case 'Resolve':
        this.#resolve();
        return;
      case 'Person':
        this.#set(command.replicas, {});
        return;
      case 'Replace':
        this.#before = this.target;
        this.target = targetFixture(this.target.specReplicas, { uid: `uid-${this.#count}` });
        return;
      case 'Edit':
        this.policy = { ...command.policy, generation: this.policy.generation + 1 };
        return;
    }
  }

  #tick({ seconds, requests, cpu, acting, lagging, trouble }: Extract<Command, { type: 'Tick' }>): void {
    this.now += seconds * SECOND;
    this.#acting = acting;
    const seen = lagging ? this.#before : this.target;
    const metrics = this.policy.spec.metrics.map(({ type }): MetricObservation => {
      if (type === 'Prometheus') return { type, total: readingOf(requests, this.now) };
      const usage = seen.pods.map(({ name }, index) => {
        const one = cpu[index % cpu.length] ?? requests;
        return { pod: name, reading: readingOf(one, this.now) };
      });
      return { type, usage };
    });
    this.send({
      type: 'Tick',
      observation: { now: this.now, target: troubled(seen, trouble), metrics, indicators: [] },
    });
  }

  #answer(how: Extract<Command, { type: 'Answer' }>['how']): void {
    const at = this.now;
    const refusal = { at, reason: 'Why', message: 'because' };
    if (how === 'Stray') {
      this.send({ type: 'Applied', decisionId: 'stray', at });
      this.send({ type: 'Refused', decisionId: 'stray', ...refusal });
      this.send({ type: 'IntentStored', decisionId: 'stray' });
      return;
    }
    const effect = this.#waiting;
    if (effect === undefined) return;
    this.#waiting = undefined;
    const { id: decisionId, to } = effect.decision;
    if (how === 'Refused') this.send({ type: 'Refused', decisionId, ...refusal });
    else if (effect.type === 'StoreIntent') this.send({ type: 'IntentStored', decisionId });
    else {
      if (how !== 'LostBefore') this.#set(to, { decisionAnnotation: decisionId });
      if (how === 'Well') this.send({ type: 'Applied', decisionId, at });
      else this.#unknown = decisionId;
    }
  }

  #resolve(): void {
    const decisionId = this.#unknown;
    if (decisionId === undefined) return;
    this.#unknown = undefined;
    const at = this.now;
    if (this.target.decisionAnnotation === decisionId) this.send({ type: 'Applied', decisionId, at });
    else this.send({ type: 'Refused', decisionId, at, reason: 'NotApplied', message: 'the answer was lost' });
  }

  #set(replicas: number, change: Partial<TargetView>): void {
    this.#before = this.target;
    const pods = podsFixture(Math.min(replicas, 50));
    this.target = { ...this.target, specReplicas: replicas, readyReplicas: replicas, pods, ...change };
  }
}

function troubled(
  target: TargetView,
  trouble: Extract<Command, { type: 'Tick' }>['trouble'],
): Observation['target'] {
  switch (trouble) {
    case 'None':
      return target;
    case 'NotFound':
    case 'Unreachable':
      return { problem: trouble, message: 'why' };
    case 'Rollout':
      return { ...target, rolloutInProgress: true };
    case 'Paused':
      return { ...target, paused: true };
    case 'Rival':
      return { ...target, ownership: { rivals: ['HorizontalPodAutoscaler/web'] } };
  }
}
