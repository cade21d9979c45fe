import { nearestIncident, rememberIncident, type PastIncident } from './similar-incidents.ts';

const incident = (at: number, change: Partial<PastIncident> = {}): PastIncident => ({
  at,
  durationMs: 60_000,
  ending: 'Over',
  kind: 'Degradation',
  signal: 'latency',
  surprises: { latency: 6, errors: 2 },
  ...change,
});

test('the nearest incident is the last one with the same signals in the same proportion', () => {
  const past = [
    incident(1, { surprises: { latency: 6, memory: 3 } }),
    incident(2),
    incident(3),
    incident(4, { kind: 'Leak' }),
    incident(5, { signal: 'errors' }),
  ];
  expect(nearestIncident(past, incident(6, { surprises: { latency: 3, errors: 1 } }))?.at).toBe(3);
});

test('a spike is like one that became a level shift', () => {
  const past = [incident(1, { kind: 'LevelShift', signal: 'load', surprises: { load: 5 } })];
  const spike = incident(2, { kind: 'Spike', signal: 'load', surprises: { load: 4 } });
  expect(nearestIncident(past, spike)?.at).toBe(1);
});

test.each([
  ['shares no signal', { memory: 5 }],
  ['shares one of two signals', { latency: 5, memory: 5 }],
  ['went the other way', { '-latency': 6 }],
  ['has no signal', {}],
  ['knows nothing', { latency: NaN }],
])('an incident that %s has no similar one', (_, surprises) => {
  expect(nearestIncident([incident(1)], incident(2, { surprises }))).toBeUndefined();
});

test('no more than the 16 newest incidents are kept', () => {
  let past: readonly PastIncident[] = [];
  for (let at = 0; at < 20; at += 1) past = rememberIncident(past, incident(at));
  expect(past.map(({ at }) => at)).toEqual(Array.from({ length: 16 }, (_, i) => i + 4));
});
