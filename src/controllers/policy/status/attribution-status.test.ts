import fc from 'fast-check';
import { anomalyStatus } from '../../../api/status/anomaly.ts';
import {
  SUSPECTED_SIGNALS,
  type Attribution,
} from '../../../loop/analyze/anomaly/attribution/attribution.ts';
import { anomaliesStatus } from './anomalies-status.ts';
import { attributionStatus } from './attribution-status.ts';

const AT = Date.UTC(2026, 10, 12, 14, 3);
const MINUTE = 60_000;
const none: Attribution = {
  surprises: { latency: 5 },
  firstMoved: undefined,
  similar: undefined,
  suspects: [],
};

test('what is not known is not there', () => {
  expect(attributionStatus(none)).toEqual({});
});

test('what may be behind an anomaly is told with its times', () => {
  const attribution: Attribution = {
    ...none,
    firstMoved: { signal: 'queue', at: AT, leadMs: 4 * MINUTE },
    suspects: [
      { workload: 'db', signal: 'latency', at: AT + MINUTE, leadMs: 3 * MINUTE, path: ['web', 'cart', 'db'] },
    ],
    similar: { at: AT - 86_400_000, durationMs: 12 * MINUTE, ending: 'Over' },
  };
  expect(attributionStatus(attribution)).toEqual({
    firstMoved: { signal: 'queue', time: '2026-11-12T14:03:00Z' },
    suspects: [
      {
        workload: 'db',
        signal: 'latency',
        time: '2026-11-12T14:04:00Z',
        message: 'the latency became unusual 3 min before, along the calls web → cart → db',
      },
    ],
    similar: {
      time: '2026-11-11T14:03:00Z',
      durationSeconds: 720,
      message: 'like that of 2026-11-11 14:03 UTC, which was over after 12 min',
    },
  });
});

test('whatever is found, the API takes it', () => {
  const at = fc.integer({ min: 0, max: 4e12 });
  const name = fc.string({ minLength: 1, maxLength: 253 });
  const suspect = fc.record({
    workload: name,
    signal: fc.constantFrom(...SUSPECTED_SIGNALS),
    at,
    leadMs: fc.integer({ min: -MINUTE, max: 60 * MINUTE }),
    path: fc.option(fc.array(name, { maxLength: 50 }), { nil: undefined }),
  });
  const found = fc.record({
    surprises: fc.constant({}),
    firstMoved: fc.option(fc.record({ signal: fc.constant('load'), at, leadMs: at }), { nil: undefined }),
    suspects: fc.array(suspect, { maxLength: 6 }),
    similar: fc.option(
      fc.record({ at, durationMs: at.map((ms) => ms / 4000), ending: fc.constantFrom('Over', 'NewNormal') }),
      { nil: undefined },
    ),
  });
  const anomaly = {
    kind: 'Degradation',
    signal: 'latency',
    severity: 'Medium',
    since: AT,
    seenAt: AT,
    surprise: 5,
    expected: 1,
    actual: 2,
    message: 'the latency is 2 where 1 is usual',
    holds: true,
    openedAt: AT,
    told: true,
    fleetWide: false,
  } as const;
  fc.assert(
    fc.property(found, (attribution) => {
      const [status] = anomaliesStatus([{ ...anomaly, attribution: attribution }]) ?? [];
      expect(anomalyStatus.safeParse(status).error).toBeUndefined();
    }),
  );
});
