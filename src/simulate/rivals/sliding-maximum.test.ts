import fc from 'fast-check';
import { SlidingMaximum } from './sliding-maximum.ts';

describe('the maximum of a moving window', () => {
  it.each([
    [[3], 3],
    [[3, 1], 3],
    [[3, 1, 1], 3],
    [[3, 1, 1, 2], 2],
    [[1, 2, 3, 4], 4],
    [[5, 5, 1, 1], 5],
  ])('of the last three of %p is %p', (values, expected) => {
    const maximum = new SlidingMaximum(3000);
    values.forEach((value, i) => maximum.push(i * 1000, value));
    expect(maximum.at((values.length - 1) * 1000)).toBe(expected);
  });

  it('forgets by time, and knows nothing then', () => {
    const maximum = new SlidingMaximum(3000);
    maximum.push(0, 7);
    expect([maximum.at(2999), maximum.at(3000)]).toEqual([7, undefined]);
  });

  it('is that of a plain search', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (values, span) => {
          const maximum = new SlidingMaximum(span);
          const seen = values.map((value, i) => {
            maximum.push(i, value);
            return maximum.at(i);
          });
          expect(seen).toEqual(
            values.map((_, i) => Math.max(...values.slice(Math.max(0, i - span + 1), i + 1))),
          );
        },
      ),
    );
  });
});
