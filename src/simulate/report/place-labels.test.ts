import fc from 'fast-check';
import { placeLabels } from './place-labels.ts';

const SIZE = { width: 980, height: 460 };

describe('labels of points', () => {
  test('stand to the right of a point that is alone', () => {
    expect(placeLabels([{ x: 100, y: 100, text: 'hpa' }], SIZE)).toEqual([
      { x: 109, y: 104, anchor: 'start' },
    ]);
  });

  test('stand to the left of a point at the right edge', () => {
    expect(placeLabels([{ x: 970, y: 100, text: 'autopilot-72h' }], SIZE)[0]?.anchor).toBe('end');
  });

  test('of points at one place are not written over each other', () => {
    const points = ['hpa', 'keda', 'kpa', 'crane', 'static'].map((text) => ({ x: 400, y: 200, text }));
    const places = placeLabels(points, SIZE).map(({ x, y, anchor }) => `${x} ${y} ${anchor}`);
    expect(new Set(places).size).toBe(points.length);
  });

  test('stay on the paper', () => {
    const point = fc.record({
      x: fc.integer({ min: 60, max: 960 }),
      y: fc.integer({ min: 20, max: 410 }),
      text: fc.constantFrom('hpa', 'peak-5m', 'phpa-holt-winters'),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        for (const [index, { x, y, anchor }] of placeLabels(points, SIZE).entries()) {
          const width = points[index]!.text.length * 6.6;
          expect(anchor === 'start' ? x : x - width).toBeGreaterThanOrEqual(0);
          expect(anchor === 'start' ? x + width : x).toBeLessThanOrEqual(SIZE.width);
          expect(y).toBeLessThanOrEqual(SIZE.height);
          expect(y).toBeGreaterThanOrEqual(11);
        }
      }),
    );
  });
});
