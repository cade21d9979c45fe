import type { Agreement } from '../support/hpa-agreement.ts';
import { HpaBench } from '../support/hpa-bench.ts';
import { HPA_CASES, type HpaCase } from '../support/hpa-cases.ts';
import { agreementTable, total } from '../support/hpa-report.ts';

// Does the simulator's HPA decide as the one in kube-controller-manager? Both get the same inputs, decision by
// decision: the metrics that were served, the pods that were there, the replicas that were asked for.

/** About two and a half minutes: every script goes through its load at least twice. */
const SYNCS = 70;
const PLAY_MS = 240_000;

let bench: HpaBench;
let compared: ReadonlyMap<HpaCase, Agreement>;

beforeAll(async () => {
  bench = await HpaBench.start(HPA_CASES);
  await bench.play(SYNCS, PLAY_MS);
  compared = await bench.compare();
  process.stderr.write(agreementTable(compared));
}, 420_000);

afterAll(async () => {
  await bench.stop();
});

test('there is enough to compare: decisions of every kind, many of which change the replicas', () => {
  const { decisions, changes } = total(compared.values());
  expect(decisions).toBeGreaterThanOrEqual(1500);
  expect(changes).toBeGreaterThanOrEqual(200);
  const still = [...compared].filter(([, { changes: count }]) => count === 0).map(([{ name }]) => name);
  expect(still).toEqual([]);
});

test('the rival decides as the HPA in at least 95 % of all decisions, and nearly so of those that change replicas', () => {
  const { decisions, equal, changes, equalChanges } = total(compared.values());
  expect(equal / decisions).toBeGreaterThanOrEqual(0.95);
  // With a sync every two seconds status.replicas lags more often than in life; a rival without windows gets 0.71.
  expect(equalChanges / changes).toBeGreaterThanOrEqual(0.93);
});

test('differences have an explanation: another input that the HPA may have had makes the two agree', () => {
  const { decisions, differences } = total(compared.values());
  const unexplained = differences.filter(({ explanation }) => explanation === 'none found');
  // A machine that stands still for a second can hide what the HPA saw.
  expect(unexplained.length / decisions).toBeLessThanOrEqual(0.005);
});
