import { NodePool } from './nodes.ts';
import { seededRandom } from './random.ts';

function poolOf(
  config: Partial<{ replicasPerNode: number; startupSeconds: number; emptySeconds: number }>,
): NodePool {
  return new NodePool({
    config: { replicasPerNode: 3, startupSeconds: 100, emptySeconds: 60, ...config },
    tickSeconds: 5,
    sigma: 0,
    random: seededRandom(1),
  });
}

describe('a pool of nodes', () => {
  it('fills the oldest node first and orders one for the first pod without room', () => {
    const pool = poolOf({});
    const nodes = [0, 0, 0, 7].map((tick) => pool.place(tick));
    expect(nodes[2]).toBe(nodes[0]);
    expect(nodes[3]).not.toBe(nodes[0]);
    expect(nodes.map(({ readyTick }) => readyTick)).toEqual([20, 20, 20, 27]);
    expect(pool.count).toBe(2);
  });

  it('gives back a node that has been empty for long enough, and no other', () => {
    const pool = poolOf({});
    const node = pool.place(0, true);
    pool.place(0);
    pool.leave(node, 100);
    pool.advanceTo(200);
    expect(pool.count).toBe(1);
    pool.leave(node, 200);
    pool.advanceTo(211);
    expect(pool.count).toBe(1);
    pool.advanceTo(212);
    expect(pool.count).toBe(0);
  });

  it('does not count the time before an ordered node is there as empty', () => {
    const pool = poolOf({});
    const node = pool.place(0);
    pool.leave(node, 1);
    pool.advanceTo(31);
    expect(pool.count).toBe(1);
    pool.advanceTo(32);
    expect(pool.count).toBe(0);
  });

  it('loses the node that the number points at', () => {
    const pool = poolOf({ replicasPerNode: 1 });
    const nodes = [0, 1, 2, 3].map((tick) => pool.place(tick));
    expect(pool.lose(0.6)).toBe(nodes[2]);
    expect(pool.lose(0.999)).toBe(nodes[3]);
    expect(pool.count).toBe(2);
  });

  it('that has no node has none to lose', () => {
    expect(poolOf({}).lose(0.5)).toBeUndefined();
  });

  it.each([
    [{ replicasPerNode: 0 }, /nodes.replicasPerNode must be a whole number of at least 1, found 0/],
    [{ replicasPerNode: 2.5 }, /found 2.5/],
    [{ startupSeconds: 0 }, /nodes.startupSeconds must be above 0/],
  ])('refuses %j', (config, message) => {
    expect(() => poolOf(config)).toThrow(message);
  });
});
