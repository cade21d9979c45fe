import { segmentsToDelete, type RetentionInput } from './retention.ts';

const FOUR = [1, 2, 3, 4].map((segment) => ({ segment, end: 100 }));
const BASE: RetentionInput = {
  sealed: FOUR,
  totalBytes: 400,
  withOpenIntents: new Set(),
  exportedThrough: { segment: 9, offset: 0 },
  retainBytes: 200,
  maxBytes: 300,
};

const CASES: readonly [string, Partial<RetentionInput>, number[]][] = [
  ['exported segments go, oldest first, until the rest fits', {}, [1, 2]],
  ['nothing goes while everything fits', { retainBytes: 400 }, []],
  ['all go when nothing is to be kept', { retainBytes: 0 }, [1, 2, 3, 4]],
  ['an unexported segment stays', { exportedThrough: { segment: 1, offset: 100 }, maxBytes: 1000 }, [1]],
  [
    'a segment exported but for its last byte stays',
    { exportedThrough: { segment: 1, offset: 99 }, maxBytes: 1000 },
    [],
  ],
  ['an unexported segment goes beyond the hard limit', { exportedThrough: { segment: 0, offset: 0 } }, [1]],
  ['an open intent keeps its segment beyond any limit', { withOpenIntents: new Set([1]), maxBytes: 0 }, []],
  ['what lies after a kept segment is kept too', { withOpenIntents: new Set([2]), retainBytes: 0 }, [1]],
];

describe('retention', () => {
  test.each(CASES)('%s', (_, change, expected) => {
    expect(segmentsToDelete({ ...BASE, ...change })).toEqual(expected);
  });
});
