import {
  contextFixture,
  HOUR,
  MINUTE,
  NOW,
  policyFixture,
  safetyFixture,
  SECOND,
} from '../../../test/support/loop-fixtures.ts';
import type { FleetView } from './fleet-view.ts';
import { clamp, PASS, veto, type GuardContext, type Verdict } from './guard.ts';
import { GUARDS } from './guards.ts';
import { createScalingHistory, recordScaleEvent } from './history.ts';
import { createRollbacks, type Rollbacks } from './rollback.ts';

type Case = readonly [sentence: string, value: number, context: Partial<GuardContext>, verdict: Verdict];

function changed(from: number, to: number, secondsAgo: number): GuardContext['history'] {
  const history = createScalingHistory();
  recordScaleEvent(history, NOW - secondsAgo * SECOND, from, to);
  return history;
}

const safe = (change: Partial<GuardContext['safety']>) => ({ safety: safetyFixture(change) });
const fell = (ago: number) =>
  safe({ fall: { at: NOW - ago, message: 'requests fell from 900 to 0 at once' } });
const regrets = (change: Partial<Rollbacks>) => safe({ rollbacks: { ...createRollbacks(), ...change } });
const fleet = (change: Partial<FleetView>) => ({
  fleet: { doubt: undefined, asked: true, slotFree: true, slots: 5, ...change },
});
const watching = policyFixture({ observationSeconds: 300 });

/** 5 replicas of 2 to 20 unless the case says otherwise. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  SuddenDrop: [
    ['passes when demand did not fall out of the blue', 2, {}, PASS],
    ['passes an increase whatever fell', 6, fell(0), PASS],
    [
      'waits three minutes',
      2,
      fell(3 * MINUTE - 1),
      veto('SuddenDrop', 'requests fell from 900 to 0 at once: no decrease before 2026-05-04T09:00:00.001Z'),
    ],
    [
      'then goes down by a tenth in five minutes',
      2,
      { ...fell(3 * MINUTE), current: 20 },
      clamp(18, 'SuddenDropPace', 'requests fell from 900 to 0 at once: at most 10 % fewer in 5 min'),
    ],
    [
      'counts what was taken away within the five minutes',
      2,
      { ...fell(3 * MINUTE), current: 18, history: changed(20, 18, 299) },
      clamp(18, 'SuddenDropPace', 'requests fell from 900 to 0 at once: at most 10 % fewer in 5 min'),
    ],
    [
      'takes one at least, or a few replicas would never become less',
      2,
      fell(3 * MINUTE),
      clamp(4, 'SuddenDropPace', 'requests fell from 900 to 0 at once: at most 10 % fewer in 5 min'),
    ],
  ],
  BlastRadius: [
    ['passes where there is no fleet', 2, {}, PASS],
    ['passes a large decrease that the fleet has been asked about', 2, fleet({}), PASS],
    ['passes a small one that it has not', 4, fleet({ asked: false, slotFree: false }), PASS],
    ['passes an increase', 9, fleet({ asked: false, slotFree: false }), PASS],
    [
      'holds a large one until the fleet has been asked',
      2,
      fleet({ asked: false }),
      veto('FleetNotAsked', 'a large decrease waits until all other policies have been looked at'),
    ],
    [
      'holds a large wish of which the rates have made a small step',
      4,
      { wanted: 1, ...fleet({ asked: false }) },
      veto('FleetNotAsked', 'a large decrease waits until all other policies have been looked at'),
    ],
    [
      'makes a large one small when as many as may be were lowered',
      2,
      { ...fleet({ slotFree: false }), current: 20 },
      clamp(
        16,
        'BlastRadius',
        '5 workloads were lowered by large steps within ten minutes: at most 20 % fewer until then',
      ),
    ],
  ],
  Rollback: [
    ['passes when nothing is to be undone', 4, {}, PASS],
    ['passes what is enough', 9, regrets({ floor: { at: NOW, replicas: 8, message: 'it hurt' } }), PASS],
    [
      'goes back to where it was',
      4,
      regrets({ floor: { at: NOW, replicas: 8, message: 'it hurt' } }),
      clamp(8, 'Rollback', 'it hurt'),
    ],
  ],
  Headroom: [
    ['passes when all that was ordered is there', 6, {}, PASS],
    ['passes fewer replicas than are missing', 4, safe({ shortage: 'no node' }), PASS],
    [
      'orders no more of what does not come',
      6,
      safe({ shortage: '2 of 5 pods found no node for 15 min' }),
      veto('NoHeadroom', 'more replicas would not come: 2 of 5 pods found no node for 15 min'),
    ],
  ],
  DataHistory: [
    ['passes data that are known for long', 4, { policy: watching }, PASS],
    [
      'passes an increase on new data',
      6,
      { policy: watching, ...safe({ knownSince: NOW, settling: 3 }) },
      PASS,
    ],
    [
      'waits for three good evaluations after a bad one',
      4,
      safe({ settling: 2 }),
      veto('DataSettling', 'the data were bad a moment ago: fewer replicas need 2 more good evaluations'),
    ],
    [
      'waits for a quarter of an hour of data',
      4,
      { policy: watching, ...safe({ knownSince: NOW - 15 * MINUTE + 1 }) },
      veto('WarmingUp', 'demand has only been known for 899 s: no decrease before 2026-05-04T09:00:00.001Z'),
    ],
    ['is content with it', 4, { policy: watching, ...safe({ knownSince: NOW - 15 * MINUTE }) }, PASS],
    [
      'waits for the window alone where nothing is to be observed first',
      4,
      { scaleDownWindowSeconds: 300, ...safe({ knownSince: NOW - 5 * MINUTE }) },
      PASS,
    ],
  ],
  Objective: [
    ['passes while the objective is met', 4, {}, PASS],
    [
      'passes an increase while it is not',
      6,
      safe({ budget: { badNow: 'bad', burning: 'burning', badShare: 1 } }),
      PASS,
    ],
    [
      'gives nothing back while it is violated',
      4,
      safe({ budget: { badNow: 'an indicator is beyond its threshold', burning: undefined, badShare: 0.5 } }),
      veto('ObjectiveViolated', 'no decrease now: an indicator is beyond its threshold'),
    ],
    [
      'gives nothing back while the budget burns',
      4,
      safe({ budget: { badNow: undefined, burning: '2 % of the last 1 h was bad', badShare: 0.02 } }),
      veto('ErrorBudgetBurning', 'no decrease now: 2 % of the last 1 h was bad'),
    ],
  ],
  Regret: [
    ['passes when nothing had to be undone', 4, {}, PASS],
    ['passes an increase after an undone decrease', 6, regrets({ pause: { at: NOW, ms: MINUTE } }), PASS],
    [
      'pauses after an undone decrease',
      4,
      regrets({ pause: { at: NOW, ms: MINUTE } }),
      veto('RolledBack', 'the last decrease had to be undone: none before 2026-05-04T09:01:00.000Z'),
    ],
    ['passes when the pause is over', 4, regrets({ pause: { at: NOW - MINUTE, ms: MINUTE } }), PASS],
    ['passes after two of them in a day', 4, regrets({ times: [NOW - HOUR, NOW - MINUTE] }), PASS],
    [
      'stops after three of them in a day',
      4,
      regrets({ times: [NOW - 3 * HOUR, NOW - 2 * HOUR, NOW - HOUR] }),
      veto('RollbackBreaker', '3 decreases in a day had to be undone: none before 2026-05-05T06:00:00.000Z'),
    ],
    ['passes when the first is a day old', 4, regrets({ times: [NOW - 24 * HOUR, NOW - 2, NOW - 1] }), PASS],
  ],
  CorrelatedDrop: [
    ['passes where there is no fleet', 4, {}, PASS],
    ['passes when the others do not drop', 4, fleet({}), PASS],
    ['passes an increase', 6, fleet({ doubt: { since: NOW, until: NOW + HOUR, message: 'all' } }), PASS],
    [
      'takes what many show at once for a failure of the measuring',
      4,
      fleet({ doubt: { since: NOW, until: NOW + HOUR, message: '7 of 9 workloads want far fewer' } }),
      veto(
        'CorrelatedDrop',
        '7 of 9 workloads want far fewer: no decrease before 2026-05-04T10:00:00.000Z, or until the load is seen again',
      ),
    ],
  ],
};

describe.each(Object.entries(CASES))('the guard %s', (name, cases) => {
  test.each(cases)('%s', (...[, value, context, verdict]) => {
    const guard = GUARDS.find((candidate) => candidate.name === name);
    expect(guard?.check(value, contextFixture(context))).toEqual(verdict);
  });
});
