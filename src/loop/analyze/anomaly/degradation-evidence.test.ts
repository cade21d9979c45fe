import { WatchedWorkload } from '../../../../test/support/watched-workload.ts';
import { createAnomalyState } from './anomaly-state.ts';
import { degradationEvidence } from './degradation-evidence.ts';
import { SIGNAL } from './watched-signals.ts';

const LEARNED = new WatchedWorkload();
LEARNED.learn(2 * 1440);

/** What latencies of three minutes at this load show. */
function after(latency: number, load: number, threshold = 4, workload = LEARNED) {
  const state = structuredClone(workload.state);
  state.means[SIGNAL.latency] = latency;
  state.means[SIGNAL.load] = load;
  return [1, 2, 3].map(() => degradationEvidence(state, threshold)).at(-1);
}

describe('a latency', () => {
  it('that the load does not explain is a degradation, with what is usual at this load', () => {
    const found = after(0.7, 100);
    expect(found).toMatchObject({ kind: 'Degradation', signal: 'latency', onset: true, actual: 0.7 });
    expect(found?.expected).toBeGreaterThan(0.06);
    expect(found?.expected).toBeLessThan(0.08);
    expect(found?.message).toMatch(/^the latency is 0\.7 where 0\.07\d* is usual at this load$/);
  });

  it.each([
    ['is usual at this load', 0.07, 100],
    ['is lower than usual', 0.001, 100],
    ['is unknown', NaN, 100],
    ['is zero', 0, 100],
    ['is without a known load', 0.7, NaN],
    ['is of a load that was never seen', 0.7, 100_000],
    ['is infinite', Infinity, 100],
  ])('that %s shows nothing', (_, latency, load) => {
    expect(after(latency, load)).toBeUndefined();
  });

  it('that has come back shows nothing, though two of the last three minutes were slow', () => {
    const state = structuredClone(LEARNED.state);
    state.means[SIGNAL.load] = 100;
    const shown = [0.7, 0.7, 0.7, 0.08, 0.07].map((latency) => {
      state.means[SIGNAL.latency] = latency;
      return degradationEvidence(state, 4) !== undefined;
    });
    expect(shown.slice(2)).toEqual([true, false, false]);
  });

  it('shows nothing below the threshold', () => {
    expect(after(0.7, 100, 13)).toBeUndefined();
  });

  it('shows nothing before a day of it is known: a few hours know no night and no morning', () => {
    const young = new WatchedWorkload();
    young.learn(600);
    expect(after(0.7, 100, 4, young)).toBeUndefined();
  });

  it('shows nothing where there never was one', () => {
    const state = createAnomalyState();
    state.means.fill(NaN);
    expect(degradationEvidence(state, 4)).toBeUndefined();
  });
});
