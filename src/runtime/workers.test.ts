import { ManualClock } from '../../test/support/manual-clock.ts';
import { WorkQueue } from './work-queue.ts';
import { runWorkers, TerminalError, type Reconcile } from './workers.ts';

const { signal } = new AbortController();
let clock: ManualClock;
let queue: WorkQueue;
let seen: string[];

beforeEach(() => {
  clock = new ManualClock();
  queue = new WorkQueue({ clock });
  seen = [];
});

function start(reconcile: Reconcile, concurrency = 1): Promise<void> {
  const observe = ({ key, result }: { key: string; result: string }): unknown =>
    seen.push(`${key} ${result}`);
  return runWorkers({ queue, concurrency, reconcile, clock, observe }, signal);
}

describe('runWorkers', () => {
  it('isolates the error of one key and brings the key back by the rate limiter', async () => {
    let fail = true;
    const workers = start((key) => {
      if (key === 'bad' && fail) {
        fail = false;
        return Promise.reject(new Error('boom'));
      }
      return Promise.resolve(undefined);
    });
    queue.add('bad');
    queue.add('good');
    await clock.advance(0);
    expect([seen, queue.failures('bad')]).toEqual([['bad error', 'good success'], 1]);
    await clock.advance(5);
    expect([seen.at(-1), queue.failures('bad')]).toEqual(['bad success', 0]);
    await queue.drain();
    await workers;
  });

  it('treats an exception thrown at once as any other', async () => {
    const workers = start(() => {
      throw new TypeError('not even a promise');
    });
    queue.add('a');
    await clock.advance(0);
    queue.shutDown();
    await workers;
    expect(seen).toEqual(['a error']);
  });

  it('does not bring back a key whose error is terminal', async () => {
    const workers = start(() => Promise.reject(new TerminalError('wrong for ever')));
    queue.add('a');
    await clock.advance(1e7);
    expect([seen, queue.failures('a')]).toEqual([['a terminal_error'], 0]);
    queue.shutDown();
    await workers;
  });

  it('brings a key back when its result says so', async () => {
    const workers = start(() => Promise.resolve({ requeueAfterMs: 15_000 }));
    queue.add('a');
    await clock.advance(30_000);
    expect(seen).toEqual(['a requeue_after', 'a requeue_after', 'a requeue_after']);
    queue.shutDown();
    await workers;
  });

  it('works on as many keys at a time as it has workers', async () => {
    const finish: (() => void)[] = [];
    let working = 0;
    const workers = start(async () => {
      working += 1;
      await new Promise<void>((resolve) => finish.push(resolve));
      working -= 1;
      return undefined;
    }, 2);
    for (const key of ['a', 'b', 'c']) queue.add(key);
    await clock.advance(0);
    expect(working).toBe(2);
    const drained = queue.drain();
    while (finish.length > 0) {
      finish.shift()?.();
      await clock.advance(0);
    }
    await Promise.all([drained, workers]);
    expect(seen).toEqual(['a success', 'b success', 'c success']);
  });
});
