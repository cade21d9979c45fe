import { NOW } from '../../../../test/support/loop-fixtures.ts';
import { chosenFixture, selectionReportFixture } from '../../../../test/support/selection-fixture.ts';
import { selectionStatus as schema } from '../../../api/status/selection.ts';
import { selectionStatus } from './selection-status.ts';

describe('the selection in the status', () => {
  test('is as the API wants it: in the names of people, the best first, source by source', () => {
    const status = selectionStatus(selectionReportFixture());
    expect(schema.parse(status)).toEqual(status);
    expect(status).toMatchObject({
      policy: 'quiet',
      champion: 'quiet',
      strategy: 'Replay',
      chancePercent: 90,
      message: expect.stringMatching(/^quiet chosen .* others: balanced expected 0\.7/) as string,
      candidates: [
        {
          name: 'quiet',
          expectedPercent: 80,
          plusMinusPercent: 2,
          replayPercent: 82,
          similarPercent: 75,
          livePercent: 79,
          scorePercent: 50,
        },
        { name: 'balanced', expectedPercent: 70, chancePercent: 10 },
      ],
    });
    expect(status).not.toHaveProperty('explored');
  });

  test('takes no rank for an expectation', () => {
    const inForce = chosenFixture({ strategy: 'Ranked' });
    const { candidates } = selectionStatus(selectionReportFixture({ inForce, last: inForce }));
    for (const one of candidates ?? []) expect(one).not.toHaveProperty('expectedPercent');
  });

  test('says why nothing could be chosen, beside what stays in force', () => {
    const last = { kind: 'Held', at: NOW, reason: 'AllVetoed', message: 'no policy is allowed' } as const;
    expect(selectionStatus(selectionReportFixture({ last }))).toMatchObject({
      policy: 'quiet',
      message: 'nothing was chosen (AllVetoed): no policy is allowed',
    });
    expect(selectionStatus(selectionReportFixture({ inForce: undefined, last }))).toEqual({
      message: 'nothing was chosen (AllVetoed): no policy is allowed',
    });
  });

  test.each([
    ['less', { rewards: 1.9, baseline: 2 }, 5],
    ['more', { rewards: 2.1, baseline: 2 }, -5],
  ])('tells what trying has brought: %s', (_, { rewards, baseline }, lostPercent) => {
    const explored = { explored: 3, heldBack: 2, compared: 2, rewards, baseline };
    const status = selectionStatus(selectionReportFixture({ explored }));
    expect(status.explored).toEqual({ tried: 3, heldBack: 2, lostPercent });
  });

  test('compares nothing where no outcome of trying is known', () => {
    const explored = { explored: 1, heldBack: 0, compared: 0, rewards: 0, baseline: 0 };
    expect(selectionStatus(selectionReportFixture({ explored })).explored).toEqual({ tried: 1, heldBack: 0 });
  });
});
