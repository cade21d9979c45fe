import { respond } from '../../test/support/http-fixture.ts';
import { settle } from '../../test/support/manual-clock.ts';
import { ReflectorHarness, status, values } from '../../test/support/reflector-harness.ts';

let h: ReflectorHarness;

beforeEach(async () => {
  h = await ReflectorHarness.start();
});

afterEach(() => h.stopAll());

describe('a reflector after a failure', () => {
  it('tells the deletions that happened while it was away', async () => {
    for (const name of ['kept', 'gone', 'remade']) h.api.put(name, { value: 1 });
    h.start();
    await h.watching(1);
    h.told.length = 0;
    h.api.remove('gone');
    h.api.put('remade', { value: 1 }, 'another-uid');
    h.api.watchReplies.push(status(410));
    h.api.watches[0]?.destroy();
    await h.until(() => h.failures().length === 1);
    await h.clock.advance(400);
    await h.until(() => h.failures().length === 2);
    await h.clock.advance(800);
    await h.watching(2);
    expect(h.told).toEqual(['deleted ns/gone', 'deleted ns/remade', 'added ns/remade']);
  });

  it.each<[string, number, (watch: number) => void]>([
    ['the connection breaks', 1, () => h.api.watches[0]?.destroy()],
    [
      'the server reports an error in the stream',
      1,
      () => h.api.send('ERROR', { kind: 'Status', code: 500 }),
    ],
    [
      'the version expired, said in the stream',
      2,
      () => h.api.send('ERROR', { kind: 'Status', code: 410, reason: 'Expired' }),
    ],
    [
      'the server lags behind, said in the stream',
      2,
      () => h.api.send('ERROR', { code: 504, details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } }),
    ],
    ['a line is not JSON', 2, () => h.api.write('{"type":"ADDED","obj\n')],
    ['a line is not an event', 2, () => h.api.write('{"type":"PODS","object":{}}\n')],
    ['a line is JSON null', 2, () => h.api.write('null\n')],
    ['a line is not UTF-8', 2, () => h.api.write(Buffer.from([0xff, 0xfe, 0x0a]))],
    ['a line is endless', 2, () => h.api.write('x'.repeat(5_000_000))],
  ])('comes back when %s', async (_, lists, breakIt) => {
    const mirror = h.start();
    await h.watching(1);
    breakIt(0);
    await h.until(() => h.failures().length === 1);
    // Half of the first bound, by the injected random source.
    expect(h.clock.sleeping).toEqual([400]);
    await h.clock.advance(400);
    await h.watching(2);
    expect(h.api.count('list')).toBe(lists);
    h.api.send('ADDED', h.api.put('later', { value: 1 }));
    await h.until(() => mirror.objects.size === 1);
    expect(mirror.problem).toBeUndefined();
  });

  it('takes a stream that says nothing for 45 s for dead and resumes at once', async () => {
    h.start();
    await h.watching(1);
    await h.clock.advance(44_999);
    expect(h.notes.at(-1)?.what).toBe('WatchStarted');
    await h.clock.advance(1);
    await h.watching(2);
    expect([h.api.count('list'), h.failures()]).toMatchObject([1, [{ retryInMs: 0 }]]);
  });

  it('counts any byte as a sign of life', async () => {
    const mirror = h.start();
    await h.watching(1);
    await h.clock.advance(40_000);
    h.api.send('BOOKMARK', { metadata: { resourceVersion: '5' } });
    await h.until(() => mirror.lastContactAt === 40_000);
    await h.clock.advance(44_999);
    expect([h.api.watches.length, h.failures()]).toEqual([1, []]);
  });

  it('ends a watch that the server keeps beyond its time', async () => {
    h.start({ timings: { silenceMs: 1e9 } });
    await h.watching(1);
    await h.clock.advance(450_000 + 15_000);
    await h.watching(2);
  });

  it('does not spin when the server ends every watch at once', async () => {
    for (let n = 0; n < 3; n += 1) h.api.watchReplies.push(respond(''));
    h.start();
    for (const wait of [400, 800, 1600]) {
      await h.until(() => h.clock.sleeping.includes(wait));
      await h.clock.advance(wait);
    }
    await h.watching(1);
    expect(h.api.count('watch')).toBe(4);
  });

  it('waits as long as the server asks, for lists and for watches', async () => {
    h.api.listReplies.push(status(429, { 'retry-after': '7' }));
    h.api.watchReplies.push(status(429, { 'retry-after': '9' }));
    h.start();
    await h.until(() => h.failures().length === 1);
    // Retry-After and half of its tenth, by the injected random source.
    expect(h.clock.sleeping).toEqual([7350]);
    await h.clock.advance(7350);
    await h.until(() => h.failures().length === 2);
    expect(h.clock.sleeping).toEqual([9450]);
    await h.clock.advance(9450);
    await h.watching(1);
    expect(h.api.count('list')).toBe(2);
  });

  it('is slow to ask again when it is forbidden, keeps what it has and says why', async () => {
    h.api.put('a', { value: 1 });
    const mirror = h.start();
    await h.watching(1);
    h.api.watchReplies.push(status(403));
    h.clock.jump(300_000);
    h.api.watches[0]?.end();
    await h.until(() => h.failures().length === 1);
    expect([h.clock.sleeping, values(mirror), mirror.problem?.status]).toEqual([[63_000], [1], 403]);
    await h.clock.advance(63_000);
    await h.watching(2);
    await h.until(() => mirror.problem === undefined);
    expect(h.api.count('list')).toBe(1);
  });

  it('holds an empty store for a kind that is not installed, and notices when it is', async () => {
    h.api.listReplies.push(status(404));
    const mirror = h.start();
    await mirror.whenSynced();
    await settle();
    expect([mirror.absent, mirror.objects.size, h.clock.sleeping]).toEqual([true, 0, [315_000]]);
    h.api.put('a', { value: 1 });
    await h.clock.advance(315_000);
    await h.watching(1);
    expect([mirror.absent, values(mirror)]).toEqual([false, [1]]);
  });

  it('tells deletions when the kind itself is removed', async () => {
    h.api.put('a', { value: 1 });
    const mirror = h.start();
    await h.watching(1);
    h.api.watchReplies.push(status(404));
    h.api.listReplies.push(status(404));
    h.api.watches[0]?.destroy();
    await h.until(() => h.failures().length === 1);
    await h.clock.advance(400);
    await h.until(() => h.failures().length === 2);
    await h.clock.advance(800);
    await h.until(() => mirror.absent);
    expect([h.told, mirror.objects.size]).toEqual([['added ns/a', 'deleted ns/a'], 0]);
  });

  it('reads everything in one piece when a page token expires', async () => {
    for (let n = 0; n < 600; n += 1) h.api.put(`thing-${n}`);
    const mirror = h.reflector();
    // The first page is ordinary, the second is refused.
    h.api.listReplies.push((request, response) => {
      h.api.listReplies.push(status(410));
      respond(JSON.stringify({ metadata: { resourceVersion: '1', continue: '500' }, items: [] }))(
        request,
        response,
      );
    });
    h.running = mirror.run(h.stop.signal);
    await h.watching(1);
    expect([mirror.objects.size, h.failures()]).toEqual([600, []]);
    expect(h.api.requests.map(({ query }) => query.get('limit'))).toEqual(['500', '500', null, null]);
  });

  it('asks for smaller pages when one is too long to read', async () => {
    h.connect({ maxResponseBytes: 30_000 });
    for (let n = 0; n < 300; n += 1) h.api.put(`thing-${n}`, { value: 'x'.repeat(100) });
    const mirror = h.start();
    await h.watching(1);
    expect([mirror.objects.size, h.failures()]).toEqual([300, []]);
  });

  it.each([
    ['a list that is none', '{"kind":"Pod"}'],
    ['a list without a version', '{"metadata":{},"items":[]}'],
    ['an empty answer', ''],
  ])('does not take %s for an empty collection', async (_, body) => {
    h.api.put('a', { value: 1 });
    h.api.listReplies.push(respond(body));
    const mirror = h.start();
    await h.until(() => h.failures().length === 1);
    expect(mirror.synced).toBe(false);
    await h.clock.advance(400);
    await mirror.whenSynced();
    expect(values(mirror)).toEqual([1]);
  });
});
