import { BINS_PER_DAY } from './bins.ts';
import {
  createResidualRings,
  fillPeakNodes,
  learnResidual,
  PEAK_NODES,
  PEAK_WEIGHTS,
  type ResidualRings,
} from './peak-distribution.ts';

const FROM = BINS_PER_DAY / 4;

function nodesOf(rings: ResidualRings, centre: { point: number; scale: number; record: number }): number[] {
  const nodes = new Float64Array(PEAK_NODES);
  fillPeakNodes(nodes, rings, centre);
  return [...nodes];
}

/** Residuals 1/n … n/n in scales, and twenty times that in demand. */
function uniform(n: number): ResidualRings {
  const rings = createResidualRings();
  for (let i = 1; i <= n; i++) learnResidual(rings, (20 * i) / n, 20, FROM + 6 * i);
  return rings;
}

describe('the distribution of a peak', () => {
  test('has 13 nodes in scales and the 8 upper ones of the unscaled errors, by nine to one', () => {
    expect(PEAK_WEIGHTS).toHaveLength(21);
    const sum = (from: number, to: number): number => PEAK_WEIGHTS.slice(from, to).reduce((a, b) => a + b, 0);
    expect(sum(0, 13)).toBeCloseTo(0.9, 12);
    expect(sum(13, 21)).toBeCloseTo(0.1 * 0.2, 12);
    expect(PEAK_WEIGHTS[0]).toBeCloseTo(0.09, 12);
    expect(PEAK_WEIGHTS[12]).toBeCloseTo(0.9 * 0.0005, 12);
    expect(PEAK_WEIGHTS[13]).toBeCloseTo(0.1 * 0.1, 12);
  });

  test('sits at the middle of each part of the levels', () => {
    const levels = [0.05, 0.2, 0.4, 0.6, 0.75, 0.85, 0.925, 0.965, 0.985, 0.9925, 0.9965, 0.99875, 0.99975];
    const nodes = nodesOf(uniform(10_000), { point: 100, scale: 10, record: 1000 });
    levels.forEach((level, i) => expect(nodes[i]).toBeCloseTo(100 + 10 * level, 2));
    levels.slice(5).forEach((level, i) => expect(nodes[13 + i]).toBeCloseTo(100 + 20 * level, 2));
  });

  test('is a wide fan while there are few residuals', () => {
    const nodes = nodesOf(uniform(199), { point: 100, scale: 10, record: 1000 });
    expect(nodes[0]).toBeCloseTo(100 - 4 * 10, 9);
    expect(nodes[12]).toBeCloseTo(100 + 5.6 * 10, 9);
    expect(nodes.slice(13)).toEqual(nodes.slice(5, 13));
  });

  test('is never negative and never beyond twice the record', () => {
    const nodes = nodesOf(createResidualRings(), { point: 10, scale: 10, record: 15 });
    expect(Math.min(...nodes)).toBe(0);
    expect(Math.max(...nodes)).toBe(30);
  });

  test('is made of every sixth error after six hours', () => {
    const rings = createResidualRings();
    for (let learned = 0; learned < FROM + 60; learned++) learnResidual(rings, 1, 1, learned);
    expect(rings.scaled.count).toBe(10);
    expect(rings.unscaled.count).toBe(10);
  });
});
