import fc from 'fast-check';

import { ARM_SERVICE, requestArmInputs } from '../../../../test/support/arm-inputs-fixture.ts';
import { replicasServing } from '../capacity/replicas-serving.ts';
import { ARMS, BASELINE_ARM, MAX_ARMS, type Arm } from './arm.ts';
import type { MetricArmInputs, RequestArmInputs } from './arm-inputs.ts';
import { armReplicas } from './arm-replicas.ts';

const requests = (change: Partial<RequestArmInputs> = {}): RequestArmInputs =>
  requestArmInputs({
    peaks: Float64Array.of(60, 70, 80, 100),
    stock: {
      demands: {
        up: Float64Array.of(40, 60, 90),
        hold: Float64Array.of(40, 50, 70),
        weights: Float64Array.of(0.5, 0.4, 0.1),
      },
      price: { penalty: 15, margin: 1, pressure: 0 },
      orderUpTo: 9,
    },
    ...change,
  });

const metrics = (change: Partial<MetricArmInputs> = {}): MetricArmInputs => ({
  workloadClass: 'Metrics',
  minReplicas: 1,
  maxReplicas: 100,
  floor: 5,
  loads: [{ demand: 50, target: 10, peaks: Float64Array.of(60, 70, 80, 100) }],
  ...change,
});

const arm = (id: string, workloadClass: 'Requests' | 'Metrics' = 'Requests'): Arm =>
  ARMS[workloadClass].find((one) => one.id === id)!;

describe('an arm', () => {
  test.each([
    ['Utilization50', 10],
    ['Utilization60', 8],
    ['Utilization80', 6],
  ])('%s of a workload with requests runs its replicas at that share of their capacity', (id, replicas) => {
    expect(armReplicas(arm(id), requests(), 3)).toBe(replicas);
  });

  test.each([
    ['Quantile80', 60],
    ['Quantile95', 80],
    ['Quantile99', 100],
  ])('%s serves that peak within the objective', (id, peak) => {
    expect(armReplicas(arm(id), requests(), 3)).toBe(replicasServing(peak, ARM_SERVICE, 0.01));
  });

  test('of the newsvendor orders what every profile orders, and keeps by its own cost of giving back', () => {
    expect(armReplicas(arm('Responsive'), requests(), 5)).toBe(9);
    const many = (id: string): number => armReplicas(arm(id), requests(), 30);
    expect(many('Calm')).toBeGreaterThanOrEqual(many('Balanced'));
    expect(many('Balanced')).toBeGreaterThanOrEqual(many('Responsive'));
  });

  test.each(['Responsive', 'Calm', 'Quantile80', 'Quantile99'])(
    '%s without a forecast serves demand as measured',
    (id) => {
      expect(armReplicas(arm(id), requests({ peaks: undefined, stock: undefined }), 3)).toBe(7);
    },
  );

  test.each([
    ['Utilization100', 5],
    ['Utilization70', 8],
    ['Quantile95', 8],
  ])('%s of metrics divides by the target', (id, replicas) => {
    expect(armReplicas(arm(id, 'Metrics'), metrics(), 3)).toBe(replicas);
  });

  test('follows the metric that asks for most', () => {
    const loads = [
      { demand: 50, target: 10, peaks: undefined },
      { demand: 9, target: 1, peaks: undefined },
    ];
    expect(armReplicas(arm('Utilization100', 'Metrics'), metrics({ loads }), 3)).toBe(9);
  });

  test('is known by its name, and one of each class is what the others are measured against', () => {
    for (const [name, arms] of Object.entries(ARMS)) {
      const ids = arms.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeLessThanOrEqual(MAX_ARMS);
      expect(ids).toContain(BASELINE_ARM[name as keyof typeof ARMS]);
    }
  });

  test('never leaves the policy’s bounds, and asks for no fewer when demand is larger', () => {
    const load = fc.double({ min: 0, max: 1e12, noNaN: true });
    const property = fc.property(
      load,
      load,
      fc.integer({ min: 1, max: 500 }),
      fc.boolean(),
      (a, b, current, known) => {
        const at = (demand: number): readonly number[] => {
          const peaks = known ? Float64Array.of(demand, 1.1 * demand, 1.2 * demand, 1.5 * demand) : undefined;
          const floor = replicasServing(demand, ARM_SERVICE, 0.01)!;
          const inputs = requests({ demand, peaks, floor, stock: undefined });
          return ARMS.Requests.map((one) => armReplicas(one, inputs, current));
        };
        const fewer = at(Math.min(a, b));
        const more = at(Math.max(a, b));
        for (const [index, replicas] of fewer.entries()) {
          expect(replicas).toBeGreaterThanOrEqual(1);
          expect(more[index]).toBeLessThanOrEqual(100);
          expect(replicas).toBeLessThanOrEqual(more[index]!);
        }
      },
    );
    fc.assert(property);
  });
});
