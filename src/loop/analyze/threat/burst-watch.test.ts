import fc from 'fast-check';
import { createAuditTally, tallyAudit, tallyOfServer, type AuditFact } from './audit-tally.ts';
import { openBursts } from './burst-findings.ts';
import type { BurstState } from './burst-state.ts';
import { createBurstState, isLearning, surveyBursts } from './burst-watch.ts';
import { OTHER_SOURCES } from './rate-table.ts';

const SECONDS = 15;
const REFUSED: AuditFact = {
  verb: 'list',
  user: 'system:serviceaccount:shop:robot',
  agent: 'robot/1',
  address: '10.0.0.7',
  namespace: 'bank',
  resource: 'secrets',
  subresource: '',
  code: 403,
};
const EXEC: AuditFact = { ...REFUSED, verb: 'create', resource: 'pods', subresource: 'exec', code: 101 };
const LIST: AuditFact = { ...REFUSED, code: 200 };

/** A watch that is fed interval by interval. */
class Watch {
  readonly state: BurstState = createBurstState();
  now = 0;

  interval(...facts: readonly (readonly [AuditFact, number])[]): void {
    const tally = createAuditTally();
    for (const [fact, times] of facts) for (let time = 0; time < times; time += 1) tallyAudit(tally, fact);
    this.now += SECONDS * 1000;
    surveyBursts(this.state, tally, { now: this.now, seconds: SECONDS, quietMs: 60_000 });
  }

  intervals(count: number, ...facts: readonly (readonly [AuditFact, number])[]): void {
    for (let time = 0; time < count; time += 1) this.interval(...facts);
  }

  get found(): ReturnType<typeof openBursts> {
    return openBursts(this.state, 'Audit');
  }
}

function learned(...usual: readonly (readonly [AuditFact, number])[]): Watch {
  const watch = new Watch();
  watch.intervals(40, ...usual);
  expect(watch.found).toEqual([]);
  return watch;
}

test('a burst of refused requests opens one finding, with user, address and program as its evidence', () => {
  const watch = learned();
  watch.interval([REFUSED, 60]);
  const [finding, ...others] = watch.found;
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ kind: 'BruteForce', severity: 'High', since: watch.now, elsewhere: 0 });
  expect(finding?.message).toMatch(
    /^60 refused requests of user system:serviceaccount:shop:robot in one interval/,
  );
  expect(finding?.evidence).toHaveLength(3);
  expect([...(finding?.namespaces ?? [])]).toEqual([
    ['bank', 0.5],
    ['shop', 1],
  ]);
  expect(finding?.probability).toBeCloseTo(0.75, 3);
});

test('it is over when nothing was strange for the stated time, and not before', () => {
  const watch = learned();
  watch.interval([REFUSED, 60]);
  watch.intervals(3);
  expect(watch.found).toHaveLength(1);
  watch.interval();
  expect(watch.found).toEqual([]);
});

test('a smaller burst needs two intervals in a row', () => {
  const watch = learned();
  watch.interval([REFUSED, 25]);
  expect(watch.found).toEqual([]);
  watch.interval([REFUSED, 25]);
  expect(watch.found).toHaveLength(1);
});

test('a single strange interval is forgotten', () => {
  const watch = learned();
  watch.interval([REFUSED, 25]);
  watch.interval();
  watch.interval([REFUSED, 25]);
  expect(watch.found).toEqual([]);
});

test('what failed while the operator was learning is usual', () => {
  const watch = new Watch();
  watch.intervals(100, [REFUSED, 60]);
  expect(watch.found).toEqual([]);
  expect(isLearning(watch.state)).toBe(false);
  watch.intervals(5, [REFUSED, 600]);
  expect(watch.found).toHaveLength(1);
});

test('a burst does not become usual within minutes, but within a day', () => {
  const watch = learned();
  watch.intervals(20, [REFUSED, 60]);
  expect(watch.found).toHaveLength(1);
  watch.intervals(5760, [REFUSED, 60]);
  expect(watch.found).toEqual([]);
});

test('a job that fails a hundred times each hour is told a few times, and is usual then', () => {
  const watch = learned();
  let told = 0;
  for (let hour = 0; hour < 48; hour += 1) {
    watch.interval([REFUSED, 100]);
    told += watch.found.length;
    watch.intervals(239);
  }
  expect(told).toBeGreaterThanOrEqual(1);
  expect(told).toBeLessThanOrEqual(12);
});

test.each([
  ['commands in pods belong to the namespace of the pods', EXEC, 'bank', 1],
  ['lists of Secrets belong to who reads them', LIST, 'shop', 1],
])('%s', (_name, fact, namespace, weight) => {
  const watch = learned();
  watch.interval([fact, 60]);
  expect(watch.found).toMatchObject([{ kind: 'Exfiltration' }]);
  expect(watch.found[0]?.namespaces.get(namespace)).toBe(weight);
});

test.each([
  ['an allowed request', { ...REFUSED, resource: 'pods', code: 200 }],
  ['a request that is not found', { ...REFUSED, code: 404 }],
  ['a refused command is no command', { ...EXEC, code: 404 }],
  ['one Secret', { ...LIST, verb: 'get' }],
])('%s is not counted', (_name, fact) => {
  const watch = learned();
  watch.intervals(3, [fact, 1000]);
  expect(watch.found).toEqual([]);
});

test('who was not recognised is known by address and program only', () => {
  const watch = learned();
  watch.interval([{ ...REFUSED, user: 'system:anonymous', code: 401 }, 60]);
  expect(watch.found[0]?.evidence).toHaveLength(2);
  expect([...(watch.found[0]?.namespaces.values() ?? [])]).toEqual([0.5]);
});

test("the API server's own counters find a burst of nobody in particular, told everywhere", () => {
  const state = createBurstState();
  let now = 0;
  const minute = (unauthenticated: number): void => {
    now += 60_000;
    const tally = tallyOfServer({ unauthenticated, notAllowed: 20 });
    surveyBursts(state, tally, { now, seconds: 60, quietMs: 60_000 });
  };
  for (let count = 0; count < 60; count += 1) minute(count % 3);
  expect(openBursts(state, 'Server')).toEqual([]);
  minute(400);
  expect(openBursts(state, 'Server')).toMatchObject([{ kind: 'BruteForce', elsewhere: 0.5 }]);
});

test('a flood of names fills no memory, and the address that they come from is found', () => {
  const watch = learned();
  watch.interval(
    ...Array.from({ length: 5000 }, (_, index): [AuditFact, number] => [
      { ...REFUSED, user: `user-${index}`, agent: `agent-${index}`, namespace: `n-${index}` },
      1,
    ]),
  );
  for (const { sources } of watch.state.tables.values()) expect(sources.size).toBeLessThanOrEqual(513);
  const [finding] = watch.found;
  expect(finding?.evidence.some((line) => line.includes('from 10.0.0.7'))).toBe(true);
  expect(finding?.evidence.some((line) => line.includes(OTHER_SOURCES))).toBe(true);
  expect(finding?.namespaces.size).toBeLessThanOrEqual(100);
});

test('counts that scatter as they always did open nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 60, maxLength: 60 }),
      fc.integer({ min: 0, max: 12 }),
      (past, count) => {
        const watch = new Watch();
        for (const before of past) watch.interval([REFUSED, before]);
        watch.interval([REFUSED, count]);
        expect(watch.found).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});
