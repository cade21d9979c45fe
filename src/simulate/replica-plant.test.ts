import { NodePool } from './nodes.ts';
import { seededRandom } from './random.ts';
import { ReplicaPlant, type PlantOptions } from './replica-plant.ts';
import { DEFAULT_SIMULATION } from './simulation-config.ts';

const startAt = Date.UTC(2024, 5, 3);

/** Start-up takes exactly 20 s = 4 ticks unless said otherwise. */
function plantOf(initial: number, options: Partial<PlantOptions> = {}): ReplicaPlant {
  const config = { ...DEFAULT_SIMULATION, startup: { medianSeconds: 20, sigma: 0 } };
  return new ReplicaPlant({ config, startAt, random: seededRandom(1), initial, ...options });
}

describe('replicas that are asked for', () => {
  it('are paid for at once and serve from the tick nearest to their start-up time on', () => {
    const plant = plantOf(2);
    plant.scaleTo(5, 10);
    plant.advanceTo(13);
    expect(plant).toMatchObject({ replicas: 5, ready: 2, starting: 3, existing: 5 });
    plant.advanceTo(14);
    expect(plant).toMatchObject({ replicas: 5, ready: 5, starting: 0, existing: 5 });
  });

  it.each([
    [1, 1, 'never at once'],
    [7, 1, 'rounded down'],
    [8, 2, 'rounded up'],
  ])('of %d s serve after %d ticks: %s', (medianSeconds, ticks) => {
    const config = { ...DEFAULT_SIMULATION, startup: { medianSeconds, sigma: 0 } };
    const plant = plantOf(1, { config });
    plant.scaleTo(2, 0);
    plant.advanceTo(ticks - 1);
    expect(plant.ready).toBe(1);
    plant.advanceTo(ticks);
    expect(plant.ready).toBe(2);
  });

  it('take lognormal times: half of them the median, and equal luck for equal seeds', () => {
    const seconds = (seed: number): number[] => {
      const plant = plantOf(1, { config: DEFAULT_SIMULATION, random: seededRandom(seed) });
      plant.scaleTo(2001, 0);
      for (let tick = 1; plant.starting > 0; tick += 1) plant.advanceTo(tick);
      return plant.views
        .slice(1)
        .map(({ readyChangedAt = NaN, createdAt }) => (readyChangedAt - createdAt) / 1000);
    };
    const drawn = seconds(3).sort((a, b) => a - b);
    expect(drawn[1000]).toBe(20);
    // The 97.7th percentile is e^(2σ) medians: 44.5 s.
    expect(Math.abs((drawn[1954] ?? 0) - 44.5)).toBeLessThan(4);
    expect(seconds(3)).toEqual(seconds(3));
  });
});

describe('replicas that are given up', () => {
  it('are the youngest starting ones first, which are gone at once', () => {
    const plant = plantOf(2);
    plant.scaleTo(3, 0);
    plant.scaleTo(4, 1);
    plant.scaleTo(3, 2);
    expect(plant.views.map(({ name }) => name)).toEqual(['sim-0', 'sim-1', 'sim-2']);
    expect(plant.existing).toBe(3);
  });

  it('then the youngest ready ones, which are paid for during their termination and do not serve', () => {
    const plant = plantOf(4);
    plant.scaleTo(5, 0);
    plant.scaleTo(2, 1);
    expect(plant).toMatchObject({ replicas: 2, ready: 2, starting: 0, existing: 4 });
    expect(plant.views.map(({ name }) => name)).toEqual(['sim-0', 'sim-1']);
    plant.advanceTo(6);
    expect(plant.existing).toBe(4);
    plant.advanceTo(7);
    expect(plant.existing).toBe(2);
  });

  it('leave what serves alone while there are starting ones to give up', () => {
    const plant = plantOf(1);
    plant.scaleTo(9, 0);
    plant.scaleTo(1, 1);
    expect(plant).toMatchObject({ ready: 1, replicas: 1 });
  });
});

describe('the pods that scalers see', () => {
  it('are one list until something changes, oldest first, each with one core', () => {
    const plant = plantOf(1);
    const before = plant.views;
    plant.advanceTo(3);
    plant.scaleTo(1, 3);
    expect(plant.views).toBe(before);
    plant.scaleTo(2, 4);
    expect(plant.views).not.toBe(before);
    expect(plant.views[0]).toBe(before[0]);
    expect(plant.views[1]).toEqual({
      name: 'sim-1',
      phase: 'Pending',
      ready: false,
      createdAt: startAt + 20_000,
      deleting: false,
      requests: { cpu: 1 },
    });
    plant.advanceTo(8);
    expect(plant.views[1]).toMatchObject({
      phase: 'Running',
      ready: true,
      startedAt: startAt + 20_000,
      readyChangedAt: startAt + 40_000,
    });
  });

  it('that were there before the simulation have long been ready', () => {
    const { createdAt, readyChangedAt = NaN } = plantOf(1).views[0] ?? { createdAt: NaN };
    expect(readyChangedAt).toBe(startAt - 3_600_000);
    expect(readyChangedAt - createdAt).toBe(20_000);
  });
});

describe('a replica whose container is killed', () => {
  it('stays, does not serve for a start-up time, and has forgotten what it served', () => {
    const plant = plantOf(2);
    const [first] = plant.serving();
    first!.served = 100;
    plant.restart(first!, 5);
    expect(plant).toMatchObject({ ready: 1, starting: 1, existing: 2 });
    expect(plant.views[0]).toMatchObject({
      phase: 'Running',
      ready: false,
      readyChangedAt: startAt + 25_000,
    });
    plant.advanceTo(9);
    expect(plant).toMatchObject({ ready: 2, existing: 2 });
    expect(plant.serving()[0]?.served).toBe(0);
  });
});

describe('replicas on nodes', () => {
  const onNodes = (initial: number): { plant: ReplicaPlant; nodes: NodePool } => {
    const nodes = new NodePool({
      config: { replicasPerNode: 2, startupSeconds: 50, emptySeconds: 60 },
      tickSeconds: 5,
      sigma: 0,
      random: seededRandom(2),
    });
    return { plant: plantOf(initial, { nodes }), nodes };
  };

  it('start at once where there is room, and after the node where there is none', () => {
    const { plant, nodes } = onNodes(3);
    expect(nodes.count).toBe(2);
    plant.scaleTo(5, 0);
    expect(nodes.count).toBe(3);
    plant.advanceTo(4);
    expect(plant.ready).toBe(4);
    plant.advanceTo(13);
    expect(plant.ready).toBe(4);
    plant.advanceTo(14);
    expect(plant.ready).toBe(5);
    expect(plant.views.at(-1)).toMatchObject({ createdAt: startAt, startedAt: startAt + 50_000 });
  });

  it('hold their room until they are gone', () => {
    const { plant, nodes } = onNodes(2);
    plant.scaleTo(1, 0);
    plant.scaleTo(2, 1);
    expect(nodes.count).toBe(2);
    plant.scaleTo(1, 2);
    plant.advanceTo(6);
    plant.scaleTo(2, 6);
    expect(nodes.count).toBe(2);
    plant.advanceTo(10);
    expect(plant.ready).toBe(2);
  });

  it('die with their node and are created again elsewhere', () => {
    const { plant, nodes } = onNodes(4);
    plant.scaleTo(3, 0);
    const lost = nodes.lose(0);
    plant.loseNode(lost!, 1);
    // Two died; one finds no room beside the third and the one that still terminates there.
    expect(plant).toMatchObject({ replicas: 3, ready: 1, starting: 2, existing: 4 });
    expect(plant.views.map(({ name }) => name)).toEqual(['sim-2', 'sim-4', 'sim-5']);
    plant.advanceTo(15);
    expect(plant).toMatchObject({ ready: 3, existing: 3 });
  });
});
