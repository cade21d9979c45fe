import { readFileSync } from 'node:fs';
import {
  conditionsFixture,
  decisionStatusFixture,
  EXPLAINED_AT,
  explainedObject,
  pendingFixture,
  statusFixture,
  workloadStatusFixture,
} from '../../../test/support/explain-fixture.ts';
import { policyStatusSchema, type PolicyStatus } from '../../api/policy-status.ts';
import { deedOf } from '../../loop/knowledge/recall/recall-text.ts';
import type { RecalledSituation } from '../../loop/knowledge/recall/evidence.ts';
import { explainedPolicy } from './explained-policy.ts';
import { policyView, type ViewOptions } from './policy-view.ts';

function viewOf(
  status: PolicyStatus,
  options: Partial<ViewOptions> & Parameters<typeof explainedObject>[1] = {},
): string {
  const policy = explainedPolicy(explainedObject(status, options));
  return policyView(policy, { now: EXPLAINED_AT, width: 110, decisions: 'Last', ...options });
}

/** One paragraph, so that a test does not depend on where lines break. */
function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

type Decision = typeof decisionStatusFixture;
type Workload = typeof workloadStatusFixture;

function withDecision(change: Partial<Decision>): PolicyStatus {
  return { ...statusFixture, decisions: [{ ...decisionStatusFixture, ...change }] };
}

/** @param left fields of the workload to leave out */
function withWorkload(change: Partial<Workload>, ...left: (keyof Workload)[]): PolicyStatus {
  const workload = Object.entries({ ...workloadStatusFixture, ...change }).filter(
    ([field]) => !left.includes(field as keyof Workload),
  );
  return { ...statusFixture, workloads: [Object.fromEntries(workload) as Workload] };
}

/** @param left fields of the decision to leave out */
function decisionWithout(...left: (keyof Decision)[]): PolicyStatus {
  const decision = Object.entries(decisionStatusFixture).filter(
    ([field]) => !left.includes(field as keyof Decision),
  );
  return { ...statusFixture, decisions: [Object.fromEntries(decision) as Decision] };
}

test('the fixture is a status that the operator may write', () => {
  expect(policyStatusSchema.parse(statusFixture)).toEqual(statusFixture);
});

test.each([100, 110])('no line is longer than %d columns', (width) => {
  const lines = viewOf(statusFixture, { width }).split('\n');
  expect(lines.length).toBeGreaterThan(50);
  for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(width);
});

test('the page of the documentation shows what the command prints', () => {
  const page = readFileSync(new URL('../../../docs/explain.md', import.meta.url), 'utf8');
  expect(page).toContain(`$ kubectl autonomic explain web -n shop\n${viewOf(statusFixture)}\`\`\``);
});

describe('what is happening now', () => {
  test.each<readonly [string, PolicyStatus, string]>([
    ['the replicas', statusFixture, 'Replicas 10 set, 8 ready, 10 recommended (2 to 30 allowed)'],
    [
      'that there is no recommendation, and not 0',
      withWorkload({}, 'recommendedReplicas'),
      '10 set, 8 ready, no recommendation at present',
    ],
    [
      'a change under way',
      { ...statusFixture, pending: pendingFixture },
      'Under way 10→19, begun 2 min ago, ends in 3 min (decision 0f3c9a1e-78)',
    ],
    [
      'what holds decreases',
      statusFixture,
      'Nothing is lowered (ScaleDownHeld: AnomalyHold, for 11 min): no decrease now: the latency',
    ],
    [
      'what is missing',
      statusFixture,
      'Something is missing (Degraded: NoHeadroom, for 11 min): more replicas would not come: 2 of 10 pods',
    ],
    [
      'that all is well',
      { ...statusFixture, conditions: conditionsFixture() },
      'Conditions all as they should be; nothing holds decreases',
    ],
    [
      'no more than the conditions say',
      { ...statusFixture, conditions: conditionsFixture().slice(0, 2) },
      'Conditions all as they should be LAST DECISION',
    ],
    ['that nobody looked yet', {}, 'Note the operator has not looked at this policy yet'],
    [
      'that the policy is newer',
      { ...statusFixture, observedGeneration: 2 },
      'the policy was changed since: this is told of its generation 2, and it has 3',
    ],
  ])('says %s', (_, status, expected) => {
    expect(flat(viewOf(status))).toContain(expected);
  });

  test('Preview is said with the mode, and only there', () => {
    const conditions = conditionsFixture({
      ActionSuspended: ['PreviewMode', "mode is 'Preview'"],
      Ready: ['Previewing', 'as asked'],
    });
    const text = flat(viewOf({ ...statusFixture, conditions }, { mode: 'Preview' }));
    expect(text).toContain('Mode Preview: decisions are made and recorded, none is carried out');
    expect(text).toContain('Conditions all as they should be');
  });
});

describe('a decision', () => {
  test.each<readonly [string, PolicyStatus, string]>([
    [
      'when and what',
      statusFixture,
      'ScaleUp 5→10 at 2026-11-27 18:01:00Z (12 min ago), mode Apply, id 0f3c9a1e-77',
    ],
    ['each proposal', statusFixture, 'Reactive objective.requests 5 the fewest that serve 29.3 requests/s'],
    [
      'the forecast',
      statusFixture,
      'objective.requests peaks at 147 within 60 s (median), at 172 or less with 95 %; confidence High',
    ],
    [
      'what it is made up of, without what adds nothing',
      statusFixture,
      'made up of 29.3 (the newest value) − 1.5 (the last hour) + 1.01 (the usual step from value to value) + 118 (earlier',
    ],
    [
      'one fewer and one more',
      statusFixture,
      '19 1.36 % 22.9 one fewer 20 0.369 % 21.4 as planned 21 0.148 % 21.6 one more',
    ],
    [
      'what the price would change',
      statusFixture,
      'price of 22.3 (15 is usual). At 11.2 it would be 19, at 44.6 21.',
    ],
    [
      'guards that changed it',
      statusFixture,
      'Rate changed 20→10 at most 10 replicas now: the larger of 4 pods in 15 s and 100 % in 15 s 3 others let it pass',
    ],
    [
      'what came of it',
      statusFixture,
      'Met at 2026-11-27 18:06:00Z: objective violated for 0 of 300 measured seconds (0.833 replica-hours, cost 0.02)',
    ],
    [
      'an expectation that nobody knows',
      withDecision({
        stock: {
          ...decisionStatusFixture.stock!,
          outcomes: [{ replicas: 1 }, { replicas: 2, badPercent: '1e-9', cost: '2' }],
        },
      }),
      '1 not known not known as planned 2 <0.001 % 2 one more',
    ],
    [
      'what one replica was expected to come to where none is kept',
      withDecision({
        stock: {
          ...decisionStatusFixture.stock!,
          outcomes: [{ replicas: 1, badPercent: '0', cost: '1' }],
        },
      }),
      '1 0 % 1 one more',
    ],
    [
      'a guard without words',
      withDecision({
        guards: [{ guard: 'Rate', outcome: 'Clamp', before: 9, after: 7, reason: 'ScaleUpLimit' }],
      }),
      'Rate changed 9→7 ScaleUpLimit',
    ],
    [
      'that every guard let it pass',
      withDecision({ guards: [{ guard: 'Rate', outcome: 'Pass', before: 9, after: 9 }] }),
      'Guards all 1 let it pass',
    ],
    [
      'that no metric could speak',
      withDecision({ proposals: [] }),
      'Proposals none: no metric could ask for replicas',
    ],
    ['that none was taken', { ...statusFixture, decisions: [] }, 'LAST DECISION Decided none yet'],
    ['that nothing was remembered', decisionWithout('memory'), 'Memory nothing similar was remembered'],
  ])('says %s', (_, status, expected) => {
    expect(flat(viewOf(status))).toContain(expected);
  });

  test.each<readonly [string, Partial<Decision>, readonly (keyof Decision)[], string]>([
    [
      'not carried out, and who refused',
      {
        state: 'Proposed',
        guards: [{ guard: 'Mode', outcome: 'Veto', before: 10, after: 5, message: 'spec.mode is Preview' }],
      },
      ['outcome'],
      'Proposed: not carried out, refused by Mode',
    ],
    ['about to be carried out', { state: 'Intended' }, ['outcome'], 'Intended: about to be carried out'],
    [
      'being measured, and how long',
      { state: 'Applied', id: '0f3c9a1e-78' },
      ['outcome'],
      'Applied: carried out; what comes of it is being measured, for another 3 min',
    ],
    ['given up', { state: 'Aborted' }, ['outcome'], 'Aborted: given up, nothing was changed'],
    [
      'carried out with nothing known',
      { state: 'Closed' },
      ['outcome'],
      'Closed: carried out; what came of it is not known',
    ],
  ])('is said to be %s', (_, change, left, expected) => {
    const [decision] = decisionWithout(...left).decisions ?? [];
    const decisions = [{ ...decision!, ...change }];
    const text = flat(viewOf({ ...statusFixture, pending: pendingFixture, decisions }));
    expect(text).toContain(`State ${expected}`);
    expect(text).not.toContain('Outcome');
  });

  const three: PolicyStatus = {
    ...statusFixture,
    decisions: ['d3', 'd2', 'd1'].map((id) => ({ ...decisionStatusFixture, id })),
  };

  test.each<readonly [ViewOptions['decisions'], readonly string[], string]>([
    ['Last', ['d3'], '2 more decisions are kept: --all shows them'],
    ['All', ['d3', 'd2', 'd1'], 'DECISION 3 OF 3, NEWEST FIRST'],
    [{ id: 'd2' }, ['d2'], '2 more decisions are kept'],
  ])('%j are those that were asked for', (decisions, ids, expected) => {
    const text = viewOf(three, { decisions });
    expect([...text.matchAll(/, id (d\d)/g)].map(([, id]) => id)).toEqual(ids);
    expect(text).toContain(expected);
  });
});

describe('what is remembered', () => {
  test('is a sentence and a table, once where decision and present agree', () => {
    const text = viewOf(statusFixture);
    expect(text.match(/WHEN +POLICY +SIMILAR +REPLICAS +RESULT +WHAT CAME OF IT/g)).toHaveLength(1);
    expect(flat(text)).toContain(
      'Of 7 similar situations 6 succeeded; confidence Medium. Cheapest in them would have been Quantile95, ' +
        "the forecast's 95 % quantile.",
    );
    expect(text).toMatch(
      /2026-11-26 18:00Z +shop\/web +93 % +5→19 +Succeeded +as Balanced by way of 20: objective/,
    );
  });

  test('has a table of its own at the decision where it was of other situations', () => {
    const { neighbours } = decisionStatusFixture.memory!;
    const memory = {
      ...decisionStatusFixture.memory!,
      neighbours: neighbours.map((each) => ({ ...each, time: '2026-10-01T00:00:00Z' })),
    };
    expect(viewOf(withDecision({ memory })).match(/WHAT CAME OF IT/g)).toHaveLength(2);
  });

  test('is said in a line to be nothing', () => {
    expect(flat(viewOf(withWorkload({}, 'memory')))).toContain(
      'SITUATIONS LIKE THE PRESENT ONE Memory nothing similar is remembered UNUSUAL',
    );
  });

  const situation: RecalledSituation = {
    id: 'uid/1',
    at: EXPLAINED_AT,
    policy: { namespace: 'shop', name: 'web' },
    workload: { kind: 'Deployment', name: 'web' },
    own: true,
    distance: 0.5,
    summary: 'demand rising',
    action: { from: 4, to: 7, peak: 9, arm: 'Calm' },
    outcome: { violatedShare: 0.0123, badShare: 0.001, costOverOracle: 1.256, rollbacks: 1 },
    succeeded: false,
    censored: [],
  };
  const unmeasured = { violatedShare: null, badShare: null, costOverOracle: null, rollbacks: 0 };

  test.each<readonly [string, string]>([
    [
      deedOf(situation),
      'as Calm by way of 9: objective violated 1.23 % of the time, cost 1.26 × what was needed, 1 undone',
    ],
    [
      deedOf({
        ...situation,
        action: { from: 4, to: 4, peak: 4, arm: 'Quantile90' },
        succeeded: null,
        censored: ['Gap'],
        outcome: unmeasured,
      }),
      'as Quantile90, not judged: Gap',
    ],
    [
      deedOf({ ...situation, succeeded: true, outcome: unmeasured }),
      'as Calm by way of 9: nothing was measured',
    ],
    ['Of another form altogether.', 'Of another form altogether.'],
  ])('%s: numbers and verdict, which have columns, are not said twice', (message, expected) => {
    const neighbours = [{ ...workloadStatusFixture.memory!.neighbours[0]!, message }];
    const memory = { ...workloadStatusFixture.memory!, neighbours };
    const text = flat(viewOf({ ...withWorkload({ memory }), decisions: [] }));
    expect(text).toContain(`5→19 Succeeded ${expected} UNUSUAL`);
  });
});

describe('what is unusual', () => {
  const text = flat(viewOf(statusFixture));

  test.each([
    'Degradation latency, severity High, since 2026-11-27 18:01Z (12 min ago); nothing is lowered while it lasts',
    'the latency is 0.324 where 0.0708 is usual (by chance with a probability of 9e-11)',
    'First moved: queue, at 2026-11-27 17:58Z',
    'Suspected is db: the latency became unusual 4 min before, along the calls web → cart → db',
    'Seen before: like that of 2026-11-12 14:03 UTC, which was over after 12 min',
    'Runbook: The shop answers slowly (ConfigMap shop/runbook)',
    'Look at the connections of the database first:',
  ])('says: %s', (expected) => {
    expect(text).toContain(expected);
  });

  test('a passage keeps its lines and their indents', () => {
    expect(viewOf(statusFixture)).toMatch(/\n {17}Look at the connections .*\n {19}kubectl exec /);
  });

  test.each<readonly [string, PolicyStatus, string]>([
    [
      'none',
      { ...withWorkload({}, 'anomalies'), conditions: conditionsFixture() },
      'Anomalies none is open NEXT',
    ],
    [
      'none, while nobody can know',
      {
        ...withWorkload({}, 'anomalies'),
        conditions: conditionsFixture({ BaselineKnown: ['Learning', 'less than a day'] }),
      },
      'none is open; what is usual is not known yet',
    ],
  ])('%s is said so', (_, status, expected) => {
    expect(flat(viewOf(status))).toContain(expected);
  });
});

test('the week ahead is one line, in units and days', () => {
  expect(flat(viewOf(statusFixture))).toContain(
    'NEXT SEVEN DAYS cpu up to 13.1 cores on 2026-11-28, confidence High; up to 20.0 replicas on 2026-11-27, ' +
      'confidence Medium; cost 22.32 in 2 days, confidence Medium; no forecast of network (by 14 days of history)',
  );
});

test.each<readonly [string, PolicyStatus]>([
  ['nothing', {}],
  ['only a workload', withWorkload({}, 'memory', 'anomalies', 'predictions', 'recommendedReplicas')],
  [
    'a decision without reasons',
    { decisions: decisionWithout('forecast', 'stock', 'memory', 'outcome').decisions },
  ],
])('of a status with %s nothing is undefined, NaN or empty', (_, status) => {
  const text = viewOf(status);
  expect(text).not.toMatch(/undefined|NaN|null|\[object/);
  expect(text).not.toMatch(/\n\n\n|^\n/);
  expect(text.endsWith('\n')).toBe(true);
});

test('control characters from the cluster do not reach the terminal', () => {
  expect(viewOf(withDecision({ message: 'demand fell \u001b[31mred' }))).toContain(
    'demand fell \ufffd[31mred',
  );
});
