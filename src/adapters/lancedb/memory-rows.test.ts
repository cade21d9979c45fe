import { documentFixture, endedAnomalyFixture } from '../../../test/support/memory-fixtures.ts';
import { pointAt, situationFixture } from '../../../test/support/situation-fixture.ts';
import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import { documentRecord } from '../../loop/knowledge/document.ts';
import { anomalyRecord } from '../../loop/knowledge/ended-anomaly.ts';
import { situationRecord } from '../../loop/knowledge/situation-record.ts';
import { anomalyOf, anomalyRow, documentOf, documentRow, situationRow } from './memory-rows.ts';
import { changeOf } from './row-batch.ts';
import { situationAt, SituationColumnsBuilder } from './situation-columns.ts';
import { DEFINITIONS } from './table-definitions.ts';

/** As it comes from the journal. */
const read = (record: JournalRecord): JournalRecord => JSON.parse(JSON.stringify(record)) as JournalRecord;

describe('what was learned, as rows', () => {
  test('situations come back from columns as they were', () => {
    const situations = [
      situationFixture({ embedding: pointAt(0.1, -2.5e-7, 3e8), censored: ['Rollout', 'Gap'] }),
      situationFixture({
        policyUid: 'other',
        arms: [],
        succeeded: null,
        outcome: { requests: null, badRequests: null, violatedSeconds: null, restarts: null, cost: 0.25 },
      }),
      situationFixture({ at: 0, namespace: 'bank', workloadClass: 'Metrics', succeeded: false }),
    ];
    const builder = new SituationColumnsBuilder(5);
    for (const situation of situations) builder.add(situationRow(situation));
    const columns = builder.columns();
    expect(columns.count).toBe(3);
    expect(situations.map((_, i) => situationAt(columns, i))).toEqual(situations);
  });

  test('an anomaly and a document come back from their rows as they were', () => {
    const anomaly = endedAnomalyFixture('a1');
    expect(anomalyOf(anomalyRow(anomaly))).toEqual(anomaly);
    const document = documentFixture('r1', { namespace: null, removed: true });
    expect(documentOf(documentRow(document))).toEqual(document);
  });

  test('have exactly the columns of their tables', () => {
    for (const [table, row] of [
      ['situations', situationRow(situationFixture())],
      ['anomalies', anomalyRow(endedAnomalyFixture('a1'))],
      ['documents', documentRow(documentFixture('r1'))],
    ] as const) {
      expect(Object.keys(row)).toEqual(Object.keys(DEFINITIONS[table].columns));
    }
  });

  test('are made of records that were through the journal', () => {
    const situation = situationFixture({ embedding: pointAt(1 / 3) });
    expect(changeOf(read(situationRecord(situation)))).toEqual({
      table: 'situations',
      row: situationRow(situation),
    });
    expect(changeOf(read(anomalyRecord(endedAnomalyFixture('a1'))))).toMatchObject({ table: 'anomalies' });
    expect(changeOf(read(documentRecord(documentFixture('r1'))))).toMatchObject({ table: 'documents' });
    const forget: JournalRecord = { kind: 'Forget', at: 1, namespace: 'shop' };
    expect(changeOf(forget)).toEqual({ forget });
    expect(changeOf({ kind: 'Applied', decisionId: 'd1', at: 1 })).toBeUndefined();
  });

  const BAD: readonly [string, JournalRecord, string][] = [
    [
      'an embedding that is too short',
      { kind: 'Situation', situation: { ...situationFixture(), embedding: [1, 2] } },
      'Situation: situation uid-web/1777885200000: the embedding has 2 numbers; it must have 64',
    ],
    [
      'an embedding with null in it',
      { kind: 'Situation', situation: { ...situationFixture(), embedding: Array<null>(64).fill(null) } },
      'number 0 of the embedding is null',
    ],
    ['nothing in it', { kind: 'Situation', situation: {} }, 'Situation: '],
    [
      'replicas that are none',
      situationRecord(situationFixture({ action: { from: 2.5 } })),
      'situations row uid-web/1777885200000: action_from is 2.5; it must be a whole number of 32 bits',
    ],
    [
      'a text that is none',
      { kind: 'Anomaly', anomaly: { ...endedAnomalyFixture('a1'), ending: 7 } },
      'anomalies row a1: ending is 7; it must be text',
    ],
    [
      'no time',
      { kind: 'Document', document: { ...documentFixture('r1'), at: undefined } },
      'documents row r1@undefined: at is missing; it must be whole milliseconds since the epoch',
    ],
  ];

  test.each(BAD)('of a record with %s are refused, with the id', (_, record, message) => {
    expect(changeOf(record)).toEqual({ refused: expect.stringContaining(message) as string });
  });
});
