import fc from 'fast-check';
import { createTrafficState, surveyTraffic, type TrafficSample } from './traffic-watch.ts';

const MIB = 1024 * 1024;

/** A workload that is measured each 15 s. */
class Service {
  readonly state = createTrafficState();
  now = 1_000_000;

  measure(mebibytes: number, requests: number): string[] {
    this.now += 15_000;
    const sample: TrafficSample = {
      namespace: 'shop',
      workload: 'web',
      at: this.now,
      bytesPerSecond: mebibytes * MIB,
      requestsPerSecond: requests,
    };
    return this.survey([sample]);
  }

  survey(samples: readonly TrafficSample[]): string[] {
    return surveyTraffic(this.state, samples, { now: this.now, quietMs: 60_000 }).map(
      ({ message }) => message,
    );
  }

  /** Four hours: load goes up and down, and bytes with it. */
  static used(): Service {
    const service = new Service();
    for (let index = 0; index < 960; index += 1) {
      const requests = 100 + 80 * Math.sin(index / 50);
      expect(service.measure((requests / 100) * (2 + 0.2 * Math.sin(index)), requests)).toEqual([]);
    }
    return service;
  }
}

test('ten times the bytes at the same load are found within two samples', () => {
  const service = Service.used();
  const found = [service.measure(20, 100), service.measure(20, 100)].flat();
  expect(found[0]).toMatch(/^shop\/web sends 20 MiB\/s, for these requests 2\.\d MiB\/s are usual$/);
});

test('ten times the bytes at ten times the load are as they should be', () => {
  const service = Service.used();
  expect([service.measure(20, 1000), service.measure(20, 1000), service.measure(20, 1000)].flat()).toEqual(
    [],
  );
});

test('it is over when bytes are as usual for the stated time', () => {
  const service = Service.used();
  service.measure(20, 100);
  service.measure(20, 100);
  for (let index = 0; index < 3; index += 1) expect(service.measure(2, 100)).toHaveLength(1);
  service.measure(2, 100);
  expect(service.measure(2, 100)).toEqual([]);
});

test('the same sample counts once, and one that does not come says nothing', () => {
  const service = Service.used();
  const state = structuredClone(service.state);
  const sample = {
    namespace: 'shop',
    workload: 'web',
    at: service.now,
    bytesPerSecond: 1e12,
    requestsPerSecond: 0,
  };
  expect(service.survey([sample])).toEqual([]);
  expect(service.survey([])).toEqual([]);
  const heardOnly = [...state.values()].map(({ mean, squares }) => ({ mean, squares }));
  expect([...service.state.values()]).toMatchObject(heardOnly);
});

test('small traffic makes no alarms, however it multiplies', () => {
  const service = new Service();
  for (let index = 0; index < 500; index += 1) service.measure(0.001, 100);
  expect([service.measure(0.9, 100), service.measure(0.9, 100)].flat()).toEqual([]);
});

test('whatever is measured, the numbers stay numbers', () => {
  const amount = fc.double({ min: 0, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(amount, amount), { maxLength: 200 }), (pairs) => {
      const service = new Service();
      for (const [bytes, requests] of pairs) service.measure(bytes / MIB, requests);
      for (const { mean, squares, weight } of service.state.values()) {
        expect([mean, squares, weight].every(Number.isFinite)).toBe(true);
        expect(squares).toBeGreaterThanOrEqual(-1e-9);
      }
    }),
    { numRuns: 50 },
  );
});
