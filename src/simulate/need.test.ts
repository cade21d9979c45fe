import fc from 'fast-check';
import { probabilityOfWaitBeyond } from '../loop/plan/erlang-c.ts';
import { ReplicaNeed } from './need.ts';
import { DEFAULT_SIMULATION, type SimulationConfig } from './simulation-config.ts';

const need = new ReplicaNeed(DEFAULT_SIMULATION);

function withService(service: Partial<SimulationConfig['service']>): SimulationConfig {
  return { ...DEFAULT_SIMULATION, service: { ...DEFAULT_SIMULATION.service, ...service } };
}

describe('the replicas that a rate needs', () => {
  it('are the fewest that keep Erlang C within the objective', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2300, noNaN: true }), (arrivalRate) => {
        const servers = need.at(arrivalRate);
        const slow = (count: number): number =>
          probabilityOfWaitBeyond({ arrivalRate, serviceRate: 10, servers: count }, 0.3);
        expect(slow(servers)).toBeLessThanOrEqual(0.01 + 1e-9);
        if (servers > 1) expect(slow(servers - 1)).toBeGreaterThan(0.01);
      }),
    );
  });

  it.each([
    [0, 1, 'no load still has one replica'],
    [1e6, 250, 'more than the bounds allow is not needed'],
  ])('of %d requests per second are %d: %s', (rate, replicas) => {
    expect(need.at(rate)).toBe(replicas);
  });

  it('are at least the configured minimum', () => {
    const config = { ...DEFAULT_SIMULATION, bounds: { minReplicas: 7, maxReplicas: 50 } };
    expect(new ReplicaNeed(config).at(1)).toBe(7);
    expect(new ReplicaNeed(config).at(300)).toBe(need.at(300));
  });

  it('are more behind a random balancer, by its own closed form', () => {
    const split = new ReplicaNeed(withService({ discipline: 'split' })).at(100);
    const slow = (servers: number): number => {
      const rate = 100 / servers;
      return (rate / 10) * Math.exp(-(10 - rate) * 0.3);
    };
    expect(split).toBeGreaterThan(need.at(100));
    expect(slow(split)).toBeLessThanOrEqual(0.01);
    expect(slow(split - 1)).toBeGreaterThan(0.01);
  });

  it('are fewer when service times are constant, and more when they vary widely', () => {
    expect(new ReplicaNeed(withService({ squaredVariation: 0 })).at(300)).toBeLessThan(need.at(300));
    expect(new ReplicaNeed(withService({ squaredVariation: 4 })).at(300)).toBeGreaterThan(need.at(300));
  });
});
