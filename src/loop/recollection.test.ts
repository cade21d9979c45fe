import { NOW } from '../../test/support/loop-fixtures.ts';
import {
  pointAt,
  recallQueryFixture,
  situationFixture,
  WINDOW_MS,
} from '../../test/support/situation-fixture.ts';
import { createHotIndex } from './knowledge/recall/hot-index.ts';
import { recall, type Recall } from './knowledge/recall/recall.ts';
import { rememberSituation } from './knowledge/recall/remember.ts';
import { recollect, remembered, rememberedBriefly } from './recollection.ts';

/** What is remembered of `count` windows, of which the last failed. */
function recalled(count: number, knownBy = NOW): Recall {
  const index = createHotIndex({ capacity: 100 });
  for (let n = 1; n <= count; n += 1) {
    const at = NOW - (count + 1 - n) * WINDOW_MS;
    rememberSituation(
      index,
      situationFixture({ at, succeeded: n !== count, action: { from: n, to: n + 1 } }),
    );
  }
  return recall(index, recallQueryFixture({ knownBy }));
}

describe('what memory says', () => {
  test('is how similar windows ended, the nearest of them, and the arm that loses least', () => {
    const recollection = recollect(recalled(8));
    const memory = rememberedBriefly(recollection, NOW);
    expect(memory).toMatchObject({
      similar: 8,
      succeeded: 7,
      bestArm: 'safe',
      message: expect.stringMatching(/^Of 8 similar situations 7 succeeded; confidence \w+\.$/) as string,
    });
    expect(memory?.neighbours).toHaveLength(3);
    expect(remembered(recollection, NOW)?.neighbours).toHaveLength(5);
    expect(memory?.neighbours[0]).toMatchObject({
      at: NOW - WINDOW_MS,
      policy: 'shop/policy-of-uid-web',
      workload: 'Deployment/workload-of-uid-web',
      similarity: 1,
      from: 8,
      to: 9,
      result: 'Failed',
    });
  });

  test.each([
    ['nobody answered', undefined],
    ['nothing like it is remembered', recollect(recalled(0))],
    ['the answer is about another time', recollect(recalled(8, NOW - 16 * 60_000))],
  ])('is nothing where %s', (_, found) => {
    expect(remembered(found, NOW)).toBeUndefined();
    expect(rememberedBriefly(found, NOW)).toBeUndefined();
  });

  test('of far ones alone is no evidence: no best arm, and no confidence', () => {
    const index = createHotIndex({ capacity: 100 });
    for (let n = 1; n <= 8; n += 1) {
      const at = NOW - n * WINDOW_MS;
      rememberSituation(index, situationFixture({ at, embedding: pointAt(3, 3, 3) }));
    }
    const { memory } = recollect(recall(index, recallQueryFixture({ knownBy: NOW })));
    expect(memory).toMatchObject({
      similar: 0,
      confidence: 'None',
      message: 'Nothing similar is remembered.',
    });
    expect(memory).not.toHaveProperty('bestArm');
    expect(memory?.neighbours).toHaveLength(5);
  });

  test('names no best arm where too little is known', () => {
    expect(recollect(recalled(1)).memory).not.toHaveProperty('bestArm');
  });
});
