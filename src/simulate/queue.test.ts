import fc from 'fast-check';
import { meanWait, probabilityOfWait, probabilityOfWaitBeyond } from '../loop/plan/erlang-c.ts';
import { meanOfWaits, queueTick, sampleWait, shareBeyond, type QueueLoad } from './queue.ts';
import { seededRandom } from './random.ts';
import { WORLD_CONFIG } from './world-config.ts';

const calm: QueueLoad = { arrivalRate: 90, servers: 12, serviceRate: 10, seconds: 5, backlog: 0 };

const loads = fc.record({
  arrivalRate: fc.double({ min: 0, max: 3000, noNaN: true }),
  servers: fc.integer({ min: 0, max: 200 }),
  serviceRate: fc.double({ min: 0.5, max: 50, noNaN: true }),
  seconds: fc.double({ min: 0.1, max: 30, noNaN: true }),
  backlog: fc.double({ min: 0, max: 5000, noNaN: true }),
});

describe('a tick within capacity', () => {
  it('has the slow share and the mean wait of M/M/c', () => {
    const outcome = queueTick(calm);
    expect(outcome.slowShare).toBeCloseTo(probabilityOfWaitBeyond(calm, 0.3), 12);
    expect(meanOfWaits(outcome.waits, 30)).toBeCloseTo(meanWait(calm), 12);
    expect(shareBeyond(outcome.waits, 0)).toBeCloseTo(probabilityOfWait(12, 9), 12);
  });

  it('serves what arrives and keeps λ/μ replicas busy', () => {
    expect(queueTick(calm)).toMatchObject({
      arrived: 450,
      served: 450,
      dropped: 0,
      backlog: 0,
      busyServers: 9,
    });
  });

  it('obeys Little on the requests inside', () => {
    const inside = 90 * (meanWait(calm) + 1 / 10);
    expect(queueTick(calm).inSystem).toBeCloseTo(inside, 9);
  });
});

describe('a tick with other physics', () => {
  const split = { ...WORLD_CONFIG, discipline: 'split' } as const;

  it('behind a random balancer is that of M/M/1 at each server', () => {
    const { waits, inSystem, slowShare } = queueTick(calm, split);
    const alone = { arrivalRate: 90 / 12, servers: 1, serviceRate: 10 };
    for (const seconds of [0, 0.1, 0.3, 2]) {
      expect(shareBeyond(waits, seconds)).toBeCloseTo(probabilityOfWaitBeyond(alone, seconds), 12);
    }
    expect(slowShare).toBeCloseTo(0.75 * Math.exp(-2.5 * 0.3), 12);
    // ρ ÷ (1 - ρ) requests at each of twelve servers.
    expect(inSystem).toBeCloseTo(12 * 3, 9);
  });

  it.each([
    [0, 0.5],
    [1, 1],
    [3, 2],
  ])('with a squared variation of %d has %d times the mean wait', (squaredVariation, factor) => {
    const { waits } = queueTick(calm, { ...WORLD_CONFIG, squaredVariation });
    expect(meanOfWaits(waits, 30)).toBeCloseTo(factor * meanWait(calm), 12);
    expect(waits.randomProbability).toBe(queueTick(calm).waits.randomProbability);
  });
});

describe('a tick above capacity', () => {
  it('lets the backlog grow by the surplus and the CPU saturate', () => {
    const outcome = queueTick({ ...calm, arrivalRate: 150 });
    expect(outcome).toMatchObject({ arrived: 750, served: 600, dropped: 0, backlog: 150, busyServers: 12 });
    expect(outcome.slowShare).toBeGreaterThan(0.8);
  });

  it('turns away what would wait longer than the queue holds', () => {
    const outcome = queueTick({ ...calm, arrivalRate: 150, backlog: 3590 });
    expect(outcome).toMatchObject({ backlog: 3600, dropped: 140, slowShare: 1 });
  });

  it('turns everything away when no replica is ready', () => {
    const outcome = queueTick({ ...calm, servers: 0, backlog: 10 });
    expect(outcome).toMatchObject({ served: 0, dropped: 460, backlog: 0, busyServers: 0, slowShare: 1 });
  });

  it('works the backlog off, and only those behind it wait', () => {
    const outcome = queueTick({ ...calm, arrivalRate: 60, backlog: 120 });
    // 1 s of work melts at half speed: above 0.3 s for 1.4 s of the 5 s, then the random wait alone.
    const tail = probabilityOfWaitBeyond({ ...calm, arrivalRate: 60 }, 0.3);
    expect(outcome.slowShare).toBeCloseTo(0.28 + 0.72 * tail, 12);
    expect(outcome.backlog).toBe(0);
  });
});

describe('any tick', () => {
  it('neither makes nor loses a request', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const outcome = queueTick(load);
        const went = outcome.served + outcome.dropped + outcome.backlog;
        expect(went).toBeCloseTo(outcome.arrived + load.backlog, 6);
        for (const part of [outcome.served, outcome.dropped, outcome.backlog])
          expect(part).toBeGreaterThanOrEqual(0);
        expect(outcome.busyServers).toBeLessThanOrEqual(load.servers * (1 + 1e-12));
      }),
    );
  });

  it('with one more server has no more waiting', () => {
    fc.assert(
      fc.property(loads, fc.double({ min: 0, max: 40, noNaN: true }), (load, seconds) => {
        const fewer = queueTick(load);
        const more = queueTick({ ...load, servers: load.servers + 1 });
        expect(more.slowShare).toBeLessThanOrEqual(fewer.slowShare + 1e-9);
        expect(more.dropped).toBeLessThanOrEqual(fewer.dropped + 1e-6);
        if (load.servers === 0) return;
        expect(shareBeyond(more.waits, seconds)).toBeLessThanOrEqual(
          shareBeyond(fewer.waits, seconds) + 1e-9,
        );
        expect(meanOfWaits(more.waits, 30)).toBeLessThanOrEqual(meanOfWaits(fewer.waits, 30) + 1e-9);
      }),
    );
  });

  it('waits no shorter behind a higher rate or a longer line', () => {
    fc.assert(
      fc.property(loads, (load) => {
        fc.pre(load.arrivalRate > 0);
        const here = queueTick(load).slowShare;
        expect(queueTick({ ...load, arrivalRate: load.arrivalRate * 1.1 }).slowShare).toBeGreaterThanOrEqual(
          here - 1e-9,
        );
        expect(queueTick({ ...load, backlog: load.backlog + 10 }).slowShare).toBeGreaterThanOrEqual(
          here - 1e-9,
        );
      }),
    );
  });

  it('is the same backlog in one step or in two halves', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const capacity = load.servers * load.serviceRate;
        // A line longer than the queue holds (after a scale-down) is cut at the end of a step, after its service.
        fc.pre(load.backlog <= WORLD_CONFIG.queueSeconds * capacity);
        const whole = queueTick(load);
        const half = { ...load, seconds: load.seconds / 2 };
        const first = queueTick(half);
        const second = queueTick({ ...half, backlog: first.backlog });
        expect(second.backlog).toBeCloseTo(whole.backlog, 5);
        expect(first.dropped + second.dropped).toBeCloseTo(whole.dropped, 5);
      }),
    );
  });

  it.each([
    ['arrivalRate', NaN, /arrivalRate must be a finite number/],
    ['backlog', -1, /backlog must be a finite number/],
    ['servers', 1.5, /servers must be a whole number/],
    ['seconds', 0, /seconds must be more than 0/],
    ['serviceRate', Infinity, /serviceRate must be a finite number/],
  ] as const)('refuses %s = %d', (field, value, message) => {
    expect(() => queueTick({ ...calm, [field]: value })).toThrow(message);
  });
});

describe('waits drawn one by one', () => {
  it.each([
    ['within capacity', calm],
    ['while a backlog melts', { ...calm, arrivalRate: 60, backlog: 240 }],
    ['while a backlog grows', { ...calm, arrivalRate: 150, backlog: 0 }],
  ])('have the shares of the formula %s', (_, load) => {
    const { waits } = queueTick(load);
    const random = seededRandom(1);
    const drawn = Array.from({ length: 20_000 }, () => sampleWait(waits, 30, random));
    for (const seconds of [0.05, 0.3, 1]) {
      const share = drawn.filter((wait) => wait > seconds).length / drawn.length;
      // Three standard errors of a share of 20,000 draws are at most 0.0107.
      expect(Math.abs(share - shareBeyond(waits, seconds))).toBeLessThan(0.011);
    }
  });
});
