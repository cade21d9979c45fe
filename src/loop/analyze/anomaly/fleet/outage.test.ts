import fc from 'fast-check';
import { groupOutages, type WorkloadFinding } from './outage.ts';

const MINUTE = 60_000;
const OPTIONS = { watched: 20, windowMs: 5 * MINUTE, leastWorkloads: () => 3 };

function found(workload: string, minute: number, kind = 'missing'): WorkloadFinding {
  return { workload, kind, since: minute * MINUTE };
}

function crowd(size: number, minute: number, kind?: string): WorkloadFinding[] {
  return Array.from({ length: size }, (_, i) => found(`w${i}`, minute + (i % 3), kind));
}

test('a dead exporter under ten thousand workloads is one finding', () => {
  const findings = crowd(10_000, 60);
  const { individual, fleetWide } = groupOutages(findings, { ...OPTIONS, watched: 10_000 });
  expect(individual).toEqual([]);
  expect(fleetWide).toHaveLength(1);
  expect(fleetWide[0]).toMatchObject({ kind: 'missing', since: 60 * MINUTE });
  expect(fleetWide[0]?.workloads).toHaveLength(10_000);
});

test('of a kind that takes more workloads needs more', () => {
  const leastWorkloads = (kind: string): number => (kind === 'missing' ? 3 : 10);
  const options = { ...OPTIONS, leastWorkloads };
  expect(groupOutages(crowd(5, 0, 'slow'), options).fleetWide).toEqual([]);
  expect(groupOutages(crowd(10, 0, 'slow'), options).fleetWide).toHaveLength(1);
  expect(groupOutages(crowd(5, 0), options).fleetWide).toHaveLength(1);
});

test.each([
  ['a fifth of the workloads is not a fleet', crowd(4, 0), 20, 0],
  ['more than a fifth is', crowd(5, 0), 20, 1],
  ['two of two are not', crowd(2, 0), 2, 0],
  ['three of three are', crowd(3, 0), 3, 1],
  ['five of another kind each are not', ['a', 'b', 'c', 'd', 'e'].map((k, i) => found(`w${i}`, 0, k)), 20, 0],
  ['one workload five times is not', Array.from({ length: 5 }, (_, i) => found('w', i)), 5, 0],
  ['five within an hour are not', Array.from({ length: 5 }, (_, i) => found(`w${i}`, 12 * i)), 20, 0],
  ['two events six hours apart are two', [...crowd(6, 0), ...crowd(6, 360)], 20, 2],
  ['nothing is nothing', [], 20, 0],
])('%s', (_, findings, watched, events) => {
  const { individual, fleetWide } = groupOutages(findings, { ...OPTIONS, watched });
  expect(fleetWide).toHaveLength(events);
  if (events === 0) expect(individual).toEqual(findings);
});

test('what each of many workloads has at its own time does not chain to an event', () => {
  const findings = Array.from({ length: 100 }, (_, i) => found(`w${i}`, 2 * i));
  expect(groupOutages(findings, { ...OPTIONS, watched: 100 }).fleetWide).toEqual([]);
});

test("a workload's own finding beside an event stays its own", () => {
  const own = found('w0', 3, 'spike');
  const { individual } = groupOutages([own, ...crowd(8, 0)], OPTIONS);
  expect(individual).toEqual([own]);
});

test('every finding is either individual or in exactly one event', () => {
  const finding = fc.record({
    workload: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    kind: fc.constantFrom('spike', 'missing'),
    since: fc.integer({ min: 0, max: 60 }).map((minute) => minute * MINUTE),
  });
  fc.assert(
    fc.property(
      fc.array(finding, { maxLength: 40 }),
      fc.integer({ min: 1, max: 20 }),
      (findings, watched) => {
        const { individual, fleetWide } = groupOutages(findings, { ...OPTIONS, watched });
        const all = [...individual, ...fleetWide.flatMap((event) => event.findings)];
        expect(all).toHaveLength(findings.length);
        expect(new Set(all)).toEqual(new Set(findings));
        for (const { workloads } of fleetWide) {
          expect(workloads.length).toBeGreaterThanOrEqual(3);
          expect(workloads.length).toBeGreaterThan(watched / 5);
        }
      },
    ),
  );
});
