import fc from 'fast-check';
import { ObjectStore, type StoredObject, type StoreEvent } from './object-store.ts';

type Item = StoredObject<{ readonly label: string }>;

function item(name: string, uid: string, resourceVersion: string): Item {
  return {
    namespace: 'ns',
    name,
    uid,
    resourceVersion,
    object: { label: `${name}/${uid}/${resourceVersion}` },
  };
}

const told = (events: readonly StoreEvent<unknown>[]): string[] =>
  events.map(({ type, key }) => `${type} ${key}`);

describe('ObjectStore', () => {
  it.each([
    ['a new object', [], item('a', 'u1', '1'), ['added ns/a']],
    ['a changed object', [item('a', 'u1', '1')], item('a', 'u1', '2'), ['updated ns/a']],
    ['the same object again', [item('a', 'u1', '1')], item('a', 'u1', '1'), []],
    [
      'another object of that name',
      [item('a', 'u1', '1')],
      item('a', 'u2', '9'),
      ['deleted ns/a', 'added ns/a'],
    ],
  ])('tells %s', (_, before, next, expected) => {
    const store = new ObjectStore<Item['object']>();
    store.replace(before);
    expect(told(store.set(next))).toEqual(expected);
  });

  it('tells what happened unseen when it is replaced, deletions first', () => {
    const store = new ObjectStore<Item['object']>();
    store.replace([
      item('gone', 'u1', '1'),
      item('kept', 'u2', '1'),
      item('changed', 'u3', '1'),
      item('remade', 'u4', '1'),
    ]);
    const events = store.replace([
      item('kept', 'u2', '1'),
      item('changed', 'u3', '5'),
      item('remade', 'u5', '6'),
      item('new', 'u6', '7'),
    ]);
    expect(told(events)).toEqual([
      'deleted ns/gone',
      'updated ns/changed',
      'deleted ns/remade',
      'added ns/remade',
      'added ns/new',
    ]);
  });

  it('ignores the deletion of what it does not have', () => {
    expect(new ObjectStore().delete('ns/a')).toEqual([]);
  });

  it('freezes what it holds, to the bottom', () => {
    const store = new ObjectStore<{ list: { n: number }[] }>();
    store.set({ name: 'a', uid: 'u', resourceVersion: '1', object: { list: [{ n: 1 }] } });
    const held = store.objects.get('a');
    expect(() => held?.list.push({ n: 2 })).toThrow(TypeError);
    expect(() => Object.assign(held?.list[0] ?? {}, { n: 3 })).toThrow(TypeError);
  });

  it('tells enough: whoever follows the events holds what the store holds', () => {
    const some = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      uid: fc.constantFrom('u1', 'u2'),
      version: fc.constantFrom('1', '2', '3'),
    });
    const change = fc.oneof(
      fc.record({ do: fc.constant('set' as const), some }),
      fc.record({ do: fc.constant('delete' as const), some }),
      fc.record({
        do: fc.constant('replace' as const),
        all: fc.uniqueArray(some, { selector: ({ name }) => name }),
      }),
    );
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const store = new ObjectStore<Item['object']>();
        const follower = new Map<string, unknown>();
        for (const next of changes) {
          const events =
            next.do === 'replace'
              ? store.replace(next.all.map(({ name, uid, version }) => item(name, uid, version)))
              : next.do === 'set'
                ? store.set(item(next.some.name, next.some.uid, next.some.version))
                : store.delete(`ns/${next.some.name}`);
          for (const event of events) {
            expect(follower.has(event.key)).toBe(event.type !== 'added');
            if (event.type === 'deleted') follower.delete(event.key);
            else follower.set(event.key, event.object);
          }
          expect(follower).toEqual(store.objects);
        }
      }),
    );
  });
});
