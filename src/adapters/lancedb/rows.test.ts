import { closedFixture, intentFixture } from '../../../test/support/decision-fixtures.ts';
import { stockFixture } from '../../../test/support/stock-fixture.ts';
import { checksumOf, DECISION_COLUMNS, OUTCOME_COLUMNS, rowsOf } from './rows.ts';
import { SCHEMAS } from './schema.ts';

describe('rows', () => {
  test('an Intent becomes a decision with everything the decision says', () => {
    const record = intentFixture('d1');
    const [row] = rowsOf(record).decisions;
    expect(row).toMatchObject({
      decision_id: 'd1',
      namespace: 'shop',
      policy: 'web',
      workload: 'Deployment/web',
      kind: 'Intent',
      mode: 'Apply',
      action: 'ScaleUp',
      from_replicas: 4,
      to_replicas: 9,
      forecast_metric: 'requests',
      forecast_upper: 412,
    });
    const { proposals, guards, ...trace } = JSON.parse(JSON.stringify(record.decision)) as Record<
      string,
      unknown
    >;
    expect(JSON.parse(row!.trace)).toEqual(trace);
    expect(JSON.parse(row!.proposals!)).toEqual(proposals);
    expect(JSON.parse(row!.guards!)).toEqual(guards);
  });

  test('the balance behind a decision, and the parts of its forecast, come back as they were', () => {
    const stock = stockFixture();
    const record = intentFixture('d1', { stock });
    const [row] = rowsOf(record).decisions;
    expect(JSON.parse(row!.trace)).toMatchObject({
      stock,
      forecast: { confidence: 'High', parts: { newest: 370, trend: 5 } },
    });
  });

  test('a decision of which nothing is known but the record is stored with nulls, not with zeros', () => {
    const [row] = rowsOf({ ...intentFixture('d1'), decision: {} }).decisions;
    expect(row).toMatchObject({
      mode: null,
      message: null,
      forecast_upper: null,
      proposals: null,
      trace: '{}',
    });
  });

  test('a Closed becomes its outcome, an Aborted one that says why', () => {
    expect(rowsOf(closedFixture('d1')).outcomes).toMatchObject([
      { decision_id: 'd1', ending: 'Closed', result: 'Met', cost: 0.06, replica_seconds: 5400, reason: null },
    ]);
    const aborted = {
      kind: 'Aborted',
      decisionId: 'd1',
      at: 1,
      reason: 'NotLeader',
      message: 'the lease was lost',
    } as const;
    expect(rowsOf(aborted).outcomes).toMatchObject([
      {
        ending: 'Aborted',
        result: 'Aborted',
        reason: 'NotLeader',
        message: 'the lease was lost',
        cost: null,
      },
    ]);
  });

  test('the records of the protocol become nothing', () => {
    const nothing = { decisions: [], outcomes: [] };
    expect(rowsOf({ kind: 'Applied', decisionId: 'd1', at: 1 })).toEqual(nothing);
    expect(rowsOf({ kind: 'Exported', through: { segment: 1, offset: 1 } })).toEqual(nothing);
  });

  test('the checksum covers every column of the schema but itself', () => {
    for (const [name, columns] of [
      ['decisions', DECISION_COLUMNS],
      ['outcomes', OUTCOME_COLUMNS],
    ] as const) {
      expect([...columns, 'checksum']).toEqual(SCHEMAS[name].names);
    }
    const [row] = rowsOf(intentFixture('d1')).decisions;
    for (const column of DECISION_COLUMNS) {
      const changed = { ...row!, [column]: 'changed' };
      expect(checksumOf(changed, DECISION_COLUMNS)).not.toBe(row!.checksum);
    }
  });
});
