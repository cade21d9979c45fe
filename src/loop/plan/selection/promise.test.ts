import fc from 'fast-check';
import {
  createPromiseRecord,
  learnPromise,
  promiseBroken,
  replayFactor,
  type KeptWindow,
} from './promise.ts';

const ALLOWED = 0.01;
const REQUESTS = 10_000;

/** Of two arms, of which the first is in force. */
const window = (bad: readonly [number, number], real?: number): KeptWindow => ({
  bad: Float64Array.from(bad),
  total: REQUESTS,
  real: real === undefined ? undefined : { arm: 0, bad: real },
});

function recordOf(windows: number, one: KeptWindow): ReturnType<typeof createPromiseRecord> {
  const record = createPromiseRecord(2);
  for (let i = 0; i < windows; i += 1) learnPromise(record, one);
  return record;
}

describe('what an arm would have kept of the objective', () => {
  test.each([
    ['is unproven before a day has passed', 47, window([0, 0]), /a day of windows/],
    ['is proven after a day', 48, window([0, 0]), undefined],
    [
      'is broken where replay alone says so',
      60,
      window([0, 120]),
      /^3\.6 % would have been bad, and 1 % may be$/,
    ],
    ['is broken where replay sees a third of too much', 60, window([0, 40]), /^1\.2 %/],
    ['is kept where it sees a third of enough', 60, window([0, 30]), undefined],
    ['is kept where replay turned out to see all', 400, window([80, 80], 80), undefined],
    ['is broken where it turned out to see a tenth', 400, window([8, 20], 80), /% would have been bad/],
    ['is broken for an arm that was not replayed', 60, window([0, NaN]), /^\d+ % would have been bad/],
  ])('%s', (_, windows, one, message) => {
    const broken = promiseBroken(recordOf(windows, one), 1, ALLOWED);
    if (message === undefined) expect(broken).toBeUndefined();
    else expect(broken).toMatch(message);
  });

  test('fades: a bad week is forgotten in a good month', () => {
    const record = recordOf(7 * 48, window([0, 200]));
    expect(promiseBroken(record, 1, ALLOWED)).toBeDefined();
    for (let i = 0; i < 30 * 48; i += 1) learnPromise(record, window([0, 10]));
    expect(promiseBroken(record, 1, ALLOWED)).toBeUndefined();
  });

  test.each([
    ['no demand', { ...window([1, 1]), total: 0 }],
    ['a demand that is no number', { ...window([1, 1]), total: NaN }],
    ['another number of arms', { ...window([1, 1]), bad: Float64Array.of(1) }],
  ])('learns nothing from a window with %s', (_, one) => {
    const record = recordOf(3, window([1, 2], 3));
    const before = structuredClone(record);
    learnPromise(record, one);
    expect(record).toEqual(before);
  });

  test('never believes replay more than it says, whatever comes', () => {
    const numbers = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, numbers, fc.option(numbers)), { maxLength: 60 }), (windows) => {
        const record = createPromiseRecord(2);
        for (const [first, second, real] of windows)
          learnPromise(record, window([first, second], real ?? undefined));
        expect(replayFactor(record, ALLOWED)).toBeGreaterThanOrEqual(1);
        expect(Number.isFinite(replayFactor(record, ALLOWED))).toBe(true);
      }),
    );
  });
});
