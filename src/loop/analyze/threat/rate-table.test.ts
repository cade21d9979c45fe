import { createRateTable, OTHER_SOURCES, placeOf, rateOf, touch, type RateTable } from './rate-table.ts';

const HOUR = 3_600_000;

function heard(table: RateTable, source: string, now: number): string {
  const place = placeOf(table, source, now);
  rateOf(table, place);
  touch(table, place, now);
  return place;
}

test('beyond the cap sources share a place, until one of the others was silent for an hour', () => {
  const table = createRateTable(2);
  expect([heard(table, 'a', 0), heard(table, 'b', 1000), heard(table, 'c', 2000)]).toEqual([
    'a',
    'b',
    OTHER_SOURCES,
  ]);
  heard(table, 'b', HOUR);
  expect(heard(table, 'c', HOUR + 1)).toBe('c');
  expect([...table.sources.keys()].sort()).toEqual([OTHER_SOURCES, 'b', 'c'].sort());
});

test('a known source keeps its rate', () => {
  const table = createRateTable(1);
  rateOf(table, heard(table, 'a', 0)).count = 7;
  expect(rateOf(table, heard(table, 'a', 9 * HOUR)).count).toBe(7);
});
