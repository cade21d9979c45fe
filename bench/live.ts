import {
  compareLive,
  REQUESTS_SPEC,
  TARGET_SPEC,
  type LiveComparison,
} from '../test/support/live/compare-live.ts';
import type { Findings, Suite } from './suite.ts';

const HOURS = 14 * 24;

/** Enough of the simpler policy; the other has everything that it has. */
const TARGET_HOURS = 24;

/** What is shown of differences when there are any. */
const SHOWN = 20;

/** Two weeks of the operator's live path at an accelerated clock, against the backtest of the same past. */
export const liveSuite: Suite = {
  name: 'live',
  title: 'Live decisions and those of the backtest: two weeks',
  run: async ({ seed, progress }): Promise<Findings> => {
    progress(`${HOURS} hours with an objective about requests, some ten minutes`);
    const requests = await compareLive({ spec: REQUESTS_SPEC, hours: HOURS, seed });
    progress(`${TARGET_HOURS} hours with a target for each replica`);
    const target = await compareLive({ spec: TARGET_SPEC, hours: TARGET_HOURS, seed });
    return {
      figures: [
        {
          name: 'differences',
          value: requests.differences.length + target.differences.length,
          unit: '',
          goal: { atMost: 0 },
          from: 'decisions (time, from, to, message) and upper bounds of forecasts, to the last bit',
        },
        {
          name: 'live path, two weeks',
          value: requests.liveSeconds,
          unit: 's',
          from: `${requests.ticks} ticks, each with four queries to Prometheus`,
        },
      ],
      tables: [
        {
          title: 'What was compared:',
          columns: ['policy', 'ticks', 'decisions', 'ticks with a forecast', 'differences'],
          rows: [rowOf('objective about requests', requests), rowOf('target for each replica', target)],
        },
      ],
      notes: [
        'The backtest simulates arrivals, queue, pods and their start-up; what its loop was shown at each tick is written into a real Prometheus. ' +
          "Then the operator's own path decides on that, tick after tick: the controller's round with its queries evaluated at that time, the " +
          'observation, the session with journal, status and JSON Patch. Pods are the simulated ones; the API server is in memory.',
        'Series are as recording rules would leave them: rate() would extrapolate, and differ from the simulated means in the last bits. ' +
          'The simulated age of the metrics is kept: Prometheus is asked as it was so long before.',
        ...[...requests.differences, ...target.differences].slice(0, SHOWN),
      ],
    };
  },
};

function rowOf(policy: string, compared: LiveComparison): readonly string[] {
  const { ticks, decisions, forecasts } = compared;
  return [policy, ...[ticks, decisions, forecasts, compared.differences.length].map(String)];
}
