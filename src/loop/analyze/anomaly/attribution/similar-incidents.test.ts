import { nearestIncident, rememberIncident, type Fingerprint } from './similar-incidents.ts';

const incident = (id: string, surprises: Record<string, number>): Fingerprint => ({ id, at: 0, surprises });

test('the nearest incident is the one with the same signals in the same proportion', () => {
  const past: Fingerprint[] = [];
  rememberIncident(past, incident('load', { requests: 6, cpu: 4 }));
  rememberIncident(past, incident('disk', { latency: 6, errors: 2 }));
  const nearest = nearestIncident(past, incident('now', { latency: 3, errors: 1 }));
  expect(nearest).toMatchObject({ id: 'disk', at: 0 });
  expect(nearest?.similarity).toBeCloseTo(1, 9);
});

test.each([
  ['shares no signal', { memory: 5 }],
  ['has no signal', {}],
  ['knows nothing', { latency: NaN }],
])('an incident that %s has no similar one', (_, surprises) => {
  expect(nearestIncident([incident('disk', { latency: 6 })], incident('now', surprises))).toBeUndefined();
});

test('an incident is not similar to itself, and replaces what was remembered of it', () => {
  const past = [incident('one', { latency: 6 })];
  rememberIncident(past, incident('one', { latency: 7 }));
  expect(past).toEqual([incident('one', { latency: 7 })]);
  expect(nearestIncident(past, incident('one', { latency: 7 }))).toBeUndefined();
});

test('no more than 64 incidents of 32 signals are kept, the newest and the largest', () => {
  const past: Fingerprint[] = [];
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`s${i}`, i]));
  for (let i = 0; i < 70; i += 1) rememberIncident(past, incident(`i${i}`, many));
  expect(past).toHaveLength(64);
  expect(past[0]?.id).toBe('i6');
  expect(Object.keys(past[0]?.surprises ?? {})).toHaveLength(32);
  expect(past[0]?.surprises['s49']).toBe(49);
});
