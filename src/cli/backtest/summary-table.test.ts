import { backtestFixture } from '../../../test/support/backtest-fixture.ts';
import { summaryTable } from './summary-table.ts';

const RESULT = backtestFixture({ traces: 4, days: 6, record: false });

const cells = (line: string | undefined): string[] => (line ?? '').split(/ {3,}/);

describe('the text table of a backtest', () => {
  test('has a line for each contender below the header, and the verdict below them', () => {
    const lines = summaryTable(RESULT, 'table').split('\n');
    expect(cells(lines[0])).toEqual([
      'CONTENDER',
      'KNOB',
      'COST/ORACLE',
      '95 %',
      'MET',
      'SLOW',
      'BAD WINDOWS',
      'ACTIONS/DAY',
      'AUTONOMIC COSTS',
    ]);
    expect(lines.slice(1, 14).map((line) => cells(line)[0])).toEqual(RESULT.summary.map(({ name }) => name));
    expect(lines[14]).toBe('');
    expect(lines[15]).toMatch(/^On 4 workloads Autonomic would have cost \d+ % less than HPA on CPU/);
  });

  test('gives each contender its figures, with the comparison and how sure it is', () => {
    const [, , hpa] = summaryTable(RESULT, 'table').split('\n');
    const row = RESULT.summary[1]!;
    expect(cells(hpa).slice(0, 3)).toEqual(['hpa', '0.5', row.medianCostOverOracle.toFixed(2)]);
    expect(cells(hpa)[4]).toBe('4 of 4');
    expect(cells(hpa)[8]).toMatch(/^\d+ % less \(p = 1\)$/);
  });

  test('leaves out what one workload cannot tell', () => {
    const [, autonomic, hpa] = summaryTable(backtestFixture({ traces: 1, record: false }), 'table').split(
      '\n',
    );
    expect(cells(autonomic)[1]).toBe('<none>');
    expect(cells(hpa)[3]).toBe('<none>');
    expect(cells(hpa)[8]).toMatch(/^\d+ % less$/);
  });

  test('adds the results of every trace when wide', () => {
    const lines = summaryTable(RESULT, 'wide').split('\n');
    expect(cells(lines[0])[0]).toBe('TRACE');
    expect(cells(lines[1]).slice(0, 3)).toEqual(['web-0', 'autonomic', '<none>']);
    expect(lines.slice(1).findIndex((line) => line === '')).toBe(4 * 13);
    expect(lines[4 * 13 + 2]).toMatch(/^CONTENDER/);
  });
});
