import type { Anomaly } from './anomaly.ts';
import type { FleetAnomalyView } from './fleet/fleet-anomalies.ts';
import { tell } from './tell.ts';

const NOW = 1_000_000;

const anomaly = (change: Partial<Anomaly> = {}): Anomaly => ({
  kind: 'Degradation',
  signal: 'latency',
  severity: 'High',
  since: NOW,
  seenAt: NOW,
  openedAt: NOW,
  told: false,
  surprise: 6,
  expected: 1,
  actual: 2,
  message: 'the latency is 2 where 1 is usual',
  holds: true,
  fleetWide: false,
  ...change,
});

const fleet = (change: Partial<FleetAnomalyView> = {}): FleetAnomalyView => ({
  surveyedAt: NOW + 1,
  counts: { alarms: new Float64Array(1), seriesWeeks: 0 },
  discovery: 4,
  fleetWide: [],
  suspects: [],
  ...change,
});

describe('people are told of an anomaly', () => {
  it('at once where there is no fleet', () => {
    expect(tell([anomaly()], NOW, undefined).told).toMatchObject([{ told: true, severity: 'High' }]);
  });

  it('when all workloads have been looked at since, and once', () => {
    const waiting = tell([anomaly()], NOW, fleet({ surveyedAt: NOW }));
    expect(waiting.told).toEqual([]);
    const { open, told } = tell(waiting.open, NOW + 15_000, fleet());
    expect(told).toHaveLength(1);
    expect(tell(open, NOW + 30_000, fleet()).told).toEqual([]);
  });

  it('after a minute where nobody looks at the fleet any more', () => {
    expect(tell([anomaly()], NOW + 60_000, fleet({ surveyedAt: NOW - 1 })).told).toHaveLength(1);
  });

  it('as grave only when it is a discovery among all of the fleet', () => {
    expect(tell([anomaly()], NOW, fleet({ discovery: 7 })).told).toMatchObject([{ severity: 'Medium' }]);
  });

  it('with the workloads that the fleet suspects of it', () => {
    const attribution = {
      surprises: { latency: 6 },
      firstMoved: undefined,
      similar: undefined,
      suspects: [],
    };
    const suspects = [{ workload: 'db', signal: 'latency', at: 0, leadMs: 60_000, path: undefined } as const];
    const view = fleet({
      suspects: [
        { signal: 'errors', since: NOW, suspects: [] },
        { signal: 'latency', since: NOW - 1, suspects: [] },
        { signal: 'latency', since: NOW, suspects },
      ],
    });
    const { told } = tell([anomaly({ attribution })], NOW, view);
    expect(told).toMatchObject([{ attribution: { surprises: { latency: 6 }, suspects } }]);
  });

  it('not when it is one of the whole fleet', () => {
    const { open, told } = tell([anomaly()], NOW, fleet({ fleetWide: ['Degradation'] }));
    expect(told).toEqual([]);
    expect(open).toMatchObject([{ told: true, fleetWide: true, holds: true }]);
  });

  it('when it goes on here while it is over for the others', () => {
    const { open } = tell([anomaly()], NOW, fleet({ fleetWide: ['Degradation'] }));
    expect(tell(open, NOW + 15_000, fleet({ fleetWide: ['Degradation'] })).told).toEqual([]);
    const left = tell(open, NOW + 30_000, fleet());
    expect(left.told).toMatchObject([{ told: true, fleetWide: false }]);
    expect(tell(left.open, NOW + 45_000, fleet()).told).toEqual([]);
  });
});
