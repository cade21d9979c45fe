import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { FEATURE_COUNT } from '../../loop/monitor/features/schema.ts';
import { FeatureBatchBuilder, type FeatureBatch, type FeatureRow } from './feature-batch.ts';
import type { FeaturesAsOf } from './feature-join.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { KnowledgeTables } from './tables.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 4, 4, 9, 0);
const DAY = 86_400_000;

let uri: string;
let tables: KnowledgeTables;

beforeEach(async () => {
  uri = await mkdtemp(join(tmpdir(), 'knowledge-'));
  ({ tables } = await KnowledgeTables.repair({ uri }, 1));
});

afterEach(async () => {
  tables.close();
  await rm(uri, { recursive: true });
});

function batchOf(rows: readonly FeatureRow[]): FeatureBatch {
  const builder = new FeatureBatchBuilder(Math.max(1, rows.length));
  for (const row of rows) builder.add(row);
  return builder.batch();
}

/** A row whose first value is its time in minutes after the start, and whose second is not known. */
function rowAt(uid: string, minute: number): FeatureRow {
  const values = new Float32Array(FEATURE_COUNT).fill(0.5);
  values[0] = minute;
  values[1] = NaN;
  return { policy: { namespace: 'shop', name: uid, uid }, at: START + minute * MINUTE, values };
}

function join1(
  labels: readonly (readonly [uid: string, minute: number])[],
  toleranceMinutes: number,
): Promise<FeaturesAsOf> {
  const policyUids = [...new Set(labels.map(([uid]) => uid))];
  return tables.featuresAsOf({
    policyUids,
    policy: Uint32Array.from(labels, ([uid]) => policyUids.indexOf(uid)),
    at: Float64Array.from(labels, ([, minute]) => START + minute * MINUTE),
    toleranceMs: toleranceMinutes * MINUTE,
  });
}

const minutesOf = ({ at }: FeaturesAsOf): number[] => [...at].map((time) => (time - START) / MINUTE);

describe('features', () => {
  test('come back as they were: values, unknown ones, times', async () => {
    const rows = [rowAt('a', 0), rowAt('b', 0), rowAt('a', 1)];
    expect(await tables.appendFeatures([batchOf(rows.slice(0, 2)), batchOf(rows.slice(2))])).toBe(3);
    const found = await join1(
      [
        ['a', 1],
        ['b', 1],
        ['a', 0],
      ],
      5,
    );
    expect(minutesOf(found)).toEqual([1, 0, 0]);
    expect([...found.values.subarray(0, FEATURE_COUNT)]).toEqual([...(rows[2]!.values as Float32Array)]);
    expect(found.corruptRows).toBe(0);
  });

  test('that are there already are left out: repeated by a restart, imported twice, twice in a batch', async () => {
    const rows = [rowAt('a', 5), rowAt('b', 5)];
    expect(await tables.appendFeatures([batchOf(rows)])).toBe(2);
    expect(await tables.appendFeatures([batchOf([...rows, rowAt('a', 6), rowAt('a', 6)])])).toBe(1);
    tables.close();
    tables = await KnowledgeTables.open({ uri });
    expect(await tables.appendFeatures([batchOf([rowAt('a', 4), rowAt('a', 5), rowAt('a', 6)])])).toBe(1);
    expect((await tables.sizes()).features.rows).toBe(4);
  });

  test('of two policies whose uids have the same checksum stay apart', async () => {
    // CRC-32 of both is the same.
    const [one, other] = ['plumless', 'buckeroo'];
    await tables.appendFeatures([batchOf([rowAt(one, 1), rowAt(other, 2)])]);
    expect(await tables.appendFeatures([batchOf([rowAt(other, 1)])])).toBe(1);
    expect(
      minutesOf(
        await join1(
          [
            [one, 5],
            [other, 5],
          ],
          10,
        ),
      ),
    ).toEqual([1, 2]);
  });

  test('as of a time are the newest at or before it within the tolerance, whatever there is', async () => {
    const uid = fc.constantFrom('a', 'b', 'c');
    const minute = fc.integer({ min: 0, max: 60 });
    const stored = new Map<string, Set<number>>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(uid, minute), { maxLength: 15 }),
        fc.array(fc.tuple(uid, fc.double({ min: 0, max: 70, noNaN: true })), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 40 }),
        async (rows, wanted, tolerance) => {
          await tables.appendFeatures([batchOf(rows.map(([each, at]) => rowAt(each, at)))]);
          for (const [each, at] of rows) stored.set(each, (stored.get(each) ?? new Set()).add(at));
          const labels = wanted.map(([each, at]) => [each, Math.floor(at * MINUTE) / MINUTE] as const);
          const expected = labels.map(([each, at]) => {
            const known = [...(stored.get(each) ?? [])].filter(
              (time) => time <= at && at - time <= tolerance,
            );
            return known.length === 0 ? NaN : Math.max(...known);
          });
          expect(minutesOf(await join1(labels, tolerance))).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  test('go when they are too old or too many, the oldest first, and the index finds the others', async () => {
    const rows = Array.from({ length: 12_000 }, (_, i) => rowAt(`u${i % 10}`, Math.floor(i / 10)));
    await tables.appendFeatures([batchOf(rows)]);
    const limits = { ...DEFAULT_LIMITS, features: { maxAgeMs: DAY, maxRows: 11_000 } };
    await tables.maintain(limits, START, 0);
    expect((await tables.sizes()).features).toMatchObject({ rows: 11_000, fragments: 1 });
    expect(
      minutesOf(
        await join1(
          [
            ['u3', 99],
            ['u3', 1199],
          ],
          2,
        ),
      ),
    ).toEqual([NaN, 1199]);
    await tables.maintain(
      { ...limits, features: { maxAgeMs: 100 * MINUTE, maxRows: 11_000 } },
      START + 1200 * MINUTE,
      0,
    );
    expect((await tables.sizes()).features.rows).toBe(1000);
  });
});
