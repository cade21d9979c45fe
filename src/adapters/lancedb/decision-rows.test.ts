import { closedFixture, intentFixture } from '../../../test/support/decision-fixtures.ts';
import { stockFixture } from '../../../test/support/stock-fixture.ts';
import { checksumOf } from './checksum.ts';
import { decisionRow, outcomeRow } from './decision-rows.ts';
import { checksumColumns, DEFINITIONS } from './table-definitions.ts';

describe('rows', () => {
  test('an Intent becomes a decision with everything the decision says', () => {
    const record = intentFixture('d1');
    const row = decisionRow(record);
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
    expect(JSON.parse(row.trace)).toEqual(trace);
    expect(JSON.parse(row.proposals!)).toEqual(proposals);
    expect(JSON.parse(row.guards!)).toEqual(guards);
  });

  test('the balance behind a decision, and the parts of its forecast, come back as they were', () => {
    const stock = stockFixture();
    const record = intentFixture('d1', { stock });
    const row = decisionRow(record);
    expect(JSON.parse(row.trace)).toMatchObject({
      stock,
      forecast: { confidence: 'High', parts: { newest: 370, trend: 5 } },
    });
  });

  test('a decision of which nothing is known but the record is stored with nulls, not with zeros', () => {
    const row = decisionRow({ ...intentFixture('d1'), decision: {} });
    expect(row).toMatchObject({
      mode: null,
      message: null,
      forecast_upper: null,
      proposals: null,
      trace: '{}',
    });
  });

  test('a Closed becomes its outcome, an Aborted one that says why', () => {
    expect(outcomeRow(closedFixture('d1'))).toMatchObject({
      decision_id: 'd1',
      ending: 'Closed',
      result: 'Met',
      cost: 0.06,
      replica_seconds: 5400,
      reason: null,
    });
    const aborted = {
      kind: 'Aborted',
      decisionId: 'd1',
      at: 1,
      reason: 'NotLeader',
      message: 'the lease was lost',
    } as const;
    expect(outcomeRow(aborted)).toMatchObject({
      ending: 'Aborted',
      result: 'Aborted',
      reason: 'NotLeader',
      message: 'the lease was lost',
      cost: null,
    });
  });

  test('the checksum covers every column but itself', () => {
    const covered = checksumColumns(DEFINITIONS.decisions);
    const row = decisionRow(intentFixture('d1'));
    expect([...covered.first, 'checksum']).toEqual(Object.keys(row));
    for (const column of covered.first) {
      expect(checksumOf({ ...row, [column]: 'changed' }, covered)).not.toBe(row.checksum);
    }
  });
});
