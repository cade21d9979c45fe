import { createFleetBeliefs, fleetBelief, observeFleetReward, type FleetBeliefs } from './fleet-beliefs.ts';

function observed(count: number, workloadClass: string, reward: number, fleet?: FleetBeliefs): FleetBeliefs {
  const beliefs = fleet ?? createFleetBeliefs(['Calm', 'Balanced']);
  for (let i = 0; i < count; i += 1)
    expect(observeFleetReward(beliefs, { workloadClass, arm: 'Calm', reward })).toBe(true);
  return beliefs;
}

describe('a workload that is new to an arm', () => {
  test('believes what its class has found out', () => {
    const fleet = observed(200, 'web', 0.9);
    observed(200, 'batch', 0.3, fleet);
    expect(fleetBelief(fleet, 'web', 'Calm')!.mean).toBeGreaterThan(0.85);
    expect(fleetBelief(fleet, 'batch', 'Calm')!.mean).toBeLessThan(0.35);
  });

  test('of a class that is new believes what all have', () => {
    expect(fleetBelief(observed(100, 'web', 0.9), 'queue', 'Calm')!.mean).toBeCloseTo(0.9, 9);
  });

  test('believes nothing of an arm that nobody has had', () => {
    expect(fleetBelief(observed(10, 'web', 0.9), 'web', 'Balanced')).toBeUndefined();
    expect(fleetBelief(observed(10, 'web', 0.9), 'web', 'unheard of')).toBeUndefined();
  });
});

test.each([
  ['an arm that is not there', { arm: 'unheard of', reward: 0.5 }],
  ['a reward that is no number', { arm: 'Calm', reward: NaN }],
  ['a reward above 1', { arm: 'Calm', reward: 2 }],
])('%s is refused', (_, change) => {
  const fleet = observed(3, 'web', 0.5);
  const before = structuredClone(fleet);
  expect(observeFleetReward(fleet, { workloadClass: 'web', ...change })).toBe(false);
  expect(fleet).toEqual(before);
});

test('classes without end do not fill the memory, and still count in all', () => {
  const fleet = createFleetBeliefs(['Calm']);
  for (let i = 0; i < 200; i += 1)
    observeFleetReward(fleet, { workloadClass: `class ${i}`, arm: 'Calm', reward: 0.5 });
  expect(fleet.classes.size).toBe(64);
  expect(fleetBelief(fleet, 'class 199', 'Calm')!.weight).toBeGreaterThan(150);
});
