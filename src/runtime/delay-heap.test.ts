import fc from 'fast-check';
import { DelayHeap } from './delay-heap.ts';

describe('DelayHeap', () => {
  it('gives keys in the order of their soonest times, each once', () => {
    const entry = fc.tuple(fc.integer({ min: 0, max: 20 }).map(String), fc.integer({ min: 0, max: 1000 }));
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const heap = new DelayHeap();
        const soonest = new Map<string, number>();
        for (const [key, at] of entries) {
          heap.add(key, at);
          soonest.set(key, Math.min(at, soonest.get(key) ?? Infinity));
        }
        const taken: number[] = [];
        const keys: string[] = [];
        for (let key = heap.takeDue(Infinity); key !== undefined; key = heap.takeDue(Infinity)) {
          keys.push(key);
          taken.push(soonest.get(key) ?? NaN);
        }
        expect(keys.sort()).toEqual([...soonest.keys()].sort());
        expect(taken).toEqual([...taken].sort((a, b) => a - b));
      }),
    );
  });

  it('keeps back what is not due', () => {
    const heap = new DelayHeap();
    heap.add('a', 10);
    expect([heap.takeDue(9), heap.nextAt, heap.takeDue(10), heap.nextAt]).toEqual([
      undefined,
      10,
      'a',
      undefined,
    ]);
  });
});
