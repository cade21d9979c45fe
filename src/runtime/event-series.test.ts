import fc from 'fast-check';
import { EventSeries, type EventObject, type EventOccurrence } from './event-series.ts';

const START = Date.UTC(2026, 0, 1);
const at = (steady: number): { wall: number; steady: number } => ({ wall: START + steady, steady });

function occurrence(change: Partial<EventOccurrence> = {}, uid = 'u1'): EventOccurrence {
  return {
    regarding: {
      apiVersion: 'autonomic.dev/v1alpha1',
      kind: 'AutonomicPolicy',
      namespace: 'shop',
      name: 'web',
      uid,
    },
    type: 'Normal',
    reason: 'ScaledUp',
    action: 'Scale',
    note: 'from 2 to 5 replicas',
    ...change,
  };
}

function created(result: ReturnType<EventSeries['add']>): EventObject {
  if (typeof result !== 'object') throw new Error(`no event was made: ${String(result)}`);
  return result;
}

describe('EventSeries', () => {
  it('makes a complete event of the first occurrence', () => {
    const event = created(new EventSeries('pod-1').add(occurrence(), at(0)));
    expect(event).toEqual({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace: 'shop', name: expect.stringMatching(/^web\.[0-9a-f]{16}$/) as string },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'autonomic.dev/operator',
      reportingInstance: 'pod-1',
      ...occurrence(),
    });
  });

  it('only counts what is repeated, and tells the count once', () => {
    const series = new EventSeries('pod-1');
    const event = created(series.add(occurrence(), at(0)));
    expect(series.changed(1000)).toEqual([]);
    expect([series.add(occurrence(), at(1000)), series.add(occurrence(), at(2000))]).toEqual([
      undefined,
      undefined,
    ]);
    expect(series.changed(3000)).toEqual([
      { ...event, series: { count: 3, lastObservedTime: '2026-01-01T00:00:02.000000Z' } },
    ]);
    expect(series.changed(4000)).toEqual([]);
  });

  it.each<[string, EventOccurrence]>([
    ['another object', occurrence({}, 'u2')],
    ['another type', occurrence({ type: 'Warning' })],
    ['another reason', occurrence({ reason: 'Held' })],
    ['another note', occurrence({ note: 'from 5 to 6 replicas' })],
  ])('makes another event for %s', (_, other) => {
    const series = new EventSeries('pod-1');
    const first = created(series.add(occurrence(), at(0)));
    expect(created(series.add(other, at(0))).metadata.name).not.toBe(first.metadata.name);
  });

  it('keeps a series while it goes on, tells its last count and then begins another', () => {
    const series = new EventSeries('pod-1');
    const first = created(series.add(occurrence(), at(0)));
    expect(series.add(occurrence(), at(100_000))).toBeUndefined();
    expect(series.add(occurrence(), at(219_999))).toBeUndefined();
    expect(series.changed(340_000).map((event) => event.series?.count)).toEqual([3]);
    expect(created(series.add(occurrence(), at(340_000))).metadata.name).not.toBe(first.metadata.name);
  });

  it('lets one object have 25 at once, then one in five minutes, and others as many', () => {
    const series = new EventSeries('pod-1');
    const many = (from: number, steady: number, uid = 'u1'): unknown[] =>
      Array.from({ length: 30 }, (_, n) => series.add(occurrence({ note: `${from + n}` }, uid), at(steady)));
    expect(many(0, 0).filter((result) => result === 'limited')).toHaveLength(5);
    expect(many(100, 300_000).filter((result) => result === 'limited')).toHaveLength(29);
    expect(many(0, 0, 'u2').filter((result) => result === 'limited')).toHaveLength(5);
  });

  it('keeps any note within 1024 bytes, cut between characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), (note) => {
        const event = created(new EventSeries('p').add(occurrence({ note }), at(0)));
        expect(Buffer.byteLength(event.note)).toBeLessThanOrEqual(1024);
        expect(
          event.note === note || (event.note.endsWith('…') && note.startsWith(event.note.slice(0, -1))),
        ).toBe(true);
      }),
    );
  });

  it('gives a legal name to the event of an object with the longest name', () => {
    const regarding = { ...occurrence().regarding, name: 'n'.repeat(253) };
    expect(created(new EventSeries('p').add(occurrence({ regarding }), at(0))).metadata.name).toHaveLength(
      253,
    );
  });

  it('puts the events of an object without namespace into default', () => {
    const { namespace: _, ...regarding } = occurrence().regarding;
    expect(created(new EventSeries('p').add(occurrence({ regarding }), at(0))).metadata.namespace).toBe(
      'default',
    );
  });
});
