import { LoopDriver } from '../../../../test/support/loop-driver.ts';
import { fresh, policyFixture, silent } from '../../../../test/support/loop-fixtures.ts';
import { statusOf } from '../../../api/conditions.ts';
import type { StrainedBudget } from '../../../loop/plan/newsvendor/budget-outlook.ts';
import type { LoopReport } from '../../../loop/report.ts';
import { objectiveAttainable, objectiveMeasured } from './objective-conditions.ts';

const TOTAL = { totalQuery: 'sum(rate(http_requests_total[30s]))', perReplica: '10' };
const BOTH = { ...TOTAL, badQuery: 'sum(rate(http_requests_slow_total[30s]))' };
const LATENCY = { name: 'latency', query: 'latency', threshold: '300m' };

/** One tick of four replicas with 20 requests per second; `bad` of them, where they are asked for. */
function seen(objective: object | undefined, bad = fresh(0)): LoopReport {
  const loop = new LoopDriver(policyFixture(objective === undefined ? {} : { objective }), 4);
  const indicators = objective !== undefined && 'indicators' in objective ? [fresh(0.2)] : [];
  return loop.tick(200, indicators, { total: fresh(20, loop.now + 15_000), bad, averagedSeconds: 30 });
}

function withoutTarget(): LoopReport {
  const loop = new LoopDriver(policyFixture({ objective: { requests: BOTH } }), 4);
  return loop.observe({ problem: 'NotFound', message: 'gone' }, []);
}

describe('whether the objective is measured', () => {
  test.each<readonly [string, LoopReport, string, string, string]>([
    [
      'bad requests are counted',
      seen({ requests: BOTH }),
      'True',
      'Measured',
      'bad requests are counted, and the price of spare replicas follows them',
    ],
    [
      'nobody asks for the bad ones',
      seen({ requests: TOTAL }),
      'False',
      'NoQuery',
      'spec.objective.requests has no badQuery: bad requests are computed from load and capacity as of a queue, and nothing corrects a wrong capacity',
    ],
    [
      'there are indicators only',
      seen({ indicators: [LATENCY] }),
      'False',
      'NoRequests',
      'the policy has no spec.objective.requests: the indicators of the objective say whether a moment was good, and no price is paced by them',
    ],
    [
      'the bad ones are missing',
      seen({ requests: BOTH }, silent()),
      'False',
      'NotFresh',
      'badQuery is missing (the query answers no series): bad requests are computed from load and capacity as of a queue, and nothing corrects a wrong capacity',
    ],
    ['there is no objective', seen(undefined), 'Unknown', 'NoObjective', 'the policy has no spec.objective'],
    [
      'there is no target',
      withoutTarget(),
      'Unknown',
      'TargetUnavailable',
      'without a target nothing is measured',
    ],
  ])('when %s', (...[, report, status, reason, message]) => {
    const said = objectiveMeasured(report);
    expect([statusOf('ObjectiveMeasured', said.reason), said.reason, said.message]).toEqual([
      status,
      reason,
      message,
    ]);
  });
});

describe('whether the objective can be met', () => {
  const since = Date.UTC(2026, 4, 1, 8);
  const strained = (change: Partial<StrainedBudget>): LoopReport => {
    const report = seen({ requests: BOTH });
    const found = {
      since,
      priceFactor: 148.4,
      floorReplicas: undefined,
      startupSeconds: undefined,
      ...change,
    };
    return { ...report, objective: { ...report.objective!, strained: found } };
  };
  const known =
    'too many requests have been bad since 2026-05-01T08:00:00Z, although they count 148 times as much as usual: ' +
    'load comes faster than replicas start';

  test.each<readonly [string, LoopReport, string, string, string]>([
    [
      'the price is no extreme one',
      seen({ requests: BOTH }),
      'True',
      'Attainable',
      'bad requests have not been at an extreme price for a day',
    ],
    [
      'counters are silent for a moment',
      seen({ requests: BOTH }, silent()),
      'True',
      'Attainable',
      'bad requests have not been at an extreme price for a day',
    ],
    [
      'more standing replicas or a faster start would do',
      strained({ floorReplicas: 33, startupSeconds: 40 }),
      'False',
      'StrainedBudget',
      `${known}; over the last days horizontal.minReplicas: 33, or replicas that start within 40 s would have met the objective`,
    ],
    [
      'only more standing replicas would do',
      strained({ floorReplicas: 33 }),
      'False',
      'StrainedBudget',
      `${known}; over the last days horizontal.minReplicas: 33 would have met the objective`,
    ],
    [
      'nobody knows what would do',
      strained({}),
      'False',
      'StrainedBudget',
      `${known}; more standing replicas (horizontal.minReplicas), a faster start or a wider objective would help`,
    ],
    [
      'bad requests are not counted',
      seen({ requests: TOTAL }),
      'Unknown',
      'NotCounted',
      'bad requests are not counted, so that nobody can tell',
    ],
    ['there is no objective', seen(undefined), 'Unknown', 'NotCounted', 'the policy has no spec.objective'],
    [
      'there is no target',
      withoutTarget(),
      'Unknown',
      'TargetUnavailable',
      'without a target nothing is measured',
    ],
  ])('when %s', (...[, report, status, reason, message]) => {
    const said = objectiveAttainable(report);
    expect([statusOf('ObjectiveAttainable', said.reason), said.reason, said.message]).toEqual([
      status,
      reason,
      message,
    ]);
  });
});
