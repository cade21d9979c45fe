import { closedFixture, intentFixture } from '../../test/support/decision-fixtures.ts';
import { stockFixture } from '../../test/support/stock-fixture.ts';
import type { RecordedDecision } from '../adapters/lancedb/decision-query.ts';
import { decisionRow, outcomeRow } from '../adapters/lancedb/decision-rows.ts';
import type { Decision } from '../loop/execute/decision.ts';
import { decisionDocument, decisionTable, wideDecisionTable } from './decision-view.ts';

/** As the store gives it back. */
function recorded(change: Partial<Decision> = {}): RecordedDecision {
  return {
    decision: decisionRow(intentFixture('d1', change)),
    outcome: outcomeRow(closedFixture('d1')),
  };
}

/** The cell under a heading, of the only row. */
function wideCell(decision: RecordedDecision, heading: string): string {
  const [head = '', row = ''] = wideDecisionTable([decision]).split('\n');
  const start = head.indexOf(heading);
  const next = head.slice(start + heading.length).search(/\S/);
  return (next < 0 ? row.slice(start) : row.slice(start, start + heading.length + next)).trim();
}

describe('decisions for people', () => {
  test('say what was decided and how it ended', () => {
    const [, row] = decisionTable([recorded()]).split('\n');
    expect(row).toMatch(/^2026-05-04 09:00:00Z\s+shop\/web\s+ScaleUp 4→9\s+requests will peak .*\s+Met$/);
  });

  test.each<readonly [string, Partial<Decision>, string, string]>([
    ['the balance that was decided by', { stock: stockFixture() }, '8: 2.3%, 9: 0.61%, 10: 0.12%', '22.3'],
    [
      'a share too small to read, and one that nobody knows',
      {
        stock: stockFixture({
          outcomes: [
            { replicas: 9, slowRate: 1e-9, slowShare: 1e-9, cost: 9 },
            { replicas: 10, slowRate: NaN, slowShare: NaN, cost: NaN },
          ],
        }),
      },
      '9: <0.001%, 10: ?',
      '22.3',
    ],
    ['nothing where there was no balance', {}, '', ''],
  ])('show %s', (_, change, expected, price) => {
    const decision = recorded(change);
    expect(wideCell(decision, 'EXPECTED BAD')).toBe(expected);
    expect(wideCell(decision, 'PRICE')).toBe(price);
  });
});

test('a decision for programs has its forecast and its balance by name', () => {
  const stock = stockFixture();
  expect(decisionDocument(recorded({ stock }))).toMatchObject({
    id: 'd1',
    carriedOut: true,
    forecast: { metric: 'requests', confidence: 'High', parts: { newest: 370 } },
    stock,
    outcome: { ending: 'Closed', result: 'Met' },
  });
});
