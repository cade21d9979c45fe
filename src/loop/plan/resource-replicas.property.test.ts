import fc from 'fast-check';
import type { PodUsage } from '../monitor/observation.ts';
import { POD_GROUPING } from './hpa-defaults.ts';
import { MAX_REPLICAS } from './replica-arithmetic.ts';
import { resourceReplicas, type ResourceReplicasInput } from './resource-replicas.ts';
import type { ResourceTarget } from './resource-scale.ts';

const NOW = 1_700_000_000_000;

const percent = (value: number): ResourceTarget => ({ type: 'Utilization', percent: value });

describe('resourceReplicas, for any pods and any finite numbers', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const positive = fc.double({ min: 5e-324, noNaN: true, noDefaultInfinity: true });
  const plausible = fc.double({ min: 0, max: 4, noNaN: true });
  const moment = fc.integer({ min: NOW - 900_000, max: NOW + 60_000 });
  const pod = fc.record({
    phase: fc.constantFrom('Running', 'Running', 'Running', 'Pending', 'Failed', 'Unknown'),
    ready: fc.boolean(),
    readyChangedAt: moment,
    startedAt: moment,
    deleting: fc.boolean(),
    request: fc.oneof(positive, fc.double({ min: 0.001, max: 4, noNaN: true })),
    used: fc.option(fc.oneof(finite, plausible), { nil: undefined }),
    sampledAt: moment,
  });
  const anyInput = fc
    .record({
      pods: fc.array(pod, { maxLength: 12 }),
      resource: fc.constantFrom('cpu' as const, 'memory' as const),
      target: fc.oneof(
        fc.integer({ min: 1, max: 1000 }).map(percent),
        fc
          .oneof(positive, fc.double({ min: 0.001, max: 4, noNaN: true }))
          .map((value) => ({ type: 'AverageValue', value }) as const),
      ),
      currentReplicas: fc.oneof(fc.nat(20), fc.nat(MAX_REPLICAS)),
      tolerance: fc.record({
        up: fc.double({ min: 0, max: 1, noNaN: true }),
        down: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    })
    .map(({ pods, ...rest }): ResourceReplicasInput => {
      return {
        ...rest,
        now: NOW,
        grouping: POD_GROUPING,
        pods: pods.map(({ request, phase, ready, readyChangedAt, startedAt, deleting }, index) => {
          const requests = { [rest.resource]: request };
          return {
            name: `${index}`,
            createdAt: 0,
            phase,
            ready,
            readyChangedAt,
            startedAt,
            deleting,
            requests,
          };
        }),
        usage: pods.flatMap(({ used, sampledAt }, index): PodUsage[] => {
          return used === undefined
            ? []
            : [{ pod: `${index}`, reading: { quality: 'Fresh', value: used, at: sampledAt } }];
        }),
      };
    });

  it('the answer is a whole number of replicas with finite figures, or a reason', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const result = resourceReplicas(input);
        if (!result.usable) return result.message !== '';
        const { replicas, ratio, averageValue, coverage } = result;
        const possible = Number.isInteger(replicas) && replicas >= 0 && replicas <= MAX_REPLICAS;
        return (
          possible &&
          Number.isFinite(ratio) &&
          Number.isFinite(averageValue) &&
          coverage >= 0 &&
          coverage <= 1
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('more usage never asks for fewer replicas', () => {
    fc.assert(
      fc.property(anyInput, fc.nat(11), fc.oneof(positive, plausible), (input, index, more) => {
        const raised = input.usage.map((entry, at): PodUsage => {
          if (at !== index || entry.reading.quality === 'Missing') return entry;
          const value = Math.min(Number.MAX_VALUE, Math.max(0, entry.reading.value) + more);
          return { ...entry, reading: { ...entry.reading, value } };
        });
        const [before, after] = [resourceReplicas(input), resourceReplicas({ ...input, usage: raised })];
        return (
          before.usable === after.usable &&
          (!before.usable || !after.usable || before.replicas <= after.replicas)
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('usage above target never lowers, and usage below target never raises', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const result = resourceReplicas(input);
        if (!result.usable) return true;
        const { ratio, replicas } = result;
        return (
          (ratio <= 1 || replicas >= input.currentReplicas) &&
          (ratio >= 1 || replicas <= input.currentReplicas)
        );
      }),
      { numRuns: 2000 },
    );
  });
});
