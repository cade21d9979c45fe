import { ManualClock } from '../../test/support/manual-clock.ts';
import type { KubeRequest } from '../adapters/kubernetes/client.ts';
import { ApiError } from '../adapters/kubernetes/errors.ts';
import { EventRecorder } from './event-recorder.ts';
import type { EventOccurrence } from './event-series.ts';

const occurrence = (note: string): EventOccurrence => ({
  regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web', uid: 'u1' },
  type: 'Normal',
  reason: 'ScaledUp',
  action: 'Scale',
  note,
});

let clock: ManualClock;
let stop: AbortController;
let requests: KubeRequest[];
let dropped: string[];
let answer: (request: KubeRequest) => ApiError | undefined;
let recorder: EventRecorder;
let running: Promise<void>;

beforeEach(() => {
  clock = new ManualClock();
  stop = new AbortController();
  requests = [];
  dropped = [];
  answer = () => undefined;
  const request = <T>(sent: KubeRequest): Promise<T> => {
    requests.push(sent);
    const error = answer(sent);
    return error === undefined ? Promise.resolve({} as T) : Promise.reject(error);
  };
  recorder = new EventRecorder({
    client: { request },
    clock,
    reportingInstance: 'pod-1',
    onDropped: (reason) => dropped.push(reason),
  });
  running = recorder.run(stop.signal);
});

afterEach(async () => {
  stop.abort();
  await running;
});

const failWith = (status: number): ApiError => new ApiError({ status, reason: '', message: '' });
const methods = (): string[] => requests.map(({ method }) => method);

describe('EventRecorder', () => {
  it('writes an event as soon as it is recorded', async () => {
    recorder.record(occurrence('one'));
    await clock.advance(0);
    expect(requests).toMatchObject([
      { method: 'POST', path: '/apis/events.k8s.io/v1/namespaces/shop/events', body: { note: 'one' } },
    ]);
  });

  it('writes the count of a repeated one within 30 s, by a patch', async () => {
    for (let n = 0; n < 5; n += 1) recorder.record(occurrence('one'));
    await clock.advance(30_000);
    expect(methods()).toEqual(['POST', 'PATCH']);
    expect(requests[1]).toMatchObject({
      contentType: 'application/merge-patch+json',
      body: { series: { count: 5, lastObservedTime: '2026-01-01T00:00:00.000000Z' } },
    });
  });

  it('writes a series anew when the server has forgotten its event', async () => {
    recorder.record(occurrence('one'));
    recorder.record(occurrence('one'));
    answer = ({ method }) => (method === 'PATCH' ? failWith(404) : undefined);
    await clock.advance(30_000);
    expect(requests.at(-1)).toMatchObject({ method: 'POST', body: { series: { count: 2 } } });
  });

  it('tries again while the server is away, twelve times', async () => {
    answer = () => failWith(503);
    recorder.record(occurrence('one'));
    await clock.advance(40_000);
    answer = () => undefined;
    await clock.advance(10_000);
    expect([methods().length, dropped]).toEqual([6, []]);
    answer = () => failWith(503);
    recorder.record(occurrence('two'));
    await clock.advance(300_000);
    expect([methods().length, dropped]).toEqual([18, ['Refused']]);
  });

  it('drops what the server refuses and goes on with the next', async () => {
    answer = ({ body }) => ((body as { note: string }).note === 'bad' ? failWith(422) : undefined);
    recorder.record(occurrence('bad'));
    recorder.record(occurrence('good'));
    await clock.advance(0);
    expect([methods().length, dropped]).toEqual([2, ['Refused']]);
  });

  it('drops what is too much', async () => {
    for (let n = 0; n < 30; n += 1) recorder.record(occurrence(`${n}`));
    await clock.advance(0);
    expect([methods().length, dropped.length, dropped[0]]).toEqual([25, 5, 'RateLimited']);
  });

  it('at the end writes what is left, each tried once', async () => {
    answer = () => failWith(503);
    recorder.record(occurrence('one'));
    recorder.record(occurrence('one'));
    await clock.advance(0);
    stop.abort();
    await running;
    requests.length = 0;
    answer = () => undefined;
    await recorder.flush(new AbortController().signal);
    expect(methods()).toEqual(['POST', 'PATCH']);
  });
});
