import { createAnomalyState } from './anomaly-state.ts';
import { RUNGS } from './fleet/alarm-ladder.ts';
import { createSignalWatch } from './signal-watch.ts';
import { workloadThreshold } from './workload-threshold.ts';

function watching(signals: number): ReturnType<typeof createAnomalyState> {
  const state = createAnomalyState();
  for (let k = 0; k < signals; k++) state.signals[k] = createSignalWatch();
  return state;
}

test.each([
  ['before the first value, as with one signal', 0, 1, 4],
  ['with one signal', 1, 1, 4],
  ['with eight signals', 8, 1, 4.91],
  ['at half of the budget', 8, 0.5, 5.21],
])('until a week was watched, the budget sets it: %s', (_, signals, falseAlarmsPerWeek, threshold) => {
  expect(workloadThreshold(watching(signals), falseAlarmsPerWeek)).toBeCloseTo(threshold, 2);
});

test('then what the fleet has counted sets it', () => {
  const counts = { alarms: new Float64Array(RUNGS.length), seriesWeeks: 3 };
  expect(workloadThreshold(watching(8), 1, counts)).toBe(RUNGS[0]);
});

test('a workload that is noisy has a higher one of its own', () => {
  const state = watching(8);
  state.ladder.alarms.fill(100, 0, 20);
  state.ladder.observedSeconds = 7 * 86_400;
  const counts = { alarms: new Float64Array(RUNGS.length), seriesWeeks: 3 };
  expect(workloadThreshold(state, 1, counts)).toBe(RUNGS[20]);
});
