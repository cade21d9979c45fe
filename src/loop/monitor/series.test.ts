import {
  BIN_MS,
  binMax,
  binOf,
  createSeries,
  recordSample,
  rollingMax,
  windowCount,
  windowMax,
  type DemandSeries,
} from './series.ts';

const T0 = Date.UTC(2025, 0, 6);
const BIN0 = binOf(T0);
const minutes = (n: number) => T0 + n * BIN_MS;

function filled(samples: readonly (readonly [minute: number, value: number])[]): DemandSeries {
  const series = createSeries();
  for (const [minute, value] of samples)
    recordSample(series, { at: minutes(minute), value }, minutes(minute));
  return series;
}

describe('a demand series', () => {
  test('keeps the largest sample of each minute', () => {
    const series = filled([
      [0, 3],
      [0.25, 7],
      [0.5, 5],
      [1, 4],
    ]);
    expect([binMax(series, BIN0), binMax(series, BIN0 + 1)]).toEqual([7, 4]);
  });

  test('leaves a minute without a sample unknown, never zero', () => {
    const series = filled([
      [0, 3],
      [3, 4],
    ]);
    expect(binMax(series, BIN0 + 1)).toBeNaN();
    expect(windowCount(series, BIN0, BIN0 + 3)).toBe(2);
    expect(windowMax(series, BIN0 + 1, BIN0 + 2)).toBe(-Infinity);
    expect(windowMax(series, BIN0, BIN0 + 3)).toBe(4);
  });

  test('tells which minutes a newer sample has closed, gaps included', () => {
    const series = filled([[0, 1]]);
    const sample = { at: minutes(3.5), value: 1 };
    expect(recordSample(series, sample, sample.at)).toEqual({
      status: 'Accepted',
      closedFrom: BIN0,
      closedTo: BIN0 + 2,
      rewound: false,
    });
  });

  test('forgets what is older than eight days', () => {
    const series = filled([
      [0, 9],
      [8 * 1440 - 1, 1],
    ]);
    expect(binMax(series, BIN0)).toBe(9);
    recordSample(series, { at: minutes(8 * 1440), value: 1 }, minutes(8 * 1440));
    expect(binMax(series, BIN0)).toBeNaN();
    expect(windowMax(series, BIN0 - 5, BIN0 + 8 * 1440)).toBe(1);
  });

  test('survives a gap longer than everything it keeps', () => {
    const series = filled([
      [0, 9],
      [1e9, 2],
    ]);
    expect(windowCount(series, BIN0 + 1e9 - 20_000, BIN0 + 1e9)).toBe(1);
  });

  test.each([
    ['NaN', { at: T0, value: NaN }, 'NotANumber'],
    ['infinity', { at: T0, value: Infinity }, 'NotANumber'],
    ['a time that is not a number', { at: NaN, value: 1 }, 'NotANumber'],
    ['a negative demand', { at: T0, value: -1e-9 }, 'OutOfRange'],
    ['a demand beyond all meaning', { at: T0, value: 1e308 }, 'OutOfRange'],
    ['a time before 1970', { at: -1, value: 1 }, 'OutOfRange'],
    ['a time beyond the calendar', { at: 1e300, value: 1 }, 'OutOfRange'],
    ['a sample two minutes ahead of the clock', { at: minutes(2), value: 1 }, 'InFuture'],
    ['a sample nine days old', { at: minutes(-9 * 1440), value: 1 }, 'TooOld'],
  ])('refuses %s and stays as it was', (_what, sample, reason) => {
    const series = filled([[0, 5]]);
    const before = structuredClone(series);
    const now = sample.at === 1e300 ? 1e300 : T0;
    expect(recordSample(series, sample, now)).toMatchObject({ status: 'Refused', reason });
    expect(series).toEqual(before);
  });

  test('lets a late sample fill or raise its minute, but not lower it', () => {
    const series = filled([
      [0, 3],
      [3, 4],
    ]);
    const late = (minute: number, value: number) =>
      recordSample(series, { at: minutes(minute), value }, minutes(3)).status;
    expect(late(1, 8)).toBe('Merged');
    expect(late(0, 5)).toBe('Merged');
    expect(late(0.5, 1)).toBe('Duplicate');
    expect([0, 1, 3].map((minute) => binMax(series, BIN0 + minute))).toEqual([5, 8, 4]);
    expect(series.newestAt).toBe(minutes(3));
  });

  test('follows a clock that is set back, and forgets what was written ahead of it', () => {
    const series = filled([
      [0, 3],
      [60, 99],
    ]);
    const outcome = recordSample(series, { at: minutes(1), value: 4 }, minutes(1));
    expect(outcome).toMatchObject({ status: 'Accepted', rewound: true });
    expect([0, 1, 60].map((minute) => binMax(series, BIN0 + minute))).toEqual([3, 4, NaN]);
  });

  test('tells the largest sample of the last minute across the border of two minutes', () => {
    const series = filled([
      [0, 50],
      [0.5, 9],
      [0.75, 3],
      [1.25, 5],
    ]);
    expect(rollingMax(series)).toBe(9);
  });

  test('keeps the rolling maximum when old history is filled in afterwards', () => {
    const series = filled([[1000, 5]]);
    for (let minute = 0; minute < 100; minute++) {
      recordSample(series, { at: minutes(minute), value: 70 }, minutes(1000));
    }
    expect(rollingMax(series)).toBe(5);
  });
});
