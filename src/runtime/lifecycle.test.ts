import { ManualClock, settle } from '../../test/support/manual-clock.ts';
import { Lifecycle, type Phase } from './lifecycle.ts';

let clock: ManualClock;
let lifecycle: Lifecycle;
let exits: number;
let order: string[];

beforeEach(() => {
  clock = new ManualClock();
  exits = 0;
  order = [];
  lifecycle = new Lifecycle({
    clock,
    exitNow: () => (exits += 1),
    observe: ({ name, outcome }) => order.push(`${name} ${outcome}`),
  });
});

function on(phase: Phase, name: string, stop: () => Promise<void> = () => Promise.resolve()): void {
  lifecycle.onStop({ phase, name, stop, deadlineMs: 1000 });
}

describe('Lifecycle', () => {
  it('stops in the order of the phases, however the steps were registered', async () => {
    on('CloseHttp', 'http');
    on('ReleaseLease', 'lease');
    on('StopSources', 'watches');
    on('Flush', 'journal');
    on('DrainQueue', 'queue');
    await lifecycle.stop();
    expect(order).toEqual(['watches Done', 'queue Done', 'journal Done', 'lease Done', 'http Done']);
    expect(exits).toBe(0);
  });

  it('begins a phase only when the one before is over', async () => {
    const queue = Promise.withResolvers<undefined>();
    on('DrainQueue', 'queue', () => queue.promise);
    on('ReleaseLease', 'lease');
    const stopped = lifecycle.stop();
    await settle();
    expect([order, lifecycle.stopping]).toEqual([[], true]);
    queue.resolve(undefined);
    await stopped;
    expect(order).toEqual(['queue Done', 'lease Done']);
  });

  it('goes on past a step that fails, throws or takes too long', async () => {
    on('StopSources', 'failing', () => Promise.reject(new Error('boom')));
    on('StopSources', 'throwing', () => {
      throw new Error('boom');
    });
    on('DrainQueue', 'stuck', () => new Promise(() => undefined));
    on('CloseHttp', 'http');
    const stopped = lifecycle.stop();
    await clock.advance(1000);
    expect((await stopped).map(({ name, outcome }) => [name, outcome])).toEqual([
      ['failing', 'Failed'],
      ['throwing', 'Failed'],
      ['stuck', 'TimedOut'],
      ['http', 'Done'],
    ]);
  });

  it('exits at once when asked a second time', async () => {
    on('DrainQueue', 'stuck', () => new Promise(() => undefined));
    void lifecycle.stop();
    expect(exits).toBe(0);
    void lifecycle.stop();
    expect(exits).toBe(1);
    await clock.advance(1000);
  });
});
