import { planFaults } from './faults.ts';
import { DEFAULT_SIMULATION, type FaultConfig, type SimulationConfig } from './simulation-config.ts';

const DAY_TICKS = 17_280;
const weeks = 10;
const ticks = weeks * 7 * DAY_TICKS;
const nodes = { replicasPerNode: 4, startupSeconds: 60, emptySeconds: 600 };
const nothing: FaultConfig = { blackoutSecondsPerDay: 0, nodeLossesPerWeek: 0, refusedWriteShare: 0 };

function withFaults(faults: Partial<FaultConfig>): SimulationConfig {
  return { ...DEFAULT_SIMULATION, nodes, faults: { ...nothing, ...faults } };
}

describe('the plan of what fails', () => {
  it.each([
    ['no faults are configured', DEFAULT_SIMULATION],
    ['all of them are 0', withFaults({})],
  ])('is empty when %s', (_, config) => {
    const plan = planFaults(config, DAY_TICKS, 1);
    expect(plan.blackouts).toEqual([]);
    expect(plan.nodeLosses).toEqual([]);
    expect(Array.from({ length: 5760 }, (__, i) => plan.refusesWrite(i))).not.toContain(true);
  });

  it('has one blackout in each day, as long as asked for, at different hours', () => {
    const { blackouts } = planFaults(withFaults({ blackoutSecondsPerDay: 300 }), ticks, 1);
    expect(blackouts).toHaveLength(weeks * 7);
    const quarters = new Set<number>();
    for (const [day, { fromTick, toTick }] of blackouts.entries()) {
      expect(toTick - fromTick).toBe(60);
      expect(Math.floor(fromTick / DAY_TICKS)).toBe(day);
      expect(Math.floor((toTick - 1) / DAY_TICKS)).toBe(day);
      quarters.add(Math.floor((fromTick % DAY_TICKS) / (DAY_TICKS / 4)));
    }
    expect(quarters.size).toBe(4);
  });

  it('loses about as many nodes as asked for, in order of time', () => {
    const { nodeLosses } = planFaults(withFaults({ nodeLossesPerWeek: 15 }), ticks, 1);
    // 150 are expected, ±3 standard deviations of a Poisson count.
    expect(Math.abs(nodeLosses.length - 150)).toBeLessThan(37);
    const times = nodeLosses.map(({ tick }) => tick);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every((tick) => tick >= 0 && tick < ticks)).toBe(true);
  });

  it('refuses the share of writes that is asked for', () => {
    const plan = planFaults(withFaults({ refusedWriteShare: 0.2 }), ticks, 1);
    const decisions = ticks / 3;
    let refused = 0;
    for (let i = 0; i < decisions; i += 1) if (plan.refusesWrite(i)) refused += 1;
    expect(refused / decisions).toBeCloseTo(0.2, 2);
  });

  it('is the same for the same seed, and each fault the same whatever else fails', () => {
    const all = planFaults(withFaults({ blackoutSecondsPerDay: 300, nodeLossesPerWeek: 15 }), ticks, 1);
    const one = planFaults(withFaults({ nodeLossesPerWeek: 15 }), ticks, 1);
    expect(one.nodeLosses).toEqual(all.nodeLosses);
    expect(planFaults(withFaults({ nodeLossesPerWeek: 15 }), ticks, 2).nodeLosses).not.toEqual(
      one.nodeLosses,
    );
  });

  it('needs nodes to lose', () => {
    const config = { ...DEFAULT_SIMULATION, faults: { ...nothing, nodeLossesPerWeek: 1 } };
    expect(() => planFaults(config, ticks, 1)).toThrow(/needs nodes that can be lost: configure nodes too/);
  });
});
