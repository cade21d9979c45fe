import { WatchedWorkload, type WatchedValues } from '../../../../../test/support/watched-workload.ts';
import type { Anomaly } from '../anomaly.ts';
import type { AnomalyReport } from '../observe-anomalies.ts';

const DAY = 1440;
const LEARNED = new WatchedWorkload();
LEARNED.learn(2 * DAY);

const slow = (values: WatchedValues): WatchedValues => ({ ...values, latency: 10 * values.latency });
const opened = (reports: readonly AnomalyReport[], signal: string): Anomaly | undefined =>
  reports.flatMap((report) => report.opened).find((anomaly) => anomaly.signal === signal);

test('of a latency, it is told that the load moved first', () => {
  const workload = LEARNED.fork({});
  const busy = (values: WatchedValues): WatchedValues => ({ ...values, load: 4 * values.load });
  workload.run(4, busy);
  const anomaly = opened(
    workload.run(4, (values) => slow(busy(values))),
    'latency',
  );
  const { firstMoved } = anomaly?.attribution ?? {};
  expect(firstMoved).toMatchObject({ signal: 'load' });
  expect(firstMoved?.leadMs).toBeGreaterThanOrEqual(3 * 60_000);
  expect(firstMoved?.leadMs).toBeLessThanOrEqual(5 * 60_000);
});

test('of a latency alone, nothing moved first, and none was like it', () => {
  const { attribution } = opened(LEARNED.fork({}).run(4, slow), 'latency') ?? {};
  expect(attribution).toMatchObject({ firstMoved: undefined, similar: undefined, suspects: [] });
  expect(attribution?.surprises['latency']).toBeGreaterThan(4);
});

test('the same once more is like the last one, which was over after so many minutes', () => {
  const workload = LEARNED.fork({});
  const first = opened(workload.run(10, slow), 'latency');
  workload.run(DAY / 4);
  const { similar } = opened(workload.run(4, slow), 'latency')?.attribution ?? {};
  expect(similar).toMatchObject({ at: first?.since, ending: 'Over' });
  expect(similar?.durationMs).toBeGreaterThanOrEqual(7 * 60_000);
  expect(similar?.durationMs).toBeLessThanOrEqual(12 * 60_000);
});

test('what people were never told of is no past', () => {
  const fleet = {
    surveyedAt: Infinity,
    counts: { alarms: new Float64Array(1), seriesWeeks: 0 },
    discovery: 4,
    fleetWide: ['Degradation'],
    suspects: [],
  } as const;
  const workload = LEARNED.fork({ fleet });
  workload.run(10, slow);
  workload.run(30);
  expect(workload.state.episodes.open).toEqual([]);
  expect(workload.state.past).toEqual([]);
});
