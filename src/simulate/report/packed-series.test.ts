import fc from 'fast-check';
import { coarser, packFloats, packWholes } from './packed-series.ts';

const unpacked = (base64: string): ArrayBuffer =>
  Uint8Array.from(atob(base64), (one) => one.charCodeAt(0)).buffer;

describe('packed series', () => {
  test('come back as they were', () => {
    const floats = Float32Array.from({ length: 20_000 }, (_, index) => Math.sin(index) * 400);
    expect(new Float32Array(unpacked(packFloats(floats)))).toEqual(floats);
    expect(new Float32Array(unpacked(packFloats(floats.subarray(5, 9))))).toEqual(floats.slice(5, 9));
    expect(new Float32Array(unpacked(packFloats(Float32Array.of(NaN))))).toEqual(Float32Array.of(NaN));
  });

  test('of whole numbers are rounded and stay in their range', () => {
    const values = Float32Array.of(0, 1.4, 1.6, 65_535, 70_000, -3);
    expect(Array.from(new Uint16Array(unpacked(packWholes(values))))).toEqual([0, 1, 2, 65_535, 65_535, 0]);
  });
});

describe('a coarser series', () => {
  const series = {
    stepSeconds: 300,
    demand: Float32Array.of(10, 30, 0, 0, 7),
    replicas: Float32Array.of(2, 5, 3, 1, 4),
    slowShare: Float32Array.of(0.2, 0, 0, 0, 0.5),
    bound: Float32Array.of(12, NaN, NaN, NaN, 9),
  };

  test('has mean demand, most replicas, the share of all requests and the highest known bound', () => {
    const { stepSeconds, demand, replicas, slowShare, bound } = coarser(series, 2);
    expect(stepSeconds).toBe(600);
    expect(Array.from(demand)).toEqual([20, 0, 7]);
    expect(Array.from(replicas)).toEqual([5, 3, 4]);
    // 2 slow of 40.
    expect(slowShare[0]).toBeCloseTo(0.05, 6);
    expect(Array.from(slowShare.subarray(1))).toEqual([0, 0.5]);
    expect(bound).toEqual(Float32Array.of(12, NaN, 9));
  });

  test('is the same one where nothing is to be merged', () => {
    expect(coarser(series, 1)).toBe(series);
  });

  test('loses no request, whatever is merged', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1 }),
        (factor, rates) => {
          const whole = [...rates, ...new Array<number>((factor - (rates.length % factor)) % factor).fill(0)];
          const demand = Float32Array.from(whole);
          const merged = coarser(
            { stepSeconds: 1, demand, replicas: demand, slowShare: demand.map(() => 0) },
            factor,
          );
          const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
          expect(sum(merged.demand) * factor).toBeCloseTo(sum(demand), 1);
        },
      ),
    );
  });
});
