import fc from 'fast-check';
import { ManualClock, settle } from '../../test/support/manual-clock.ts';
import { WorkQueue, type WorkQueueMetrics } from './work-queue.ts';

let clock: ManualClock;
let queue: WorkQueue;

beforeEach(() => {
  clock = new ManualClock();
  queue = new WorkQueue({ clock });
});

/** Everything that is ready now, taken and left in process. */
async function takeAll(): Promise<(string | undefined)[]> {
  const keys: (string | undefined)[] = [];
  while (queue.depth > 0) keys.push(await queue.get());
  return keys;
}

describe('WorkQueue', () => {
  it('gives keys in the order in which they came, each once', async () => {
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
    expect(await takeAll()).toEqual(['a', 'b', 'c']);
  });

  it('does not give a key that is being worked on; gives it again, once, when that is done', async () => {
    queue.add('a');
    await queue.get();
    queue.add('a');
    queue.add('a');
    expect(queue.depth).toBe(0);
    queue.done('a');
    expect(await takeAll()).toEqual(['a']);
    queue.done('a');
    expect(queue.depth).toBe(0);
  });

  it('hands a key to whoever waits, first come, first served', async () => {
    const given = [queue.get(), queue.get()];
    queue.add('a');
    queue.add('b');
    expect(await Promise.all(given)).toEqual(['a', 'b']);
  });

  it('ignores done for a key that nobody took', () => {
    queue.add('a');
    queue.done('a');
    expect(queue.depth).toBe(1);
  });

  it('adds after a delay, and sooner when asked again for sooner', async () => {
    queue.addAfter('a', 1000);
    queue.addAfter('b', 500);
    queue.addAfter('a', 100);
    queue.addAfter('a', 2000);
    await clock.advance(99);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    expect(await takeAll()).toEqual(['a']);
    await clock.advance(400);
    expect(await takeAll()).toEqual(['b']);
    await clock.advance(5000);
    expect(queue.depth).toBe(0);
  });

  it('adds at once when the delay is nothing', () => {
    queue.addAfter('a', 0);
    queue.addAfter('b', -1);
    expect(queue.depth).toBe(2);
  });

  it('delays a failed key longer each time, until it is forgotten', async () => {
    const delays: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      queue.addRateLimited('a');
      delays.push(clock.sleeping[0] ?? NaN);
      await clock.advance(10_000);
      await queue.get();
      queue.done('a');
    }
    expect(delays).toEqual([5, 10, 20, 40]);
    expect(queue.failures('a')).toBe(4);
    queue.forget('a');
    expect(queue.failures('a')).toBe(0);
  });

  it('after shutdown takes nothing in, gives out what it has, then tells workers to end', async () => {
    queue.add('a');
    queue.addAfter('late', 10);
    queue.shutDown();
    queue.add('b');
    await clock.advance(100);
    expect([await queue.get(), await queue.get()]).toEqual(['a', undefined]);
  });

  it('wakes waiting workers at shutdown', async () => {
    const waiting = queue.get();
    queue.shutDown();
    expect(await waiting).toBeUndefined();
  });

  it('is drained when the last work is done, including what became dirty meanwhile', async () => {
    queue.add('a');
    await queue.get();
    queue.add('a');
    let drained = false;
    void queue.drain().then(() => (drained = true));
    await settle();
    expect(drained).toBe(false);
    queue.done('a');
    expect(await queue.get()).toBe('a');
    queue.done('a');
    await settle();
    expect(drained).toBe(true);
  });

  it('measures waiting, work and retries', async () => {
    const seen: [string, number?][] = [];
    const metrics: WorkQueueMetrics = {
      added: () => seen.push(['added']),
      retried: () => seen.push(['retried']),
      waited: (seconds) => seen.push(['waited', seconds]),
      worked: (seconds) => seen.push(['worked', seconds]),
    };
    queue = new WorkQueue({ clock, metrics });
    queue.add('a');
    queue.add('a');
    await clock.advance(2000);
    await queue.get();
    await clock.advance(3000);
    expect([queue.unfinishedWorkSeconds, queue.longestRunningProcessorSeconds]).toEqual([3, 3]);
    queue.done('a');
    queue.addRateLimited('a');
    expect(seen).toEqual([['added'], ['waited', 2], ['worked', 3], ['retried']]);
    expect([queue.unfinishedWorkSeconds, queue.longestRunningProcessorSeconds]).toEqual([0, 0]);
  });

  it('never gives a key to two workers, and loses none that was added last', async () => {
    const step = fc.tuple(fc.constantFrom('add', 'get', 'done'), fc.constantFrom('a', 'b', 'c'));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        queue = new WorkQueue({ clock });
        const working = new Set<string>();
        const due = new Set<string>();
        const take = async (): Promise<void> => {
          const key = (await queue.get()) ?? '';
          expect(working.has(key)).toBe(false);
          working.add(key);
          due.delete(key);
        };
        for (const [what, key] of steps) {
          if (what === 'add') {
            queue.add(key);
            due.add(key);
          } else if (what === 'get' && queue.depth > 0) {
            await take();
          } else if (what === 'done' && working.delete(key)) {
            queue.done(key);
          }
        }
        for (const key of working) queue.done(key);
        working.clear();
        while (queue.depth > 0) await take();
        expect(due.size).toBe(0);
      }),
    );
  });
});
