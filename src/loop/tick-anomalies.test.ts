import {
  environmentFixture,
  policyFixture,
  REQUESTS,
  targetFixture,
} from '../../test/support/loop-fixtures.ts';
import { usual, WatchedWorkload } from '../../test/support/watched-workload.ts';
import { seededRandom } from '../simulate/random.ts';
import type { Anomaly } from './analyze/anomaly/anomaly.ts';
import { createAnomalyState, type AnomalyState } from './analyze/anomaly/anomaly-state.ts';
import { RUNGS } from './analyze/anomaly/fleet/alarm-ladder.ts';
import type { AnomalyReport } from './analyze/anomaly/observe-anomalies.ts';
import type { Environment } from './event.ts';
import type { TargetView } from './monitor/observation.ts';
import { FEATURE_COUNT } from './monitor/features/schema.ts';
import { metricName } from './monitor/metric-name.ts';
import { tickAnomalies } from './tick-anomalies.ts';

const MINUTE = 60_000;

const LEARNED = new WatchedWorkload();
LEARNED.learn(2 * 1440);

interface Around {
  readonly anomaly?: Readonly<Record<string, unknown>>;
  readonly expectedUntil?: (now: number) => number;
  readonly target?: (now: number) => Partial<TargetView>;
  readonly startupSeconds?: number;
  readonly violated?: boolean;
  readonly env?: Partial<Environment>;
}

/** What ticks of minutes with four times the load report. */
function ticks(
  { anomaly = {}, expectedUntil, target, startupSeconds = 20, violated = false, env }: Around,
  state: AnomalyState = structuredClone(LEARNED.state),
): (AnomalyReport | undefined)[] {
  const random = seededRandom(7);
  return Array.from({ length: 4 }, (_, i) => {
    const now = (LEARNED.minute + i) * MINUTE;
    const value = 4 * usual(LEARNED.minute + i, random).load;
    const policy = policyFixture({ anomaly }, { expectedUntil: expectedUntil?.(now) ?? 0 });
    const metrics = [{ name: metricName(REQUESTS), total: { quality: 'Fresh', value, at: now } }];
    const monitoring = { metrics, startup: { seconds: startupSeconds }, objectiveViolated: violated };
    const inputs = {
      now,
      policy,
      target: targetFixture(4, target?.(now)),
      monitoring,
      indicators: [],
      signals: undefined,
      forecasts: [],
      features: new Float32Array(FEATURE_COUNT).fill(NaN),
    };
    return tickAnomalies(state, inputs as never, environmentFixture({ now, policy, ...env }));
  });
}

/** Of the load; whatever else was learned is missing. */
const opened = (around: Around): Anomaly[] =>
  ticks(around)
    .flatMap((report) => report?.opened ?? [])
    .filter(({ signal }) => signal === 'load');

describe('what a policy wants', () => {
  it.each([
    ['Hold', true],
    ['Report', false],
  ])('%s: told, and held is %s', (mode, holds) => {
    expect(opened({ anomaly: { mode } })).toMatchObject([{ kind: 'Spike', signal: 'load', holds }]);
  });

  it('Disabled: nothing is looked for, and nothing learned', () => {
    const state = createAnomalyState();
    expect(ticks({ anomaly: { mode: 'Disabled' } }, state)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(state).toEqual(createAnomalyState());
  });
});

describe('what is unusual', () => {
  it.each<[string, Around, boolean]>([
    ['is told of otherwise', {}, true],
    ['begins nothing while pods are replaced', { target: () => ({ rolloutInProgress: true }) }, false],
    [
      'begins nothing within two minutes after that',
      { target: (now) => ({ revisionChangedAt: now - 119_000 }) },
      false,
    ],
    ['is told of after these', { target: (now) => ({ revisionChangedAt: now - 120_000 }) }, true],
    [
      'begins nothing for twice the time that pods need to start',
      { startupSeconds: 120, target: (now) => ({ revisionChangedAt: now - 239_000 }) },
      false,
    ],
    [
      'is told of after ten minutes, however long they need',
      { startupSeconds: 3600, target: (now) => ({ revisionChangedAt: now - 600_000 }) },
      true,
    ],
    ['begins nothing while something was announced', { expectedUntil: (now) => now + 1 }, false],
    ['is told of when the announced time is over', { expectedUntil: (now) => now }, true],
  ])('%s', (_, around, told) => {
    expect(opened(around).length > 0).toBe(told);
  });

  it.each([
    [true, 'High'],
    [false, 'Medium'],
  ])('while the objective suffers (%s) is %s', (violated, severity) => {
    expect(opened({ violated })).toMatchObject([{ severity }]);
  });
});

describe('the threshold', () => {
  const thresholds = (around: Around): number[] =>
    ticks(around).flatMap((report) => (report?.threshold === undefined ? [] : [report.threshold]));
  const fleetAnomalies = (alarms: number, seriesWeeks: number) =>
    ({
      surveyedAt: 0,
      counts: { alarms: new Float64Array(RUNGS.length).fill(alarms), seriesWeeks },
      discovery: 0,
      fleetWide: [],
      suspects: [],
    }) as Environment['fleetAnomalies'];

  it('follows from the four signals and the false alarms that the policy accepts, until a week of all workloads has been seen', () => {
    const accepted = (falseAlarmsPerWeek: string, env: Partial<Environment> = {}): number[] => [
      ...new Set(thresholds({ env, anomaly: { falseAlarmsPerWeek } })),
    ];
    const fourSignals = Math.log10(4 * 10_080);
    expect(accepted('1')).toEqual([fourSignals]);
    expect(accepted('100m')).toEqual([expect.closeTo(fourSignals + 1, 9)]);
    expect(accepted('1', { fleetAnomalies: fleetAnomalies(1000, 0.9) })).toEqual([fourSignals]);
  });

  it('is what all workloads show, later: low where they have few alarms, high where they have many', () => {
    const [quiet] = thresholds({ env: { fleetAnomalies: fleetAnomalies(0, 10) } });
    const [noisy] = thresholds({ env: { fleetAnomalies: fleetAnomalies(1000, 10) } });
    expect(quiet).toBe(RUNGS[0]);
    expect(noisy).toBe(RUNGS.at(-1));
  });

  it('follows the false alarms that the policy accepts', () => {
    const env = { fleetAnomalies: fleetAnomalies(30, 10) };
    const [strict] = thresholds({ env, anomaly: { falseAlarmsPerWeek: '1' } });
    const [lax] = thresholds({ env, anomaly: { falseAlarmsPerWeek: '2500m' } });
    expect(strict).toBe(RUNGS.at(-1));
    expect(lax).toBe(RUNGS[0]);
  });
});
