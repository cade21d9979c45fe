import fc from 'fast-check';
import { nextOutlookAt } from './outlook-schedule.ts';

const HOUR = 3_600_000;
const MADE = Date.UTC(2026, 4, 4, 9, 0);

test('made at its minute, or a little later, it is made again an hour after that minute', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 0, max: 290_000 }), (uid, late) => {
      const turn = nextOutlookAt(uid, MADE);
      expect(nextOutlookAt(uid, turn + late)).toBe(turn + HOUR);
    }),
  );
});

test('made at another minute, it waits for its own: never less than 55 minutes, never two hours', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 0, max: HOUR }), (uid, late) => {
      const wait = nextOutlookAt(uid, MADE + late) - (MADE + late);
      expect(wait).toBeGreaterThanOrEqual(55 * 60_000);
      expect(wait).toBeLessThan(2 * HOUR);
    }),
  );
});

test('a thousand policies spread over the hour', () => {
  const minutes = new Set(
    Array.from({ length: 1000 }, (_, i) => Math.floor(nextOutlookAt(`policy-${i}`, MADE) / 60_000) % 60),
  );
  expect(minutes.size).toBe(60);
});
