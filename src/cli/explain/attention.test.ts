import { conditionsFixture } from '../../../test/support/explain-fixture.ts';
import { CONDITION_TYPES } from '../../api/conditions.ts';
import { attentionOf } from './attention.ts';

type Otherwise = Parameters<typeof conditionsFixture>[0];

test.each<readonly [string, Otherwise, readonly string[]]>([
  ['nothing is said when all is well', {}, []],
  ['what is held is said', { ScaleDownHeld: ['SuddenDrop', 'm'] }, ['ScaleDownHeld']],
  [
    'what was chosen is not',
    {
      Ready: ['Previewing', 'm'],
      ActionSuspended: ['PreviewMode', 'm'],
      ForecastReliable: ['Disabled', 'm'],
      ObjectiveMeasured: ['NoObjective', 'm'],
      ThreatSuspected: ['NotWatched', 'm'],
      BaselineKnown: ['Disabled', 'm'],
    },
    [],
  ],
  [
    'a kill switch is said all the same',
    { ActionSuspended: ['SuspendedByAnnotation', 'm'] },
    ['ActionSuspended'],
  ],
  [
    'without metrics the cause is said, and not what only points to it',
    {
      Ready: ['MetricsUnavailable', 'm'],
      MetricsAvailable: ['PrometheusUnreachable', 'm'],
      ActionSuspended: ['MetricsUnavailable', 'm'],
      ForecastReliable: ['MetricsUnavailable', 'm'],
      Degraded: ['PrometheusUnreachable', 'm'],
    },
    ['MetricsAvailable', 'Degraded'],
  ],
  [
    'without a target, the target',
    {
      Ready: ['TargetUnavailable', 'm'],
      TargetResolved: ['NotFound', 'm'],
      MetricsAvailable: ['TargetUnavailable', 'm'],
      ScaleDownHeld: ['TargetUnavailable', 'm'],
    },
    ['TargetResolved'],
  ],
  ['a pointer without its cause is said', { Ready: ['MetricsUnavailable', 'm'] }, ['Ready']],
  [
    'of what was not looked at yet only Ready is said',
    Object.fromEntries(CONDITION_TYPES.map((type) => [type, ['NotYetEvaluated', 'm']])),
    ['Ready'],
  ],
])('%s', (_, otherwise, expected) => {
  expect(attentionOf(conditionsFixture(otherwise)).map(({ type }) => type)).toEqual(expected);
});

test("a newer operator's condition is left out: which of its statuses is well is not known", () => {
  const [condition] = conditionsFixture();
  expect(attentionOf([{ ...condition!, type: 'Quantum' }])).toEqual([]);
});
