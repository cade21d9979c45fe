import { autopilot } from './autopilot.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);
const PROVISIONED = { cpu: 8, memory: 8e9 };
/** Buckets are 2.5 % and a millicore wide, the margin is 15 %. */
const expectNear = (found: number, expected: number): void => {
  expect(found / (expected * 1.15)).toBeGreaterThanOrEqual(1);
  expect(found / (expected * 1.15)).toBeLessThan(1.05);
};

function observing(hours: number, use: (hour: number) => readonly [number, number]) {
  const sizer = autopilot.create();
  for (let minute = 0; minute < hours * 60; minute++) {
    const [cpu, memory] = use(minute / 60);
    sizer.observe({ at: START + minute * MINUTE, seconds: 60, cpu, memory });
  }
  return sizer;
}

describe("Autopilot's moving window", () => {
  test('adds 15 % to a steady use', () => {
    const { cpu, memory } = observing(24, () => [0.5, 1e9]).recommend(START + 24 * HOUR, PROVISIONED);
    expectNear(cpu, 0.5);
    expectNear(memory, 1e9);
  });

  test('weights by load: a tenth of the time at ten times the load is half of it and more than 5 %', () => {
    const { cpu } = observing(48, (hour) => [hour % 1 < 0.1 ? 1 : 0.1, 1e9]).recommend(
      START + 48 * HOUR,
      PROVISIONED,
    );
    expectNear(cpu, 1);
  });

  test.each([
    ['CPU of half the load a day ago outweighs nothing today', 12, 'cpu', 0.4],
    ['memory fades four times as slowly', 12, 'memory', 2e9],
  ] as const)('%s', (_, quietHours, resource, expected) => {
    const sizer = observing(24 + quietHours, (hour) => (hour < 24 ? [0.4, 2e9] : [0.1, 1e9]));
    expectNear(sizer.recommend(START + (24 + quietHours) * HOUR, PROVISIONED)[resource], expected);
  });

  test('lets CPU follow a load that fell ten half-lives ago', () => {
    const sizer = observing(24 + 120, (hour) => (hour < 24 ? [0.4, 2e9] : [0.1, 1e9]));
    expectNear(sizer.recommend(START + 144 * HOUR, PROVISIONED).cpu, 0.1);
  });

  test('raises the memory by the margin after a kill, for an hour', () => {
    const sizer = observing(24, () => [0.5, 1e9]);
    const until = START + 24 * HOUR;
    sizer.outOfMemory(until, { cpu: 1, memory: 3e9 });
    expect(sizer.recommend(until, PROVISIONED).memory).toBeCloseTo(3.45e9, 0);
    sizer.observe({ at: until + 2 * HOUR, seconds: 60, cpu: 0.5, memory: 1e9 });
    expectNear(sizer.recommend(until + 2 * HOUR, PROVISIONED).memory, 1e9);
  });

  test('changes nothing without measurements', () => {
    expect(autopilot.create().recommend(START, PROVISIONED)).toEqual(PROVISIONED);
  });
});
