import fc from 'fast-check';
import { queueTick, type Physics } from './queue.ts';
import { TickQueue } from './tick-queue.ts';

const physics: Physics = {
  waitThresholdSeconds: 0.3,
  queueSeconds: 30,
  maxUtilization: 0.995,
  discipline: 'shared',
  squaredVariation: 1,
};

/** Counted arrivals, which repeat and are remembered, and rates that are no whole count. */
const ticks = fc.array(
  fc.record({
    rate: fc.oneof(
      fc.integer({ min: 0, max: 1500 }).map((count) => count / 5),
      fc.double({ min: 0, max: 300, noNaN: true }),
    ),
    servers: fc.integer({ min: 0, max: 25 }),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('the queue through many ticks', () => {
  it.each([
    ['one line', physics],
    ['a line for each server', { ...physics, discipline: 'split' }],
    ['varied service times', { ...physics, squaredVariation: 2.5 }],
  ] as const)('has the results of queueTick to the last bit: %s', (_, own) => {
    fc.assert(
      fc.property(ticks, (load) => {
        const queue = new TickQueue(10, 5, own);
        let backlog = 0;
        for (const { rate, servers } of [...load, ...load]) {
          const tick = { arrivalRate: rate, servers, serviceRate: 10, seconds: 5, backlog };
          const outcome = queueTick(tick, own);
          queue.advance(rate, servers);
          backlog = outcome.backlog;
          expect(queue.backlog).toBe(outcome.backlog);
          expect(queue.busyServers).toBe(outcome.busyServers);
          expect(queue.slow).toBe(outcome.slowShare * outcome.arrived);
          expect(queue.requestsInside()).toBe(
            Math.max(outcome.inSystem, outcome.busyServers + outcome.backlog),
          );
        }
      }),
    );
  });
});
