import { NOW } from '../../../test/support/loop-fixtures.ts';
import { selectionReportFixture } from '../../../test/support/selection-fixture.ts';
import { selectionStatus } from '../../controllers/policy/status/selection-status.ts';
import { selectionView } from './selection-view.ts';

test('the selected policy is shown with the others, and what each was expected to bring', () => {
  const explored = { explored: 2, heldBack: 1, compared: 2, rewards: 1.9, baseline: 2 };
  const lines = selectionView(selectionStatus(selectionReportFixture({ explored })), NOW + 600_000, 100);
  expect(lines.join('\n')).toMatch(/In force +quiet by Replay, chosen 10 min ago/);
  expect(lines.join(' ')).toMatch(
    /Tried +another than the best in 2 windows, refused in 1 as too costly; .* 5 % less/,
  );
  expect(lines.slice(-3)).toEqual([
    '    POLICY     EXPECTED   REPLAY   SIMILAR   LIVE   SCORE   CHANCE   WHY NOT',
    '    quiet *    80 ± 2     82       75        79     50      90 %',
    '    balanced   70 ± 4     -        -         -      50      10 %',
  ]);
});

test('before the first choice the spec says how', () => {
  const status = selectionStatus(selectionReportFixture({ inForce: undefined, last: undefined }));
  expect(selectionView(status, NOW, 100)).toEqual([
    expect.stringMatching(/In force +none yet: horizontal\.profile and forecast say how/),
    expect.stringMatching(/Why +nothing was chosen yet/),
  ]);
});
