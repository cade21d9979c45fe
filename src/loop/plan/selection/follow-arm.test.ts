import fc from 'fast-check';
import { requestArmInputs } from '../../../../test/support/arm-inputs-fixture.ts';
import { armById, ARMS, type Arm } from '../arms/arm.ts';
import type { MetricArmInputs } from '../arms/arm-inputs.ts';
import type { Plan } from '../plan.ts';
import type { Proposal } from '../proposal.ts';
import { followArm } from './follow-arm.ts';

const proposal = (source: Proposal['source'], replicas: number): Proposal => ({
  source,
  metric: 'requests',
  replicas,
  detail: `${replicas}`,
});

function planFixture(change: Partial<Plan> = {}): Plan {
  return {
    proposals: [proposal('Reactive', 7), proposal('Forecast', 30)],
    reactive: 7,
    proposed: 30,
    leading: undefined,
    doubt: '',
    results: [],
    scaleDownWindowSeconds: 0,
    capacity: undefined,
    newsvendor: undefined,
    neighbours: undefined,
    ...change,
  };
}

/** 100 of demand, 10 to a replica, and a coming peak. */
const metrics = (change: Partial<MetricArmInputs> = {}): MetricArmInputs => ({
  workloadClass: 'Metrics',
  minReplicas: 1,
  maxReplicas: 100,
  floor: 10,
  loads: [{ demand: 100, target: 10, peaks: Float64Array.of(120, 130, 150, 200) }],
  ...change,
});

const arm = (id: string): Arm => armById('Metrics', id) ?? armById('Requests', id)!;
const follow = (id: string, current: number, inputs = metrics()): Plan =>
  followArm(planFixture({ reactive: inputs.floor }), { arm: arm(id), inputs, current });

describe('the plan of a selected policy', () => {
  test.each([
    ['a quantile serves that bound of the peak', 'Quantile95', 10, 15],
    ['another quantile another bound', 'Quantile99', 10, 20],
    ['a utilization serves demand as measured at its share', 'Utilization80', 5, 13],
    ['a small increase is left out by a utilization', 'Utilization80', 12, 12],
    ['a small decrease is left out', 'Quantile95', 16, 16],
    ['a large decrease is not', 'Quantile95', 30, 15],
    ['demand as measured is served, whatever the dead band', 'Utilization100', 9, 10],
  ])('%s', (_, id, current, expected) => {
    expect(follow(id, current).proposed).toBe(expected);
  });

  test('takes the place of the forecast’s, and says whose it is', () => {
    const { proposals, newsvendor, scaleDownWindowSeconds } = follow('Quantile95', 10);
    expect(proposals).toEqual([
      proposal('Reactive', 7),
      {
        source: 'Policy',
        metric: 'requests',
        replicas: 15,
        detail: '15: serves the 95 % bound of the coming peak',
      },
    ]);
    expect(newsvendor).toBeUndefined();
    expect(scaleDownWindowSeconds).toBe(300);
  });

  test.each([
    ['of a profile is what was planned with it', arm('Calm'), requestArmInputs(), 7],
    ['is the usual one while a source of demand is silent', arm('Quantile95'), undefined, 7],
    ['holds where no metric speaks', arm('Quantile95'), metrics(), undefined],
  ])('%s', (_, one, inputs, reactive) => {
    const planned = planFixture({ reactive });
    expect(followArm(planned, { arm: one, inputs, current: 5 })).toBe(planned);
  });

  test('never undercuts what is measured, nor leaves the bounds, whatever the arm', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ARMS.Metrics),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 0, max: 100 }),
        (one, demand, current, floor) => {
          const inputs = metrics({ floor, loads: [{ demand, target: 10, peaks: undefined }] });
          const { proposed } = followArm(planFixture({ reactive: floor }), { arm: one, inputs, current });
          expect(Number.isInteger(proposed)).toBe(true);
          expect(proposed).toBeGreaterThanOrEqual(floor);
          expect(proposed).toBeLessThanOrEqual(Math.max(100, current, floor));
        },
      ),
    );
  });
});
