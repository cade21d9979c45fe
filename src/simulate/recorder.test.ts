import { Recorder } from './recorder.ts';

/** Steps of two ticks of 5 s. */
function recorded(ticks: number, feed: (recorder: Recorder) => void): ReturnType<Recorder['series']> {
  const recorder = new Recorder(2, ticks, 5);
  feed(recorder);
  return recorder.series();
}

describe('what is kept for plots', () => {
  test('is mean demand, most replicas and the share of all requests of a step', () => {
    const { demand, replicas, slowShare, stepSeconds } = recorded(4, (recorder) => {
      recorder.add(0, { requests: 100, slowRequests: 0, replicas: 3 });
      recorder.add(1, { requests: 300, slowRequests: 40, replicas: 2 });
      recorder.add(2, { requests: 0, slowRequests: 0, replicas: 1 });
    });
    expect(stepSeconds).toBe(10);
    expect([...demand]).toEqual([40, 0]);
    expect([...replicas]).toEqual([3, 1]);
    expect([...slowShare]).toEqual([Math.fround(0.1), 0]);
  });

  test('has the highest bound of a step, and none where nothing was expected', () => {
    const { bound } = recorded(6, (recorder) => {
      recorder.expect(0, 12);
      recorder.expect(1, 9);
      recorder.expect(2, undefined);
      recorder.expect(4, 7);
    });
    expect([...(bound ?? [])]).toEqual([12, NaN, 7]);
  });

  test('has no bound at all of a scaler that never expects anything', () => {
    expect(recorded(2, (recorder) => recorder.expect(0, undefined)).bound).toBeUndefined();
  });
});
