import { chanceOf } from './chance.ts';

const WINDOW_MS = 1_800_000;
const UID = '6f2c0d3e-1d4b-4c39-9a55-0a7f1f6f9f10';

describe('chance', () => {
  test('is the same for the same name, and another for others', () => {
    const draws = (name: string): readonly number[] => Array.from({ length: 5 }, chanceOf(name));
    expect(draws('a')).toEqual(draws('a'));
    expect(draws('a')).not.toEqual(draws('b'));
  });

  test.each([
    ['one policy’s windows', (i: number) => `${UID}/${1_800_000_000_000 + i * WINDOW_MS}`],
    ['one window of many policies', (i: number) => `${UID.slice(0, 30)}${i}/1800000000000`],
  ])('is uniform and without memory over the first numbers of %s', (_, nameOf) => {
    const count = 20_000;
    const draws = Float64Array.from({ length: count }, (_none, i) => chanceOf(nameOf(i))());
    const tenths = new Float64Array(10);
    let product = 0;
    for (let i = 0; i < count; i += 1) {
      const tenth = Math.floor(10 * draws[i]!);
      tenths[tenth] = tenths[tenth]! + 1;
      if (i > 0) product += (draws[i]! - 0.5) * (draws[i - 1]! - 0.5);
    }
    // 2,000 each, give or take four deviations of √(20,000 × 0.09).
    for (const tenth of tenths) expect(Math.abs(tenth - 2000)).toBeLessThan(170);
    // Correlation with the one before: four deviations of 1 ÷ √20,000.
    expect(Math.abs((12 * product) / count)).toBeLessThan(0.029);
  });
});
