import { settle } from '../../test/support/manual-clock.ts';
import { ReflectorHarness, status, values, type Slim } from '../../test/support/reflector-harness.ts';
import type { KubeObject } from '../adapters/kubernetes/objects.ts';

let h: ReflectorHarness;

beforeEach(async () => {
  h = await ReflectorHarness.start();
});

afterEach(() => h.stopAll());

describe('a reflector in good weather', () => {
  it('lists all pages, tells the objects, is synced, and watches from the list’s version with bookmarks', async () => {
    for (let n = 0; n < 501; n += 1) h.api.put(`thing-${n}`, { value: n });
    const mirror = h.start();
    expect([mirror.synced, mirror.lastContactAt]).toEqual([false, undefined]);
    await mirror.whenSynced();
    await h.watching(1);
    expect([mirror.synced, mirror.objects.size, h.told.length, mirror.lastContactAt]).toEqual([
      true,
      501,
      501,
      0,
    ]);
    expect(mirror.objects.get('ns/thing-500')).toEqual({ name: 'thing-500', value: 500 });
    const [first, second, watch] = h.api.requests.map(({ query }) => Object.fromEntries(query));
    expect(first).toEqual({ limit: '500', labelSelector: 'app=web' });
    expect(second).toEqual({ limit: '500', labelSelector: 'app=web', continue: '500' });
    expect(watch).toEqual({
      labelSelector: 'app=web',
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '601',
      timeoutSeconds: '450',
    });
  });

  it('follows additions, changes and deletions, and takes a repeated addition for nothing new', async () => {
    const mirror = h.start();
    await h.watching(1);
    const thing = h.api.put('a', { value: 1 });
    h.api.send('ADDED', thing);
    h.api.send('ADDED', thing);
    h.api.send('MODIFIED', h.api.put('a', { value: 2 }));
    await h.until(() => h.told.length === 2);
    expect(values(mirror)).toEqual([2]);
    h.api.send('DELETED', h.api.remove('a'));
    await h.until(() => h.told.length === 3);
    expect([h.told, mirror.objects.size]).toEqual([['added ns/a', 'updated ns/a', 'deleted ns/a'], 0]);
  });

  it('resumes from the last bookmark when the server ends the watch, without another list', async () => {
    h.start();
    await h.watching(1);
    h.clock.jump(300_000);
    h.api.send('BOOKMARK', { metadata: { resourceVersion: 'opaque-é-777' } });
    await settle();
    h.api.watches[0]?.end();
    await h.watching(2);
    expect(h.api.requests.at(-1)?.query.get('resourceVersion')).toBe('opaque-é-777');
    expect([h.api.count('list'), h.failures()]).toEqual([1, []]);
  });

  it('puts together characters that arrive in two pieces', async () => {
    const mirror = h.start();
    await h.watching(1);
    const line = Buffer.from(
      `${JSON.stringify({ type: 'ADDED', object: h.api.put('a', { value: 'größe 🚀' }) })}\n`,
    );
    for (const byte of line) {
      h.api.write(Buffer.from([byte]));
      await settle();
    }
    await h.until(() => h.told.length === 1);
    expect(values(mirror)).toEqual(['größe 🚀']);
  });

  it('lists again from time to time and so finds what the watch lost', async () => {
    const mirror = h.start({
      timings: { relistMs: [600_000, 600_000], silenceMs: 1e9, watchSeconds: [900, 900] },
    });
    await h.watching(1);
    expect(h.api.requests.at(-1)?.query.get('timeoutSeconds')).toBe('600');
    h.api.put('unseen', { value: 1 });
    h.clock.jump(600_000);
    h.api.watches[0]?.end();
    await h.watching(2);
    expect([values(mirror), h.api.count('list'), h.failures()]).toEqual([[1], 2, []]);
  });

  it('keeps frozen copies', async () => {
    h.api.put('a', { value: { deep: [1] } });
    const mirror = h.start();
    await mirror.whenSynced();
    const held = mirror.objects.get('ns/a')?.value as { deep: number[] };
    expect(() => held.deep.push(2)).toThrow(TypeError);
  });
});

describe('a reflector and the code around it', () => {
  it('survives a handler that throws, and goes on telling', async () => {
    h.api.put('a');
    h.api.put('b');
    const onEvent = ({ key }: { key: string }): void => {
      h.told.push(key);
      throw new Error('boom');
    };
    h.start({ onEvent });
    await h.watching(1);
    h.api.send('ADDED', h.api.put('c'));
    await h.until(() => h.told.length === 3);
    expect(h.notes.filter(({ what }) => what === 'HandlerFailed')).toHaveLength(3);
  });

  it('leaves out an object that cannot be transformed, and forgets an older form of it', async () => {
    const transform = (object: KubeObject): Slim => {
      if (object['value'] === 'bad') throw new Error('cannot read this');
      return { name: object.metadata.name, value: object['value'] };
    };
    h.api.put('a', { value: 1 });
    h.api.put('b', { value: 'bad' });
    const mirror = h.start({ transform });
    await h.watching(1);
    expect(values(mirror)).toEqual([1]);
    h.api.send('MODIFIED', h.api.put('a', { value: 'bad' }));
    await h.until(() => mirror.objects.size === 0);
    h.api.send('MODIFIED', h.api.put('a', { value: 2 }));
    await h.until(() => mirror.objects.size === 1);
    expect(h.told).toEqual(['added ns/a', 'deleted ns/a', 'added ns/a']);
  });

  it.each<[string, () => Promise<void>]>([
    [
      'the list is under way',
      async () => {
        h.api.listReplies.push(() => undefined);
        h.start();
        await h.until(() => h.api.count('list') === 1);
      },
    ],
    [
      'the watch is being opened',
      async () => {
        h.api.watchReplies.push(() => undefined);
        h.start();
        await h.until(() => h.api.count('watch') === 1);
      },
    ],
    [
      'the watch is open',
      async () => {
        h.start();
        await h.watching(1);
      },
    ],
    [
      'it waits after a failure',
      async () => {
        h.api.listReplies.push(status(500));
        h.start();
        await h.until(() => h.clock.sleeping.length === 1);
      },
    ],
    [
      'it has not begun',
      () => {
        h.stop.abort();
        h.start();
        return Promise.resolve();
      },
    ],
  ])('ends without delay and without another request when stopped while %s', async (_, reach) => {
    await reach();
    const before = h.api.requests.length;
    h.told.length = 0;
    h.stop.abort();
    await h.running;
    expect([h.api.requests.length, h.told, h.clock.sleeping]).toEqual([before, [], []]);
  });
});
