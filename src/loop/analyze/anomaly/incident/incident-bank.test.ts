import fc from 'fast-check';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { explainIncident } from './explain-incident.ts';
import { createIncidentBank, createIncidentScore, observeIncident } from './incident-bank.ts';

const DAY = 288;
const FIRST_SLOT = 5_000_000;

interface Run {
  readonly alarms: number[];
  readonly fused: number[];
  readonly continuous: number[];
  readonly kinds: (string | undefined)[];
}

function run(values: readonly number[], stepSeconds = 300): Run {
  const bank = createIncidentBank({ stepSeconds });
  const score = createIncidentScore();
  const result: Run = { alarms: [], fused: [], continuous: [], kinds: [] };
  for (const [i, value] of values.entries()) {
    observeIncident(bank, value, FIRST_SLOT + i, score);
    result.alarms.push(score.alarm);
    result.fused.push(score.fused);
    result.continuous.push(score.continuous);
    result.kinds.push(explainIncident(score.surprises)?.kind);
  }
  return result;
}

function service(days: number, seed = 1): number[] {
  const random = seededRandom(seed);
  return Array.from(
    { length: days * DAY },
    (_, i) => 100 - 40 * Math.cos((2 * Math.PI * i) / DAY) + 4 * normal(random),
  );
}

/** Best on the development files of NAB; on quiet series about one false report in three weeks. */
const THRESHOLD = 3.3;

function reported(alarms: readonly number[], from = 0, to = alarms.length): number {
  return alarms.slice(from, to).filter((alarm) => alarm >= THRESHOLD).length;
}

const at = 10 * DAY + 50;
test.each([
  ['a spike', (v: number, i: number) => (i === at ? 400 : v), ['Range', 'Spread']],
  ['a shift of level', (v: number, i: number) => (i >= at ? v + 60 : v), ['Shift', 'Several', 'Range']],
  ['a line gone flat', (v: number, i: number) => (i >= at ? 80 : v), ['Flat', 'Shape', 'Shift', 'Order']],
  [
    'noise that grows',
    (v: number, i: number) => (i >= at ? v + 30 * Math.sin(i * i) : v),
    ['Spread', 'Shape', 'Several', 'Shift', 'Range'],
  ],
])('%s is reported within six hours, in words that fit', (_, change, kinds) => {
  const { alarms, kinds: said } = run(service(12).map(change));
  const first = alarms.findIndex((alarm, i) => i >= at && alarm >= THRESHOLD);
  expect(first).toBeGreaterThanOrEqual(at);
  expect(first).toBeLessThan(at + 72);
  expect(kinds).toContain(said[first]);
});

test('four quiet series of three weeks bring at most one report a week each', () => {
  const reports = [1, 2, 3, 4].map((seed) => reported(run(service(21, seed)).alarms));
  expect(Math.max(...reports)).toBeLessThanOrEqual(3);
});

test('an incident that lasts is reported once or twice, not at each point', () => {
  const { alarms } = run(service(11).map((v, i) => (i >= at ? v + 80 : v)));
  expect(reported(alarms, at, at + 140)).toBeGreaterThanOrEqual(1);
  expect(reported(alarms, at, at + 140)).toBeLessThanOrEqual(4);
});

test.each([
  ['constant', () => 5],
  ['all zero', () => 0],
  ['binary', (i: number) => (Math.sin(i * i) > 0 ? 1 : 0)],
  ['each value three times', (i: number) => Math.sin(Math.floor(i / 3) / 20)],
  ['enormous', (i: number) => 1e300 * Math.sin(i / 40)],
  ['a counter that is reset each day', (i: number) => (i % DAY) * 1000],
])('a %s series brings no storm of alarms', (_, value) => {
  const { alarms, fused } = run(Array.from({ length: 14 * DAY }, (_, i) => value(i)));
  expect(fused.some(Number.isNaN)).toBe(false);
  expect(reported(alarms)).toBeLessThanOrEqual(6);
});

test('whatever the values, scores are known and in their bounds', () => {
  const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, 1, 1e-320));
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 400 }),
      fc.constantFrom(15, 60, 3600),
      (v, step) => {
        const { alarms, fused, continuous } = run(v, step);
        expect([...alarms, ...fused].every((score) => score >= 0 && score < 24)).toBe(true);
        expect(continuous.every((score) => score >= 0 && score < 1)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test.each([NaN, Infinity, -Infinity])('of %d it learns nothing and answers NaN', (value) => {
  const bank = createIncidentBank({ stepSeconds: 300 });
  const score = createIncidentScore();
  for (const [i, v] of service(2).entries()) observeIncident(bank, v, FIRST_SLOT + i, score);
  const before = structuredClone(bank);
  observeIncident(bank, value, FIRST_SLOT + 2 * DAY, score);
  expect(bank).toEqual(before);
  expect([score.alarm, score.fused, score.p, score.continuous, ...score.surprises]).toEqual(
    Array(4 + score.surprises.length).fill(NaN),
  );
});

test('a score depends on no later value, and a copy of the state goes on as the state does', () => {
  const values = service(4);
  const whole = run(values).fused;
  expect(run(values.slice(0, 3 * DAY)).fused).toEqual(whole.slice(0, 3 * DAY));
  let bank = createIncidentBank({ stepSeconds: 300 });
  const score = createIncidentScore();
  for (const [i, value] of values.entries()) {
    if (i % 200 === 0) bank = structuredClone(bank);
    observeIncident(bank, value, FIRST_SLOT + i, score);
    expect(score.fused).toBe(whole[i]);
  }
});

test('in its first 150 points it raises no alarm and knows no chance', () => {
  const bank = createIncidentBank({ stepSeconds: 300 });
  const score = createIncidentScore();
  for (let i = 0; i < 150; i++) {
    observeIncident(bank, i === 100 ? 1e6 : Math.sin(i), FIRST_SLOT + i, score);
    expect(score.alarm).toBe(0);
    expect(score.p).toBeNaN();
  }
  observeIncident(bank, 0, FIRST_SLOT + 150, score);
  expect(score.p).toBeGreaterThan(0);
});

test.each([0, -60, 86_401, NaN])('a step of %d s is refused', (stepSeconds) => {
  expect(() => createIncidentBank({ stepSeconds })).toThrow(/stepSeconds/);
});
