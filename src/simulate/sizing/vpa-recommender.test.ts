import { VpaAggregate } from './vpa-aggregate.ts';
import { VpaContainer } from './vpa-container.ts';
import { vpaRecommendation } from './vpa-recommender.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const MIB = 1024 ** 2;
const START = Date.UTC(2026, 0, 1);

/** A container that used the same all the time, a sample a minute. */
function steady(days: number, millicores: number, bytes: number): VpaAggregate {
  const aggregate = new VpaAggregate();
  const container = new VpaContainer(aggregate);
  for (let at = START; at <= START + days * DAY; at += MINUTE) {
    container.addCpu(at, millicores);
    container.addMemory(at, bytes);
  }
  return aggregate;
}

describe("the vertical pod autoscaler's recommendation", () => {
  test('is the end of the bucket and 15 % for a container that always uses the same', () => {
    // 0.4 cores lie in the bucket up to 0.41432 cores, 700 MiB in that up to 752.99 MB.
    const { target, lower, upper } = vpaRecommendation(steady(2, 400, 700 * MIB));
    expect(target.cpu).toBe(476);
    expect(target.memory / 1e6).toBeCloseTo(752.99 * 1.15, 1);
    // Two days: half as much again above, a thousandth below.
    expect(upper.cpu).toBe(Math.trunc(476 * 1.5));
    expect(lower.cpu).toBe(475);
  });

  test('is the minimum without samples, shared by the containers of a pod', () => {
    const nothing = new VpaAggregate();
    expect(vpaRecommendation(nothing).target).toEqual({ cpu: 25, memory: 250 * MIB });
    expect(vpaRecommendation(nothing, 2).target).toEqual({ cpu: 12, memory: 125 * MIB });
  });

  test('has no upper bound yet after one sample, and no lower bound but the minimum', () => {
    const { lower, upper } = vpaRecommendation(steady(0, 400, 700 * MIB));
    expect(upper).toEqual({ cpu: 1e14, memory: 1e14 });
    expect(lower).toEqual({ cpu: 25, memory: 250 * MIB });
  });
});

describe('a container of the vertical pod autoscaler', () => {
  let aggregate: VpaAggregate;
  let container: VpaContainer;

  beforeEach(() => {
    aggregate = new VpaAggregate();
    container = new VpaContainer(aggregate);
  });

  const peak = (): number => aggregate.percentile(1).memory / MIB;

  test('counts one peak a day', () => {
    for (const mebibytes of [500, 900, 600]) container.addMemory(START + mebibytes, mebibytes * MIB);
    container.addMemory(START + 901, 700 * MIB);
    expect(aggregate.percentile(0.01)).toEqual(aggregate.percentile(1));
    expect(peak() / 900).toBeCloseTo(1, 1);
  });

  test.each([
    ['a fifth more than a large request', 1000, 500, 1200],
    ['100 MiB more than a small request', 300, 200, 400],
    ['what was used where that is more than the request', 300, 600, 720],
  ])('takes a kill for a peak of %s', (_, request, used, taken) => {
    container.addMemory(START, used * MIB);
    container.recordOutOfMemory(START + MINUTE, request * MIB);
    expect(peak() / taken).toBeGreaterThanOrEqual(1);
    expect(peak() / taken).toBeLessThan(1.07);
  });

  test('does not pile up kills of the same day', () => {
    container.addMemory(START, 500 * MIB);
    for (let minute = 1; minute < 10; minute++)
      container.recordOutOfMemory(START + minute * MINUTE, 1000 * MIB);
    expect(peak() / 1200).toBeLessThan(1.07);
  });

  test('ignores CPU samples that are not newer, and memory samples that are older', () => {
    container.addCpu(START, 100);
    container.addCpu(START, 9000);
    container.addMemory(START, 500 * MIB);
    container.addMemory(START - 1, 9000 * MIB);
    expect(aggregate.percentile(1).cpu).toBeLessThan(120);
    expect(peak()).toBeLessThan(535);
  });

  test('forgets a kill of the day before yesterday', () => {
    container.addMemory(START, 500 * MIB);
    container.recordOutOfMemory(START - 2 * DAY, 5000 * MIB);
    expect(peak()).toBeLessThan(535);
  });
});
