import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { anyCommand, anyPolicy, LoopChaos, type Stepped } from '../../test/support/loop-chaos.ts';
import { environmentFixture, fresh, total } from '../../test/support/loop-fixtures.ts';
import type { Decision } from './execute/decision.ts';
import type { LoopEffect } from './loop-effect.ts';
import { MIN_COVERAGE } from './monitor/demand.ts';
import type { Planning } from './report.ts';
import { step } from './step.ts';

const commands = fc.array(anyCommand, { minLength: 10, maxLength: 60 });
const replicas = fc.integer({ min: 1, max: 50 });

/** Every decision that a step took or proposed, with that step. */
function decisions(steps: readonly Stepped[]): readonly { decision: Decision; step: Stepped }[] {
  return steps.flatMap((one) =>
    one.effects.flatMap((effect) =>
      effect.type === 'StoreIntent' || effect.type === 'RecordProposal'
        ? [{ decision: effect.decision, step: one }]
        : [],
    ),
  );
}

/** Checks something of every decision that any policy takes in any world. */
function forAllDecisions(check: (decision: Decision, step: Stepped) => void): void {
  let seen = 0;
  const property = fc.property(anyPolicy, replicas, commands, (policy, start, events) => {
    for (const { decision, step: one } of decisions(new LoopChaos(policy, start).run(events).steps)) {
      seen += 1;
      check(decision, one);
    }
  });
  fc.assert(property, { numRuns: 150 });
  expect(seen).toBeGreaterThan(60);
}

describe('whatever happens, a decision', () => {
  test('is a whole number of replicas within the range, and a change', () => {
    forAllDecisions(({ from, to, action }, { environment }) => {
      const { minReplicas, maxReplicas } = environment.policy.spec.horizontal;
      expect(Number.isInteger(to)).toBe(true);
      expect(to).toBeGreaterThanOrEqual(minReplicas);
      expect(to).toBeLessThanOrEqual(maxReplicas);
      expect(action).toBe(to > from ? 'ScaleUp' : 'ScaleDown');
      expect(to).not.toBe(from);
    });
  });

  test('is a decrease only when every metric is fresh and covers the pods, and nothing rolls out', () => {
    forAllDecisions(({ action }, { report }) => {
      if (action === 'ScaleUp') return;
      for (const { total: measured, coverage } of report?.monitoring?.metrics ?? []) {
        expect(measured.quality).toBe('Fresh');
        expect(coverage).toBeGreaterThanOrEqual(MIN_COVERAGE);
      }
      expect(report?.planning?.results.map(({ usable }) => usable)).not.toContain(false);
      expect(report?.target).toMatchObject({ rolloutInProgress: false });
    });
  });

  test('is never more than a metric, a forecast or the range asks for', () => {
    forAllDecisions(({ action, to, proposals }, { environment }) => {
      if (action === 'ScaleDown') return;
      const wanted = proposals.map((proposal) => proposal.replicas);
      expect(to).toBeLessThanOrEqual(Math.max(...wanted, environment.policy.spec.horizontal.minReplicas));
    });
  });

  test('is never begun by a process that may not act, nor against an objection', () => {
    forAllDecisions((_decision, { environment, report, effects }) => {
      if (effects.every(({ type }) => type !== 'StoreIntent')) return;
      expect(environment.acting).toBe(true);
      expect(environment.policy.spec).toMatchObject({ mode: 'Apply', suspend: false });
      expect(report?.planning?.objection).toBeUndefined();
      expect(report?.target).toMatchObject({ paused: false, ownership: { rivals: [] } });
    });
  });
});

type Ending = Extract<LoopEffect, { type: 'RecordClosed' | 'RecordAborted' }>;
const isEnding = (effect: LoopEffect): effect is Ending =>
  effect.type === 'RecordClosed' || effect.type === 'RecordAborted';

describe('whatever happens, an intent', () => {
  test('has exactly one ending, and Aborted never follows Applied', () => {
    let ended = 0;
    const property = fc.property(anyPolicy, replicas, commands, (policy, start, events) => {
      const effects = new LoopChaos(policy, start)
        .run(events)
        .settle()
        .steps.flatMap((one) => one.effects);
      const begun = effects.flatMap((effect) => (effect.type === 'StoreIntent' ? [effect.decision.id] : []));
      const endings = effects.filter(isEnding);
      const applied = effects.flatMap((effect) =>
        effect.type === 'RecordApplied' ? [effect.decision.id] : [],
      );
      expect(endings.map(({ closed }) => closed.decision.id)).toEqual(begun);
      for (const { type, closed } of endings) {
        expect(applied.includes(closed.decision.id)).toBe(type === 'RecordClosed');
      }
      ended += endings.length;
    });
    fc.assert(property, { numRuns: 400 });
    expect(ended).toBeGreaterThan(100);
  });

  test('is alone on its way', () => {
    const property = fc.property(anyPolicy, replicas, commands, (policy, start, events) => {
      let onItsWay: string | undefined;
      for (const effect of new LoopChaos(policy, start).run(events).steps.flatMap((one) => one.effects)) {
        if (effect.type === 'StoreIntent') {
          expect(onItsWay).toBeUndefined();
          onItsWay = effect.decision.id;
        }
        if (effect.type === 'ApplyReplicas') expect(effect.decision.id).toBe(onItsWay);
        if (effect.type === 'RecordApplied' || effect.type === 'RecordAborted') onItsWay = undefined;
      }
    });
    fc.assert(property, { numRuns: 100 });
  });
});

/** Equal to the last bit, typed arrays and NaN included; copies, because a copy has another realm's prototypes. */
function same(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(structuredClone(a), structuredClone(b));
}

describe('the loop', () => {
  test('does the same for the same events, down to the last bit of its state', () => {
    const property = fc.property(anyPolicy, replicas, commands, (policy, start, events) => {
      const [once, again] = [
        new LoopChaos(policy, start).run(events),
        new LoopChaos(policy, start).run(events),
      ];
      expect(same(once.steps, again.steps)).toBe(true);
      expect(same(once.state, again.state)).toBe(true);
    });
    fc.assert(property, { numRuns: 50 });
  });

  test('replays what happened to the same end, from the events alone', () => {
    const property = fc.property(anyPolicy, replicas, commands, (policy, start, events) => {
      const lived = new LoopChaos(policy, start);
      let state = structuredClone(lived.state);
      lived.run(events);
      for (const { event, environment } of lived.steps) state = step(state, event, environment).state;
      expect(same(state, lived.state)).toBe(true);
    });
    fc.assert(property, { numRuns: 50 });
  });

  test('goes on with a copy of its state as with the state itself', () => {
    const property = fc.property(anyPolicy, replicas, commands, (policy, start, events) => {
      const half = Math.floor(events.length / 2);
      const lived = new LoopChaos(policy, start).run(events.slice(0, half));
      const { steps } = lived;
      lived.state = structuredClone(lived.state);
      lived.run(events.slice(half));
      expect(same(steps, new LoopChaos(policy, start).run(events).steps)).toBe(true);
    });
    fc.assert(property, { numRuns: 50 });
  });

  test('never recommends less for more demand, from the same state, save where a fall is too sudden to be believed', () => {
    const demand = fc.oneof(fc.double({ min: 0, max: 3000, noNaN: true }), fc.constantFrom(0, 1e30, 1e308));
    const property = fc.property(
      anyPolicy,
      replicas,
      commands,
      fc.tuple(demand, demand),
      (policy, start, events, pair) => {
        const lived = new LoopChaos(policy, start).run(events);
        // The forecast is left out: that a series which jumps up is expected to come down again is what it may learn.
        const spec = {
          ...lived.policy.spec,
          forecast: { ...policy.spec.forecast, mode: 'Disabled' as const },
        };
        const now = lived.now + 15_000;
        const environment = environmentFixture({ now, policy: { ...lived.policy, spec } });
        const planned = (requests: number): Planning | undefined => {
          const metrics = spec.metrics.map(({ type }) => {
            if (type === 'Prometheus') return total(fresh(requests, now));
            const usage = lived.target.pods.map(({ name }) => ({
              pod: name,
              reading: fresh(requests / 1000, now),
            }));
            return { type, usage } as const;
          });
          const observation = { now, target: lived.target, metrics, indicators: [] };
          const { report } = step(structuredClone(lived.state), { type: 'Tick', observation }, environment);
          return report?.planning;
        };
        const [less, more] = [Math.min(...pair), Math.max(...pair)];
        const [few, many] = [planned(less), planned(more)];
        const doubted = few?.guards.find(({ guard }) => guard === 'SuddenDrop')?.outcome;
        // A fall to nothing is waited for, one to a fifth is not: there, less demand keeps more replicas.
        if (doubted !== 'Pass') return;
        expect(many?.recommended).toBeGreaterThanOrEqual(few?.recommended ?? Infinity);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});
