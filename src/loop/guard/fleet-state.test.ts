import { HOUR, MINUTE, NOW, SECOND } from '../../../test/support/loop-fixtures.ts';
import {
  createFleetState,
  fleetView,
  forgetMember,
  observeMember,
  surveyFleet,
  type FleetReport,
  type FleetState,
} from './fleet-state.ts';
import type { FleetDoubt } from './fleet-view.ts';

type Workload = Partial<FleetReport> & { readonly need?: number | undefined };

const report = (index: number, { need = 20, ...change }: Workload): FleetReport => ({
  uid: `p${index}`,
  namespace: index % 2 === 0 ? 'even' : 'odd',
  current: 20,
  wanted: 20,
  needs: [{ source: index % 2 === 0 ? 'cpu' : 'queries', replicas: need }],
  decided: undefined,
  ...change,
});

/** Rounds of 15 s: a survey, and then each policy's report; what the surveys found. */
function rounds(
  ...[fleet, from, minutes, workload, size = 20]: [
    fleet: FleetState,
    from: number,
    minutes: number,
    workload: (index: number) => Workload,
    size?: number,
  ]
): readonly FleetDoubt[] {
  const found: FleetDoubt[] = [];
  for (let now = from; now < from + minutes * MINUTE; now += 15 * SECOND) {
    found.push(...surveyFleet(fleet, now));
    for (let i = 0; i < size; i += 1) observeMember(fleet, now, report(i, workload(i)));
  }
  return found;
}

const steady = (): Workload => ({});
/** So many of them fall to nothing and want to be lowered. */
const fallen =
  (count: number): ((index: number) => Workload) =>
  (index) =>
    index < count ? { need: 0, wanted: 1 } : {};

describe('the doubt of the whole fleet', () => {
  test('is not raised by a quiet day, nor by an ebb', () => {
    const fleet = createFleetState();
    let found = rounds(fleet, NOW, 10, steady);
    for (let i = 0; i < 120; i += 1) {
      const need = Math.ceil(20 * 0.99 ** i);
      found = [
        ...found,
        ...rounds(fleet, NOW + (10 + i) * MINUTE, 1, () => ({ need, current: need + 1, wanted: need })),
      ];
    }
    expect(found).toEqual([]);
  });

  test.each([
    [4, 20, false],
    [5, 20, true],
    [5, 25, false],
    [6, 25, true],
    [4, 4, false],
  ])('%d of %d that want far fewer at once: %s', (count, size, raised) => {
    const fleet = createFleetState();
    // Demand that is not known leaves the wishes to speak for themselves.
    rounds(fleet, NOW, 10, () => ({ needs: [] }), size);
    rounds(fleet, NOW + 10 * MINUTE, 1, (i) => (i < count ? { needs: [], wanted: 1 } : { needs: [] }), size);
    expect(fleetView(fleet, 'p0', NOW + 11 * MINUTE)?.doubt !== undefined).toBe(raised);
  });

  test('comes before the first large decrease: the first round only asks', () => {
    const fleet = createFleetState();
    rounds(fleet, NOW, 10, steady);
    const outage = NOW + 10 * MINUTE;
    surveyFleet(fleet, outage);
    for (let i = 0; i < 20; i += 1) {
      expect(fleetView(fleet, `p${i}`, outage)).toMatchObject({ asked: false });
      observeMember(fleet, outage, report(i, { need: 0, wanted: 1 }));
    }
    const [doubt] = surveyFleet(fleet, outage + 15 * SECOND);
    expect(doubt?.message).toBe('20 of 20 workloads of the fleet want far fewer replicas at once');
    for (let i = 0; i < 20; i += 1) {
      expect(fleetView(fleet, `p${i}`, outage + 15 * SECOND)?.doubt?.until).toBe(
        outage + 15 * SECOND + 30 * MINUTE,
      );
    }
  });

  test('is raised by the demand alone, before anybody may want anything', () => {
    const fleet = createFleetState();
    rounds(fleet, NOW, 10, steady);
    const found = rounds(fleet, NOW + 10 * MINUTE, 1, (i) => ({ need: i < 10 ? 0 : 20 }));
    expect(found[0]?.message).toBe(
      "the demand on the fleet fell from 400 to 200 replicas' worth within 1 min",
    );
  });

  test('is not raised by one giant that really ends', () => {
    const fleet = createFleetState();
    const giant = (need: number) => (i: number) => (i === 0 ? { need, current: 900 } : {});
    rounds(fleet, NOW, 10, giant(900));
    expect(rounds(fleet, NOW + 10 * MINUTE, 5, giant(0))).toEqual([]);
  });

  test('ends after half an hour, and does not begin again for the same drop', () => {
    const fleet = createFleetState();
    rounds(fleet, NOW, 10, steady);
    const found = rounds(fleet, NOW + 10 * MINUTE, 60, fallen(20));
    expect(found.filter(({ message }) => message.includes('the fleet'))).toHaveLength(1);
    expect(fleetView(fleet, 'p0', NOW + 70 * MINUTE)?.doubt).toBeUndefined();
  });

  test('ends when the load is seen again', () => {
    const fleet = createFleetState();
    rounds(fleet, NOW, 10, steady);
    rounds(fleet, NOW + 10 * MINUTE, 3, fallen(20));
    expect(fleetView(fleet, 'p0', NOW + 13 * MINUTE)?.doubt).toBeDefined();
    rounds(fleet, NOW + 13 * MINUTE, 2, steady);
    expect(fleetView(fleet, 'p0', NOW + 15 * MINUTE)?.doubt).toBeUndefined();
  });

  test('is not raised by those who have wanted fewer for long and may not have them', () => {
    const fleet = createFleetState();
    rounds(fleet, NOW, 40, fallen(10));
    const found = rounds(fleet, NOW + 40 * MINUTE, 30, fallen(11));
    expect(found).toEqual([]);
  });
});

describe('the doubt of a part', () => {
  test('concerns the namespace in which the drop is, and no other', () => {
    const fleet = createFleetState();
    const size = 60;
    rounds(fleet, NOW, 10, steady, size);
    // Every fifth of the even ones: few of all, many of theirs.
    rounds(fleet, NOW + 10 * MINUTE, 1, (i) => (i % 10 === 0 || i % 10 === 4 ? { wanted: 1 } : {}), size);
    expect(fleetView(fleet, 'p0', NOW + 11 * MINUTE)?.doubt?.message).toMatch(
      /^12 of 30 workloads of (namespace|source)/,
    );
    expect(fleetView(fleet, 'p1', NOW + 11 * MINUTE)?.doubt).toBeUndefined();
  });

  test('concerns the source that fell silent', () => {
    const fleet = createFleetState();
    const both = (queries: number) => () => ({
      needs: [
        { source: 'cpu', replicas: 20 },
        { source: 'queries', replicas: queries },
      ],
    });
    rounds(fleet, NOW, 10, both(18));
    const found = rounds(fleet, NOW + 10 * MINUTE, 1, both(0));
    expect(found.map(({ message }) => message)).toEqual([
      "the demand on source queries fell from 360 to 0 replicas' worth within 1 min",
    ]);
  });
});

describe('large decreases', () => {
  const lowering = (count: number) => (i: number) => (i < count ? { decided: 10 } : {});

  test('are not counted in a fleet of fewer than five', () => {
    const fleet = createFleetState();
    rounds(fleet, NOW, 1, lowering(4), 4);
    expect(fleetView(fleet, 'p0', NOW + MINUTE)).toBeUndefined();
  });

  test.each([
    [10, 5],
    [100, 5],
    [200, 10],
  ])('in a fleet of %d may concern %d workloads in ten minutes', (size, slots) => {
    const fleet = createFleetState();
    rounds(fleet, NOW, 1, lowering(slots), size);
    const last = `p${size - 1}`;
    expect(fleetView(fleet, last, NOW + MINUTE)).toMatchObject({ slotFree: false, slots });
    expect(fleetView(fleet, 'p0', NOW + MINUTE)?.slotFree).toBe(true);
    rounds(fleet, NOW + MINUTE, 10, steady, size);
    expect(fleetView(fleet, last, NOW + 11 * MINUTE)?.slotFree).toBe(true);
  });

  test('take their place at once, within the round', () => {
    const fleet = createFleetState();
    rounds(fleet, NOW, 1, steady);
    const now = NOW + MINUTE;
    surveyFleet(fleet, now);
    for (let i = 0; i < 5; i += 1) observeMember(fleet, now, report(i, { decided: 10 }));
    expect(fleetView(fleet, 'p9', now)?.slotFree).toBe(false);
  });
});

test('a policy that is gone or silent is no longer a part of the fleet', () => {
  const fleet = createFleetState();
  rounds(fleet, NOW, 1, steady, 6);
  for (const uid of ['p0', 'p1']) forgetMember(fleet, uid);
  surveyFleet(fleet, NOW + MINUTE);
  expect(fleet.size).toBe(4);
  surveyFleet(fleet, NOW + HOUR);
  expect(fleet.size).toBe(0);
});
