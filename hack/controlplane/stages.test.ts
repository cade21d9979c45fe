import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { stagesFile, startUpBands, type Stage } from './stages.ts';

describe('startUpBands', () => {
  test('is the median alone when there is no spread', () => {
    expect(startUpBands({ medianSeconds: 20, spread: 0 })).toEqual([
      { weight: 100, lowMilliseconds: 20_000, highMilliseconds: 20_000 },
    ]);
  });

  test('has half of the weight below the median and neighbouring bands that touch', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 600, noNaN: true }),
        fc.double({ min: 0.01, max: 1.5, noNaN: true }),
        (medianSeconds, spread) => {
          const bands = startUpBands({ medianSeconds, spread });
          const median = Math.round(1000 * medianSeconds);
          const below = bands.filter((band) => band.highMilliseconds <= median).slice(0, 3);
          expect(below.reduce((sum, band) => sum + band.weight, 0)).toBe(50);
          expect(bands.reduce((sum, band) => sum + band.weight, 0)).toBe(100);
          bands.slice(1).forEach((band, index) => {
            expect(band.lowMilliseconds).toBe(bands[index]!.highMilliseconds);
            expect(band.highMilliseconds).toBeGreaterThanOrEqual(band.lowMilliseconds);
          });
        },
      ),
    );
  });

  test('is skewed to the right, as start-up times are', () => {
    const bands = startUpBands({ medianSeconds: 20, spread: 0.5 });
    expect(20_000 - bands[0]!.lowMilliseconds).toBeLessThan(bands.at(-1)!.highMilliseconds - 20_000);
  });

  test.each([
    [-1, 0],
    [1, -0.1],
    [Number.NaN, 0],
    [1, Number.NaN],
  ])('refuses median %s with spread %s', (medianSeconds, spread) => {
    expect(() => startUpBands({ medianSeconds, spread })).toThrow('must not be negative');
  });
});

test('the stages file has a heartbeat, readiness in bands and deletion, each under one name', async () => {
  const documents = parseAllDocuments(await stagesFile({ medianSeconds: 2, spread: 0.2 }));
  const names = documents.map((document) => (document.toJS() as Stage).metadata.name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining(['node-initialize', 'node-heartbeat', 'pod-ready-0', 'pod-delete']),
  );
  expect(names).not.toContain('pod-ready');
});
