import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import type { FeatureRows } from '../../loop/knowledge/dataset/feature-rows.ts';
import { FEATURE_COUNT, FEATURE_SCHEMA, SLOT } from '../../loop/monitor/features/schema.ts';
import { featureFile, writeFeatureFile } from './feature-file.ts';

const MONDAY = Date.UTC(2026, 4, 4);

function rowsOf(policy: string, minutes: number): FeatureRows {
  const values = new Float32Array(minutes * FEATURE_COUNT).fill(NaN);
  for (let row = 0; row < minutes; row += 1) values[row * FEATURE_COUNT + SLOT.requestRate] = row / 4;
  const at = Float64Array.from({ length: minutes }, (_, row) => MONDAY + 60_000 * row);
  return { policyUid: `uid-${policy}`, namespace: 'shop', policy, at, values };
}

const options = { from: MONDAY, to: MONDAY + 60_000 * 10_999, stepSeconds: 60 };

test('what is written is read back: owners, times, values and what is unknown', () => {
  const table = tableFromIPC(featureFile([rowsOf('web', 11_000), rowsOf('api', 3)], options));
  expect([table.numRows, table.batches.length]).toEqual([11_003, 3]);
  expect(table.get(10_500)?.toJSON()).toMatchObject({
    namespace: 'shop',
    policy: 'web',
    policy_uid: 'uid-web',
    at: MONDAY + 60_000 * 10_500,
    requestRate: 2625,
    tailLatency: null,
  });
  expect(table.get(11_002)?.toJSON()).toMatchObject({ policy: 'api', requestRate: 0.5 });
  expect(table.getChild('tailLatency')?.nullCount).toBe(11_003);
  expect(table.getChild('requestRate')?.nullCount).toBe(0);
});

test('the schema says which features they are, of which window and in which steps', () => {
  const { schema } = tableFromIPC(featureFile([rowsOf('web', 2)], options));
  expect(Object.fromEntries(schema.metadata)).toEqual({
    featureSchemaVersion: String(FEATURE_SCHEMA.version),
    featureSchemaHash: FEATURE_SCHEMA.hash,
    from: '2026-05-04T00:00:00.000Z',
    to: '2026-05-11T15:19:00.000Z',
    stepSeconds: '60',
  });
  expect(schema.fields.slice(4).map(({ name }) => name)).toEqual(
    FEATURE_SCHEMA.features.map(({ name }) => name),
  );
  expect(schema.fields[4]?.metadata.get('unit')).toBe('1');
});

test('a file is there whole or not at all', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'arrow-'));
  const path = join(folder, 'rows.arrow');
  const bytes = featureFile([rowsOf('web', 2)], options);
  await writeFeatureFile(path, bytes);
  expect(new Uint8Array(await readFile(path))).toEqual(bytes);
  await expect(writeFeatureFile(join(folder, 'none', 'rows.arrow'), bytes)).rejects.toThrow('ENOENT');
  expect(await readdir(folder)).toEqual(['rows.arrow']);
  await rm(folder, { recursive: true });
});
