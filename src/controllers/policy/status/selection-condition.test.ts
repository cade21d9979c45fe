import { targetFixture } from '../../../../test/support/loop-fixtures.ts';
import { selectionReportFixture } from '../../../../test/support/selection-fixture.ts';
import type { LoopReport } from '../../../loop/report.ts';
import type { SelectionReport } from '../../../loop/selection-report.ts';
import { replayTrusted } from './selection-condition.ts';

const seen = (selection: SelectionReport | undefined): LoopReport =>
  ({ target: targetFixture(3), selection }) as LoopReport;
const disagreeing = (windows: number, bias: number, size: number): LoopReport =>
  seen(selectionReportFixture({ disagreement: { windows, bias, size } }));

describe('whether replay is what comes', () => {
  test.each([
    ['nothing is selected', seen(undefined), 'NotSelecting', /no spec\.selection/],
    ['few windows were compared', disagreeing(7.4, 0.3, 0.3), 'TooFewWindows', /^7 of 8/],
    [
      'windows brought what was replayed',
      disagreeing(8, 0.02, 0.1),
      'AsReplayed',
      /off by 10 \(too good by 2/,
    ],
    [
      'they brought something else',
      disagreeing(20, -0.2, 0.25),
      'OtherwiseThanReplayed',
      /off by 25 \(too bad by 20 on average\): what is selected/,
    ],
  ])('when %s', (...[, report, reason, message]) => {
    expect(replayTrusted(report)).toEqual({ reason, message: expect.stringMatching(message) as string });
  });

  test('is not asked without a target', () => {
    const target = { problem: 'NotFound', message: 'gone' } as LoopReport['target'];
    expect(replayTrusted({ ...seen(undefined), target }).reason).toBe('TargetUnavailable');
  });
});
