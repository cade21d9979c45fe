import { FEATURE_COUNT } from '../../loop/monitor/features/schema.ts';
import type { FeatureRow } from './feature-batch.ts';
import { BLOCK_ROWS, FeatureBuffer } from './feature-buffer.ts';

const policy = (uid: string, namespace = 'shop') => ({ namespace, name: uid, uid });
const row = (at: number, uid = 'u'): FeatureRow => ({
  policy: policy(uid),
  at,
  values: new Float32Array(FEATURE_COUNT).fill(at),
});

function timesOf(buffer: FeatureBuffer): number[] {
  return buffer.next().flatMap(({ at }) => [...at]);
}

describe('the buffer of features', () => {
  test('gives rows in their order, and again until they are taken', () => {
    const buffer = new FeatureBuffer(10);
    for (const at of [1, 2, 3]) buffer.add(row(at));
    expect(timesOf(buffer)).toEqual([1, 2, 3]);
    expect(timesOf(buffer)).toEqual([1, 2, 3]);
    buffer.add(row(4));
    expect(buffer.taken()).toBe(3);
    expect(timesOf(buffer)).toEqual([4]);
    expect(buffer.rows).toBe(1);
  });

  test('keeps owners and unknown values of each row', () => {
    const buffer = new FeatureBuffer(10);
    const values = Array.from({ length: FEATURE_COUNT }, (_, i) => (i === 3 ? NaN : i));
    buffer.add({ policy: policy('a'), at: 1, values });
    buffer.add({ policy: policy('b', 'bank'), at: 2, values });
    const [batch] = buffer.next();
    expect([...batch!.policy].map((place) => batch!.policies[place])).toEqual([
      policy('a'),
      policy('b', 'bank'),
    ]);
    expect([...batch!.values]).toEqual([...values, ...values]);
  });

  test('lets the oldest block go when there are too many, also one that is on its way', () => {
    const buffer = new FeatureBuffer(2 * BLOCK_ROWS);
    for (let at = 0; at < 2 * BLOCK_ROWS; at += 1) buffer.add(row(at));
    expect(buffer.next()).toHaveLength(2);
    buffer.add(row(2 * BLOCK_ROWS));
    expect(buffer.dropped).toBe(BLOCK_ROWS);
    // The first block was stored as well, but it was already given up.
    expect(buffer.taken()).toBe(BLOCK_ROWS);
    expect(timesOf(buffer)).toEqual([2 * BLOCK_ROWS]);
  });

  test('forgets the rows of a policy or a namespace up to a time, and no others', () => {
    const buffer = new FeatureBuffer(100);
    for (const uid of ['a', 'b']) for (const at of [1, 2, 3]) buffer.add(row(at, uid));
    buffer.forget({ at: 2, policyUid: 'a' });
    expect(timesOf(buffer)).toEqual([3, 1, 2, 3]);
    buffer.forget({ at: 3, namespace: 'bank' });
    expect(buffer.rows).toBe(4);
    buffer.forget({ at: 3, namespace: 'shop' });
    expect(buffer.next()).toEqual([]);
    expect(buffer.dropped).toBe(0);
  });

  test.each([
    ['too few values', { ...row(1), values: [1] }, 'features u/1: there are 1 values; there must be 18'],
    [
      'an infinity',
      { ...row(1), values: Array<number>(FEATURE_COUNT).fill(-Infinity) },
      'features u/1: cpuUtilization is -Infinity',
    ],
    [
      'what is no float32',
      { ...row(1), values: Array<number>(FEATURE_COUNT).fill(1e39) },
      'features u/1: cpuUtilization is 1e+39',
    ],
    ['no time', { ...row(NaN) }, 'features u/NaN: the time is NaN'],
  ])('refuses a row with %s, naming it', (_, bad, message) => {
    const buffer = new FeatureBuffer(10);
    expect(() => buffer.add(bad)).toThrow(message);
    expect(buffer.rows).toBe(0);
  });
});
