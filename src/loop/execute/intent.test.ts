import { decisionFixture } from '../../../test/support/decision-fixtures.ts';
import { MINUTE } from '../../../test/support/loop-fixtures.ts';
import { replicaCount } from '../../api/replica-count.ts';
import type { Effect } from './effect.ts';
import {
  applied,
  close,
  IDLE,
  inFlight,
  intend,
  intentStored,
  refused,
  resumed,
  type Execution,
  type Transition,
} from './intent.ts';
import { openWindow } from './outcome-window.ts';

const WINDOW = 5 * MINUTE;
const decision = decisionFixture('d1');
const next = decisionFixture('d2', {
  at: decision.at + MINUTE,
  from: replicaCount(9),
  to: replicaCount(4),
  action: 'ScaleDown',
});
const at = decision.at + 2000;
const refusal = { at, reason: 'TargetChanged', message: 'replicas are 6 now, and not 4' };

const PHASES = {
  Idle: IDLE,
  Intending: { phase: 'Intending', decision },
  Applying: { phase: 'Applying', decision },
  Observing: { phase: 'Observing', window: openWindow(decision, at, WINDOW) },
} as const satisfies Record<string, Execution>;

type Event = (execution: Execution) => Transition;

const EVENTS = {
  'a decision': (execution) => intend(execution, next, undefined),
  'its intent is stored': (execution) => intentStored(execution, 'd1'),
  'its change is applied': (execution) => applied(execution, 'd1', at, WINDOW),
  'it is refused': (execution) => refused(execution, 'd1', refusal),
  'another intent is stored': (execution) => intentStored(execution, 'd0'),
  'another change is applied': (execution) => applied(execution, 'd0', at, WINDOW),
  'another decision is refused': (execution) => refused(execution, 'd0', refusal),
  'a decision of an earlier process': (execution) => resumed(execution, decision, at, WINDOW),
} as const satisfies Record<string, Event>;

type Step = readonly [phase: Execution['phase'], effects: readonly Effect['type'][]];

/** What is not in here changes nothing. */
const LEGAL: Readonly<Record<keyof typeof PHASES, Partial<Record<keyof typeof EVENTS, Step>>>> = {
  Idle: {
    'a decision': ['Intending', ['StoreIntent']],
    'a decision of an earlier process': ['Observing', []],
  },
  Intending: {
    'its intent is stored': ['Applying', ['ApplyReplicas']],
    'it is refused': ['Idle', ['RecordAborted', 'Announce']],
  },
  Applying: {
    'its change is applied': ['Observing', ['RecordApplied', 'Announce']],
    'it is refused': ['Idle', ['RecordAborted', 'Announce']],
  },
  Observing: {
    'a decision': ['Intending', ['RecordClosed', 'StoreIntent']],
  },
};

const phases = Object.keys(PHASES) as (keyof typeof PHASES)[];
const events = Object.keys(EVENTS) as (keyof typeof EVENTS)[];

describe.each(phases)('while %s', (phase) => {
  test.each(events)('%s', (event) => {
    const before = PHASES[phase];
    const { execution, effects } = EVENTS[event](before);
    const legal = LEGAL[phase][event];
    if (legal === undefined) {
      expect(execution).toBe(before);
      expect(effects).toEqual([]);
    } else {
      expect([execution.phase, effects.map(({ type }) => type)]).toEqual(legal);
    }
  });
});

describe('the intent protocol', () => {
  test('stores, applies, announces and measures one decision', () => {
    const intended = intend(IDLE, decision, undefined);
    expect(intended.effects).toEqual([{ type: 'StoreIntent', decision }]);
    const stored = intentStored(intended.execution, 'd1');
    expect(stored.effects).toEqual([{ type: 'ApplyReplicas', decision }]);
    const done = applied(stored.execution, 'd1', at, WINDOW);
    expect(done.effects).toEqual([
      { type: 'RecordApplied', decision, at },
      { type: 'Announce', level: 'Normal', reason: 'ScaledUp', note: decision.message },
    ]);
    expect(done.execution).toMatchObject({ window: { openedAt: at, until: at + WINDOW } });
  });

  test('announces a decrease as one', () => {
    const { effects } = applied({ phase: 'Applying', decision: next }, 'd2', at, WINDOW);
    expect(effects).toContainEqual(expect.objectContaining({ reason: 'ScaledDown' }));
  });

  test('says what came of a decision that was refused', () => {
    const { effects } = refused(PHASES.Applying, 'd1', refusal);
    const message = 'TargetChanged: replicas are 6 now, and not 4';
    expect(effects).toEqual([
      {
        type: 'RecordAborted',
        refusal,
        closed: {
          decision,
          outcome: {
            result: 'Aborted',
            at,
            observedSeconds: 0,
            measuredSeconds: 0,
            violatedSeconds: 0,
            replicaSeconds: 0,
            message,
          },
        },
      },
      {
        type: 'Announce',
        level: 'Warning',
        reason: 'ActionAborted',
        note: `${decision.message} Not applied: replicas are 6 now, and not 4`,
      },
    ]);
  });

  test('ends the open window before the next intent is stored', () => {
    const [closed] = intend(PHASES.Observing, next, undefined).effects;
    expect(closed).toMatchObject({
      type: 'RecordClosed',
      closed: { decision, outcome: { result: 'Superseded', at: next.at } },
    });
  });

  test('ends the window with a verdict', () => {
    const { execution, effects } = close(PHASES.Observing, at + WINDOW, undefined);
    expect(execution).toBe(IDLE);
    expect(effects).toMatchObject([
      { type: 'RecordClosed', closed: { decision, outcome: { result: 'Unmeasured' } } },
    ]);
  });

  test('knows which decisions are on their way', () => {
    expect(phases.filter((phase) => inFlight(PHASES[phase]))).toEqual(['Intending', 'Applying']);
  });
});
