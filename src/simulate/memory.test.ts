import { outOfMemory } from './memory.ts';
import { seededRandom } from './random.ts';
import { ReplicaPlant } from './replica-plant.ts';
import { DEFAULT_SIMULATION } from './simulation-config.ts';

const config = { idleBytes: 100, requestBytes: 10, leakBytesPerRequest: 1, limitBytes: 200 };

function plantOf(initial: number): ReplicaPlant {
  return new ReplicaPlant({ config: DEFAULT_SIMULATION, startAt: 0, random: seededRandom(1), initial });
}

describe('memory', () => {
  it.each([
    [{ served: 0, inside: 20 }, 0, 'at the limit'],
    [{ served: 0, inside: 20.1 }, 2, 'more requests inside than there is room for'],
    [{ served: 200, inside: 0 }, 0, 'leaked up to the limit'],
    [{ served: 202, inside: 0 }, 2, 'leaked beyond it'],
    [{ served: 100, inside: 10.1 }, 2, 'both together'],
  ])('with %j kills %d of two replicas: %s', (load, killed) => {
    expect(outOfMemory(plantOf(2).serving(), load, config)).toHaveLength(killed);
  });

  it('leaks with what each replica has served itself', () => {
    const plant = plantOf(2);
    const [old] = plant.serving();
    old!.served = 95;
    expect(outOfMemory(plant.serving(), { served: 20, inside: 0 }, config)).toEqual([old]);
    expect(plant.serving().map(({ served }) => served)).toEqual([105, 10]);
  });
});
