import fc from 'fast-check';

import type { ProtocolRecord } from './journal-record.ts';
import { Ledger } from './ledger.ts';

type Kind = ProtocolRecord['kind'];

function record(kind: Kind, decisionId = 'd1'): ProtocolRecord {
  switch (kind) {
    case 'Intent':
      return {
        kind,
        decisionId,
        at: 1,
        policy: { namespace: 'shop', name: 'web', uid: 'p', generation: 1 },
        target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: 't' },
        previousReplicas: 2,
        nextReplicas: 3,
        decision: {},
      };
    case 'Applied':
      return { kind, decisionId, at: 2 };
    case 'Aborted':
      return { kind, decisionId, at: 3, reason: 'TargetChanged', message: 'replicas are 4 now' };
    case 'Closed':
      return { kind, decisionId, at: 4, outcome: {} };
  }
}

const SEQUENCES: readonly [Kind[], string | undefined][] = [
  [['Intent', 'Applied', 'Closed'], undefined],
  [['Intent', 'Aborted'], undefined],
  [['Intent', 'Closed'], undefined],
  [['Applied'], 'UnknownDecision'],
  [['Closed'], 'UnknownDecision'],
  [['Intent', 'Intent'], 'DuplicateIntent'],
  [['Intent', 'Applied', 'Applied'], 'AlreadyApplied'],
  [['Intent', 'Applied', 'Aborted'], 'AlreadyApplied'],
  [['Intent', 'Aborted', 'Closed'], 'AlreadyEnded'],
  [['Intent', 'Applied', 'Closed', 'Closed'], 'AlreadyEnded'],
  [['Intent', 'Closed', 'Aborted'], 'AlreadyEnded'],
  [['Intent', 'Closed', 'Intent'], 'AlreadyEnded'],
];

describe('the ledger', () => {
  test.each(SEQUENCES)('judges the last of %j as %s', (kinds, problem) => {
    const ledger = new Ledger();
    for (const kind of kinds.slice(0, -1)) ledger.take(record(kind));
    expect(ledger.refusal(record(kinds.at(-1)!))?.problem).toBe(problem);
  });

  test('open intents are told in order, with the time they were applied', () => {
    const ledger = new Ledger();
    for (const id of ['d1', 'd2', 'd3']) ledger.take(record('Intent', id));
    ledger.take(record('Applied', 'd2'));
    ledger.take(record('Aborted', 'd1'));
    expect(ledger.openIntents().map(({ intent, appliedAt }) => [intent.decisionId, appliedAt])).toEqual([
      ['d2', 2],
      ['d3', undefined],
    ]);
  });

  test('in any order of any records each decision has at most one accepted ending, and an ended one is not open', () => {
    const kinds = fc.constantFrom<Kind>('Intent', 'Applied', 'Aborted', 'Closed');
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, fc.constantFrom('a', 'b', 'c'))), (steps) => {
        const ledger = new Ledger();
        const endings = new Map<string, number>();
        for (const [kind, id] of steps) {
          const next = record(kind, id);
          if (ledger.refusal(next) !== undefined) continue;
          ledger.take(next);
          if (kind === 'Aborted' || kind === 'Closed') endings.set(id, (endings.get(id) ?? 0) + 1);
        }
        for (const [id, count] of endings) {
          expect(count).toBe(1);
          expect(ledger.openIntents().some(({ intent }) => intent.decisionId === id)).toBe(false);
        }
      }),
    );
  });

  test('an ending too old to be remembered still cannot happen twice', () => {
    const ledger = new Ledger();
    for (let i = 0; i < 5000; i += 1) {
      ledger.take(record('Intent', `d${i}`));
      ledger.take(record('Aborted', `d${i}`));
    }
    expect(ledger.refusal(record('Closed', 'd0'))?.problem).toBe('UnknownDecision');
    expect(ledger.refusal(record('Closed', 'd4999'))?.problem).toBe('AlreadyEnded');
  });
});
