import {
  BLACKOUT_MS,
  createDataHysteresis,
  knownWithoutBlackout,
  learnHistory,
  observeData,
  type DataHysteresis,
} from './data-hysteresis.ts';

const START = Date.UTC(2026, 4, 4, 9, 0);
const TICK = 15_000;
const MINUTE = 60_000;

function after(...evaluations: readonly boolean[]): DataHysteresis {
  const data = createDataHysteresis();
  for (const [index, good] of evaluations.entries()) observeData(data, START + index * TICK, good);
  return data;
}

describe('good evaluations in a row', () => {
  test.each<readonly [string, readonly boolean[], number]>([
    ['none is missing before anything was bad', [], 3],
    ['one good one is enough then', [true], 3],
    ['a bad one takes them all', [true, true, false], 0],
    ['each good one counts', [false, true, true], 2],
    ['no more than three are needed', [false, true, true, true, true], 3],
    ['every other one is never enough', [false, true, false, true, false, true], 1],
  ])('%s', (_name, evaluations, expected) => {
    expect(after(...evaluations).goodInARow).toBe(expected);
  });
});

describe('how long demand is known', () => {
  test('counts from the first good evaluation', () => {
    expect(after(false, true, true).knownSince).toBe(START + TICK);
  });

  test('survives a gap of five minutes and no longer one', () => {
    const data = after(true);
    observeData(data, START + BLACKOUT_MS, true);
    expect(data.knownSince).toBe(START);
    observeData(data, START + 2 * BLACKOUT_MS + 1, true);
    expect(data.knownSince).toBe(START + 2 * BLACKOUT_MS + 1);
  });

  test('reaches back as far as the history of every series', () => {
    const data = after(true);
    const until = START - MINUTE;
    learnHistory(data, { key: 'a', since: START - 900 * MINUTE, until }, ['a', 'b']);
    expect(data.knownSince).toBe(START);
    learnHistory(data, { key: 'b', since: START - 30 * MINUTE, until }, ['a', 'b']);
    expect(data.knownSince).toBe(START - 30 * MINUTE);
  });

  test('goes on from the history to the first evaluation after it', () => {
    const data = createDataHysteresis();
    learnHistory(data, { key: 'a', since: START - 30 * MINUTE, until: START - MINUTE }, ['a']);
    observeData(data, START, true);
    expect(data.knownSince).toBe(START - 30 * MINUTE);
  });

  test.each<readonly [string, readonly number[], number | undefined]>([
    ['reaches back to its begin', [1, 2, 3], START],
    ['is not broken by a short gap', [1, NaN, NaN, NaN, NaN, 3], START],
    ['is broken by a blackout', [1, NaN, NaN, NaN, NaN, NaN, NaN, 3, 4], START + 7 * MINUTE],
    ['ends with a blackout at its end', [1, 2, NaN, NaN, NaN, NaN, NaN, NaN, NaN], undefined],
    ['of gaps alone knows nothing', [NaN, NaN], undefined],
  ])('history %s', (_name, values, expected) => {
    const until = START + (values.length - 1) * MINUTE;
    const past = { startMs: START, stepMs: MINUTE, values: Float64Array.from(values) };
    expect(knownWithoutBlackout(past, until)).toBe(expected);
  });
});
