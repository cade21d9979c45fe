import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FEATURE_COUNT, FEATURE_SCHEMA, SLOT } from './schema.ts';

test('version 1 has 18 features; another hash is another version, for stored vectors would be misread', () => {
  expect(FEATURE_COUNT).toBe(18);
  expect({ version: FEATURE_SCHEMA.version, hash: FEATURE_SCHEMA.hash }).toEqual({
    version: 1,
    hash: 'd3e1f50fb4ea4f56',
  });
});

test('each name has its own slot, in order', () => {
  expect(Object.values(SLOT)).toEqual(Array.from({ length: FEATURE_COUNT }, (_, index) => index));
  expect(Object.keys(SLOT)).toEqual(FEATURE_SCHEMA.features.map(({ name }) => name));
});

test('the documentation says the same, with the hash', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/features.md'), 'utf8');
  const rows = FEATURE_SCHEMA.features.map(
    ({ name, unit, meaning }, slot) => `| ${slot} | \`${name}\` | ${unit} | ${meaning} |`,
  );
  expect(page.split('\n')).toEqual(expect.arrayContaining(rows));
  expect(page).toContain(FEATURE_SCHEMA.hash);
});
