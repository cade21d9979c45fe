import { replicaCount } from '../../src/api/replica-count.ts';
import type { Decision } from '../../src/loop/execute/decision.ts';
import { recordOf, type ClosedRecord, type IntentRecord } from '../../src/loop/execute/journal-record.ts';
import type { Outcome } from '../../src/loop/execute/outcome.ts';
import { forecastFixture } from './forecast-fixture.ts';

/** A complete decision as the loop makes it: web goes from 4 to 9 replicas ahead of a rise. */
export function decisionFixture(id: string, change: Partial<Decision> = {}): Decision {
  return {
    id,
    at: Date.UTC(2026, 4, 4, 9, 0),
    policy: { namespace: 'shop', name: 'web', uid: 'policy-uid', generation: 3 },
    target: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      uid: 'target-uid',
      resourceVersion: '4711',
    },
    mode: 'Apply',
    action: 'ScaleUp',
    from: replicaCount(4),
    to: replicaCount(9),
    epoch: 1,
    message: 'requests will peak at 412 within 60 s (95% sure), 9 replicas serve 450.',
    proposals: [{ source: 'Forecast', metric: 'requests', replicas: 9, detail: 'ceil(412 ÷ 50) = 9' }],
    guards: [],
    forecast: forecastFixture(),
    ...change,
  };
}

export function intentFixture(id: string, change: Partial<Decision> = {}): IntentRecord {
  return recordOf('Intent', decisionFixture(id, change));
}

export function closedFixture(decisionId: string, change: Partial<Outcome> = {}): ClosedRecord {
  const outcome: Outcome = {
    result: 'Met',
    at: Date.UTC(2026, 4, 4, 9, 10),
    observedSeconds: 600,
    measuredSeconds: 600,
    violatedSeconds: 0,
    replicaSeconds: 5400,
    cost: 0.06,
    message: 'objective violated for 0 of 600 measured seconds',
    ...change,
  };
  return { kind: 'Closed', decisionId, at: outcome.at, outcome };
}
