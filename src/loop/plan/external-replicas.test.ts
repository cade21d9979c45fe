import fc from 'fast-check';
import { externalReplicas, type ExternalReplicasInput } from './external-replicas.ts';
import { MAX_REPLICAS } from './replica-arithmetic.ts';

const TOLERANCE = { up: 0.1, down: 0.1 };

function replicasOf(input: ExternalReplicasInput): number {
  const result = externalReplicas(input);
  if (!result.usable) throw new Error(result.message);
  return result.replicas;
}

describe('externalReplicas', () => {
  // kubernetes v1.36.3 replica_calculator_test.go: the External and Object cases with a target per pod. Usage there
  // is in thousandths; the last column is the expected mean of one pod, rounded up there.
  test.each([
    ['ScaleUpPerPodCMExternal', 3, 8600, 2150, TOLERANCE, 4, 2867],
    ['ScaleUpCMPerPodObject', 3, 20000, 5000, TOLERANCE, 4, 6667],
    ['ScaleDownPerPodCMExternal', 5, 8600, 2867, TOLERANCE, 3, 1720],
    ['ScaleDownPerPodCMObject', 5, 6000, 2000, TOLERANCE, 3, 1200],
    ['TolerancePerPodCMExternal', 3, 8600, 2900, TOLERANCE, 3, 2867],
    ['TolerancePerPodCMObject', 4, 20166, 5000, TOLERANCE, 4, 5042],
    ['ConfigurableTolerancePerPodCMExternal', 3, 8600, 2800, { up: 0.01, down: 0.1 }, 4, 2867],
    ['ConfigurableTolerancePerPodCMObject', 4, 20208, 5000, { up: 0.01, down: 0.1 }, 5, 5052],
    ['ExternalPerPodMetricUsageOverflow', 1, 2 ** 63, 2 ** 63, TOLERANCE, 1, 2 ** 63],
    ['ExternalPerPodMetricReplicaOverflow', 1, 2 ** 63, 1, TOLERANCE, MAX_REPLICAS, 2 ** 63],
  ] as const)(
    'computes the published case %s',
    (...[, currentReplicas, total, target, tolerance, replicas, usage]) => {
      const result = externalReplicas({
        total: total / 1000,
        targetPerReplica: target / 1000,
        currentReplicas,
        tolerance,
      });
      expect(result).toMatchObject({ usable: true, replicas, coverage: 1 });
      expect(result.usable && Math.ceil(result.averageValue * 1000)).toBe(usage);
    },
  );

  test.each([
    ['a total that is an exact multiple asks for no spare replica', 0.9, 0.3, 1, 3],
    ['targets far below one thousandth keep their precision', 0.0004, 0.0001, 1, 4],
    ['no load asks for nothing', 0, 10, 4, 0],
    ['a workload at 0 ignores the tolerance', 10, 10, 0, 1],
    ['a workload at 0 without load stays at 0', 0, 10, 0, 0],
    ['a quotient beyond every double asks for the most', 1e308, 1e-308, 3, MAX_REPLICAS],
  ])('%s', (...[, total, targetPerReplica, currentReplicas, replicas]) => {
    expect(replicasOf({ total, targetPerReplica, currentReplicas, tolerance: TOLERANCE })).toBe(replicas);
  });

  it('says the division in words', () => {
    const sum = externalReplicas({
      total: 412.25,
      targetPerReplica: 50,
      currentReplicas: 3,
      tolerance: TOLERANCE,
    });
    expect(sum).toMatchObject({ detail: 'ceil(412.3 ÷ 50) = 9' });
    const calm = externalReplicas({
      total: 155,
      targetPerReplica: 50,
      currentReplicas: 3,
      tolerance: TOLERANCE,
    });
    expect(calm).toMatchObject({ detail: '3: 155 ÷ 50 is within the tolerance' });
  });

  test.each([0, -1, NaN])('has no answer for a target of %p', (targetPerReplica) => {
    const result = externalReplicas({ total: 1, targetPerReplica, currentReplicas: 1, tolerance: TOLERANCE });
    expect(result).toMatchObject({ usable: false, reason: 'InvalidTarget' });
  });

  test.each([NaN, Infinity, -Infinity])('has no answer for a total of %p', (total) => {
    const result = externalReplicas({ total, targetPerReplica: 1, currentReplicas: 1, tolerance: TOLERANCE });
    expect(result).toMatchObject({ usable: false, reason: 'NotANumber' });
  });

  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const positive = fc.double({ min: 5e-324, noNaN: true, noDefaultInfinity: true });
  const anyInput = fc.record({
    total: finite,
    targetPerReplica: positive,
    currentReplicas: fc.nat(MAX_REPLICAS),
    tolerance: fc.record({
      up: fc.double({ min: 0, max: 2, noNaN: true }),
      down: fc.double({ min: 0, max: 2, noNaN: true }),
    }),
  });

  it('gives a whole number of replicas and finite figures for any finite input', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const result = externalReplicas(input);
        return (
          result.usable &&
          Number.isInteger(result.replicas) &&
          result.replicas >= 0 &&
          result.replicas <= MAX_REPLICAS &&
          Number.isFinite(result.ratio) &&
          Number.isFinite(result.averageValue)
        );
      }),
    );
  });

  it('never asks for fewer replicas when the total is higher', () => {
    fc.assert(
      fc.property(anyInput, finite, (input, other) => {
        const [low, high] = other < input.total ? [other, input.total] : [input.total, other];
        return replicasOf({ ...input, total: low }) <= replicasOf({ ...input, total: high });
      }),
    );
  });
});
