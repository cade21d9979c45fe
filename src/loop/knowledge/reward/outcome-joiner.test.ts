import fc from 'fast-check';
import { seededRandom } from '../../../simulate/random.ts';
import { createOutcomeJoiner, expireHalves, joinHalf, type Half, type JoinReport } from './outcome-joiner.ts';

type Report = JoinReport<string, string>;

const decision = (decisionId: string, waitUntil = 100): Half<string, string> => ({
  half: 'Decision',
  decisionId,
  waitUntil,
  decision: `decided ${decisionId}`,
});

const outcome = (decisionId: string, waitUntil = 100): Half<string, string> => ({
  half: 'Outcome',
  decisionId,
  waitUntil,
  outcome: `came of ${decisionId}`,
});

const short = (report: Report): string =>
  report.result === 'Joined'
    ? `${report.decisionId} joined`
    : `${report.decisionId} ${report.result} ${report.why}`;

/** Tells the halves in order; a number is a time at which those who waited too long are reported. */
function tell(told: readonly (Half<string, string> | number)[], maxPending = 100): readonly string[] {
  const joiner = createOutcomeJoiner<string, string>(maxPending);
  return told
    .flatMap((half): readonly Report[] =>
      typeof half === 'number' ? expireHalves(joiner, half) : joinHalf(joiner, half),
    )
    .map(short);
}

describe('a decision and its outcome', () => {
  test.each<[string, readonly (Half<string, string> | number)[], readonly string[]]>([
    ['are joined', [decision('a'), outcome('a')], ['a joined']],
    ['are joined when the outcome is told first', [outcome('a'), decision('a')], ['a joined']],
    [
      'are joined once, however often they are told',
      [decision('a'), decision('a'), outcome('a'), outcome('a'), decision('a')],
      ['a joined'],
    ],
    ['are not mixed with others', [decision('a'), outcome('b'), decision('b')], ['b joined']],
    [
      'are reported alone after their time',
      [decision('a', 10), outcome('b', 20), 9, 10, 20],
      ['a NoOutcome Expired', 'b NoDecision Expired'],
    ],
    [
      'are not joined after the first was reported alone',
      [decision('a', 10), 10, outcome('a'), 500],
      ['a NoOutcome Expired'],
    ],
  ])('%s', (_name, told, reports) => {
    expect(tell(told)).toEqual(reports);
  });

  test('are carried through', () => {
    const joiner = createOutcomeJoiner<string, string>(1);
    joinHalf(joiner, outcome('a'));
    expect(joinHalf(joiner, decision('a'))).toEqual([
      { result: 'Joined', decisionId: 'a', decision: 'decided a', outcome: 'came of a' },
    ]);
    joinHalf(joiner, outcome('a'));
    expect(joiner).toMatchObject({ repeated: 1, pending: new Map() });
  });

  test('make room for others: who would be given up next goes first', () => {
    expect(tell([decision('a', 30), decision('b', 20), outcome('c', 40), 100], 2)).toEqual([
      'b NoOutcome NoRoom',
      'a NoOutcome Expired',
      'c NoDecision Expired',
    ]);
  });

  test('need room', () => {
    expect(() => createOutcomeJoiner(0)).toThrow('maxPending must be a whole number from 1 on, found 0');
  });
});

interface Case {
  readonly joins: boolean;
  readonly half: 'Decision' | 'Outcome';
  readonly times: number;
}

const cases = fc.array(
  fc.record({
    joins: fc.boolean(),
    half: fc.constantFrom('Decision' as const, 'Outcome' as const),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 30 },
);

function halvesOf(all: readonly Case[]): Half<string, string>[] {
  return all.flatMap(({ joins, half, times }, index) => {
    const id = `d${index}`;
    const one = half === 'Decision' ? decision(id, 100 + (index % 3)) : outcome(id, 100 + (index % 3));
    const told = joins ? [decision(id), outcome(id)] : [one];
    return Array.from({ length: times }, () => told).flat();
  });
}

function shuffled<T>(values: readonly T[], seed: number): readonly T[] {
  const random = seededRandom(seed);
  const keys = new Map(values.map((value, index) => [index, { value, key: random() }]));
  return [...keys.values()].sort((a, b) => a.key - b.key).map(({ value }) => value);
}

describe('in whatever order they are told', () => {
  test('the reports are the same', () => {
    fc.assert(
      fc.property(cases, fc.nat(), (all, seed) => {
        const halves = halvesOf(all);
        const reports = tell([...shuffled(halves, seed), 1000]);
        expect(reports.toSorted()).toEqual(tell([...halves, 1000]).toSorted());
        expect(reports.length).toBe(all.length);
      }),
    );
  });

  test('every id is reported exactly once, however little room and time there is', () => {
    fc.assert(
      fc.property(cases, fc.nat(), fc.integer({ min: 1, max: 5 }), (all, seed, room) => {
        const told = shuffled([...halvesOf(all), 100, 101], seed);
        const ids = tell([...told, 1000], room).map((report) => report.split(' ')[0]);
        expect(ids.toSorted()).toEqual(all.map((_, index) => `d${index}`).toSorted());
      }),
    );
  });
});
