import { createAlarmLadder } from './alarm-ladder.ts';
import {
  createFleetAnomalies,
  fleetAnomalyView,
  forgetMemberAnomalies,
  observeMemberAnomalies,
  surveyAnomalies,
  type FleetAnomalies,
  type MemberAnomalies,
} from './fleet-anomalies.ts';

const NOW = 1_000_000_000;
const MINUTE = 60_000;

const member = (uid: string, change: Partial<MemberAnomalies> = {}): MemberAnomalies => ({
  uid,
  namespace: 'shop',
  workload: uid,
  measured: undefined,
  ladder: createAlarmLadder(),
  surprises: [0.3, 0.5],
  open: [],
  ...change,
});

function fleetOf(members: readonly MemberAnomalies[], now = NOW): FleetAnomalies {
  const fleet = createFleetAnomalies();
  for (const each of members) observeMemberAnomalies(fleet, now, each);
  return fleet;
}

const many = (count: number, affected: number, since = NOW): MemberAnomalies[] =>
  Array.from({ length: count }, (_, i) =>
    member(`w${i}`, i < affected ? { open: [{ kind: 'Missing', signal: 'metrics', since }] } : {}),
  );

describe('a fleet', () => {
  it('is not known before all were looked at', () => {
    expect(fleetAnomalyView(fleetOf(many(3, 0)), 'w0')).toBeUndefined();
  });

  it('that shows the same at once has one event, told of once', () => {
    const fleet = fleetOf(many(100, 60));
    expect(surveyAnomalies(fleet, NOW)).toMatchObject([{ kind: 'Missing', since: NOW }]);
    expect(fleetAnomalyView(fleet, 'w3')?.fleetWide).toEqual(['Missing']);
    expect(fleetAnomalyView(fleet, 'w99')?.fleetWide).toEqual([]);
    expect(surveyAnomalies(fleet, NOW + 15_000)).toEqual([]);
  });

  it('that shows it here and there has none', () => {
    const fleet = fleetOf(many(100, 10));
    expect(surveyAnomalies(fleet, NOW)).toEqual([]);
    expect(fleetAnomalyView(fleet, 'w3')?.fleetWide).toEqual([]);
  });

  it('forgets who is silent or gone', () => {
    const fleet = fleetOf(many(4, 3));
    forgetMemberAnomalies(fleet, 'w0');
    expect(surveyAnomalies(fleet, NOW)).toEqual([]);
    expect(surveyAnomalies(fleetOf(many(4, 4)), NOW + 6 * MINUTE)).toEqual([]);
  });

  it('asks more of a p-value the more are watched', () => {
    const surprises = (count: number): number => {
      const fleet = fleetOf([...many(count, 0), member('odd', { surprises: [4] })]);
      surveyAnomalies(fleet, NOW);
      return fleetAnomalyView(fleet, 'odd')?.discovery ?? NaN;
    };
    expect(surprises(2)).toBeCloseTo(4);
    expect(surprises(1000)).toBe(Infinity);
  });
});
