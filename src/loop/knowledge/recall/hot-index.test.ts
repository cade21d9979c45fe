import fc from 'fast-check';
import {
  pointAt,
  situationFixture,
  WINDOW_MS,
  WINDOW_START,
} from '../../../../test/support/situation-fixture.ts';
import {
  createHotIndex,
  removeNamespace,
  removePolicy,
  removeSituation,
  type HotIndex,
} from './hot-index.ts';
import { rememberSituation } from './remember.ts';

const sorted = ({ rows }: HotIndex): readonly string[] => [...rows.keys()].sort();

test('a situation that is told twice is there once, as told last', () => {
  const index = createHotIndex({ capacity: 10 });
  rememberSituation(index, situationFixture({ summary: 'first' }));
  rememberSituation(index, situationFixture({ summary: 'second', succeeded: false }));
  expect(index.size).toBe(1);
  expect(index.labels.map(({ summary }) => summary)).toEqual(['second']);
  expect(index.columns.succeeded[0]).toBe(0);
});

test('the oldest go when there is no room, whatever the order in which they came', () => {
  const index = createHotIndex({ capacity: 3 });
  for (const window of [5, 1, 4, 2, 3]) {
    rememberSituation(index, situationFixture({ at: WINDOW_START + window * WINDOW_MS }));
  }
  expect([...index.columns.at.slice(0, index.size)].sort()).toEqual(
    [3, 4, 5].map((window) => WINDOW_START + window * WINDOW_MS),
  );
});

test('room grows with what is there, up to the capacity', () => {
  const index = createHotIndex({ capacity: 700 });
  for (let window = 0; window < 600; window += 1) {
    rememberSituation(
      index,
      situationFixture({ at: WINDOW_START + window * WINDOW_MS, embedding: pointAt(window) }),
    );
  }
  expect(index.size).toBe(600);
  expect(index.columns.room).toBe(700);
  const row = index.rows.get(`uid-web/${WINDOW_START + 7 * WINDOW_MS}`)!;
  expect(index.columns.heads[row * 16]).toBe(7);
});

test('a tenant, a policy or one situation is removed with all that is known of it', () => {
  const index = createHotIndex({ capacity: 100 });
  for (const [namespace, policyUid] of [
    ['shop', 'a'],
    ['shop', 'b'],
    ['bank', 'c'],
    ['bank', 'd'],
  ] as const) {
    for (let window = 0; window < 3; window += 1) {
      rememberSituation(index, situationFixture({ namespace, policyUid, at: window }));
    }
  }
  expect(removeNamespace(index, 'shop')).toBe(6);
  expect(removePolicy(index, 'c')).toBe(3);
  expect(removeSituation(index, 'd/1')).toBe(true);
  expect(removeSituation(index, 'd/1')).toBe(false);
  expect(removeNamespace(index, 'shop')).toBe(0);
  expect(sorted(index)).toEqual(['d/0', 'd/2']);
  expect(index.owners.places.size).toBe(1);
});

test.each([0, -1, 1.5, NaN])('a capacity of %s is refused', (capacity) => {
  expect(() => createHotIndex({ capacity })).toThrow(RangeError);
});

/** What an index should hold, kept the simplest way. */
function model() {
  const kept = new Map<string, number>();
  return {
    kept,
    remember: (id: string, mark: number) => kept.set(id, mark),
    remove: (unwanted: (id: string) => boolean) => {
      for (const id of [...kept.keys()].filter(unwanted)) kept.delete(id);
    },
  };
}

const policies = fc.constantFrom('a', 'b', 'c');
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('remember' as const),
      policyUid: policies,
      at: fc.nat(6),
      mark: fc.nat(100),
    }),
  },
  fc.record({ type: fc.constant('remove' as const), policyUid: policies, at: fc.nat(6) }),
  fc.record({ type: fc.constant('policy' as const), policyUid: policies }),
);

test('whatever is remembered and removed, each row belongs to its id', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const index = createHotIndex({ capacity: 100 });
      const { kept, remember, remove } = model();
      for (const each of actions) {
        if (each.type === 'remember') {
          const { policyUid, at, mark } = each;
          rememberSituation(index, situationFixture({ policyUid, at, embedding: pointAt(mark) }));
          remember(`${policyUid}/${at}`, mark);
        } else if (each.type === 'remove') {
          removeSituation(index, `${each.policyUid}/${each.at}`);
          remove((id) => id === `${each.policyUid}/${each.at}`);
        } else {
          removePolicy(index, each.policyUid);
          remove((id) => id.startsWith(each.policyUid));
        }
      }
      const marks = new Map([...index.rows].map(([id, row]) => [id, index.columns.heads[row * 16]]));
      expect(marks).toEqual(kept);
      expect(index.size).toBe(kept.size);
      expect(index.owners.entries.reduce((sum, owner) => sum + (owner?.rows.length ?? 0), 0)).toBe(kept.size);
      for (const [id, row] of index.rows) {
        expect(index.labels[row]?.id).toBe(id);
        const owner = index.owners.entries[index.columns.owner[row]!]!;
        expect(owner.policy.uid).toBe(id.split('/')[0]);
        expect(owner.rows[index.columns.slot[row]!]).toBe(row);
      }
    }),
  );
});
