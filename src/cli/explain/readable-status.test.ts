import { statusFixture } from '../../../test/support/explain-fixture.ts';
import { readableStatus } from './readable-status.ts';

/** With a value at a place, such as `decisions.0.state`. */
function changed(path: string, value: unknown): unknown {
  const status = structuredClone(statusFixture) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const place = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, status);
  place[last] = value;
  return status;
}

test.each([
  ['workloads.0.anomalies.0.kind', 'Quake', 'workloads[0].anomalies[0]'],
  ['workloads.0.memory.confidence', 'VeryHigh', 'workloads[0].memory'],
  ['decisions.0.state', 'Rethought', 'decisions[0]'],
  ['decisions.0.stock.window', 'Sideways', 'decisions[0].stock'],
  ['conditions.3.status', 'Perhaps', 'conditions[3]'],
  ['decisions', 'many', 'decisions'],
])('%s that reads %j costs no more than %s', (path, value, leftOut) => {
  const read = readableStatus(changed(path, value));
  expect(read.leftOut).toEqual([leftOut]);
  expect(read.status.observedGeneration).toBe(3);
});

test.each([[undefined], [{}]])('%j is a status that says nothing', (status) => {
  expect(readableStatus(status)).toEqual({ status: {}, leftOut: [] });
});

test.each([['text'], [[]], [7]])('%j is no status at all', (status) => {
  expect(readableStatus(status)).toEqual({ status: {}, leftOut: ['all of it'] });
});
