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

describe('a latency that begins', () => {
  const LAST = 1440;
  const NOTICED = (LAST + 1) * MINUTE + 5000;

  /** An hour of a workload that has been slow for so many minutes, and of one who says so. */
  function hour(
    fleet: FleetAnomalies,
    uid: string,
    change: Partial<MemberAnomalies> & { slow?: number },
  ): void {
    const { slow = 0, ...rest } = change;
    for (let ago = 59; ago >= 0; ago -= 1) {
      const usual = 0.2 + 0.01 * ((7 * ago) % 5);
      const measured = {
        minute: LAST - ago,
        values: { load: 100, latency: ago < slow ? 4 * usual : usual, errors: NaN },
        surprise: ago < slow ? 6 : 0.3,
      };
      observeMemberAnomalies(fleet, NOTICED, member(uid, { ...(ago === 0 ? rest : {}), measured }));
    }
  }

  const slowNow = { kind: 'Degradation', signal: 'latency', since: NOTICED } as const;

  function surveyed(others: Record<string, Partial<MemberAnomalies> & { slow?: number }>): FleetAnomalies {
    const fleet = createFleetAnomalies();
    surveyAnomalies(fleet, NOTICED - 10_000);
    hour(fleet, 'web', { slow: 1, open: [slowNow] });
    for (const [uid, change] of Object.entries(others)) hour(fleet, uid, change);
    surveyAnomalies(fleet, NOTICED + 5000);
    return fleet;
  }
  const suspectsOf = (fleet: FleetAnomalies, uid = 'web') => fleetAnomalyView(fleet, uid)?.suspects;

  it('has those of the same namespace as suspects who were slow before', () => {
    const fleet = surveyed({ db: { slow: 3 }, foreign: { slow: 3, namespace: 'other' }, calm: {} });
    expect(suspectsOf(fleet)).toMatchObject([
      { signal: 'latency', since: NOTICED, suspects: [{ workload: 'db', leadMs: 2 * MINUTE }] },
    ]);
    expect(suspectsOf(fleet, 'db')).toEqual([]);
  });

  it('keeps them as long as it lasts', () => {
    const fleet = surveyed({ db: { slow: 3 } });
    surveyAnomalies(fleet, NOTICED + 20_000);
    expect(suspectsOf(fleet)?.[0]?.suspects).toHaveLength(1);
    observeMemberAnomalies(fleet, NOTICED + 30_000, member('web'));
    surveyAnomalies(fleet, NOTICED + 35_000);
    expect(suspectsOf(fleet)).toEqual([]);
  });

  it('has none when all have it', () => {
    const all = { slow: 3, open: [slowNow] };
    const others = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`w${i}`, all]));
    expect(suspectsOf(surveyed(others))).toEqual([]);
  });

  it('is looked into three at a time', () => {
    const fleet = createFleetAnomalies();
    surveyAnomalies(fleet, NOTICED - 10_000);
    for (let i = 0; i < 100; i += 1) hour(fleet, `w${i}`, i % 10 === 0 ? { slow: 1, open: [slowNow] } : {});
    surveyAnomalies(fleet, NOTICED + 5000);
    const named = [...fleet.members.keys()].filter((uid) => suspectsOf(fleet, uid)?.length === 1);
    expect(named).toHaveLength(3);
  });

  it('follows the calls that are known', () => {
    const fleet = createFleetAnomalies();
    surveyAnomalies(fleet, NOTICED - 10_000);
    hour(fleet, 'web', { slow: 1, open: [slowNow] });
    hour(fleet, 'db', { slow: 1 });
    const calls = (namespace: string) => (namespace === 'shop' ? [{ caller: 'web', callee: 'db' }] : []);
    surveyAnomalies(fleet, NOTICED + 5000, calls);
    expect(suspectsOf(fleet)?.[0]?.suspects).toMatchObject([{ workload: 'db', path: ['web', 'db'] }]);
  });

  it('is not looked into again when the operator begins anew', () => {
    const fleet = createFleetAnomalies();
    hour(fleet, 'web', { slow: 1, open: [slowNow] });
    hour(fleet, 'db', { slow: 3 });
    surveyAnomalies(fleet, NOTICED + 5000);
    expect(suspectsOf(fleet)).toEqual([]);
  });
});
