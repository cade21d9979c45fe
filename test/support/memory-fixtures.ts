import type { KnowledgeDocument } from '../../src/loop/knowledge/document.ts';
import type { EndedAnomaly } from '../../src/loop/knowledge/ended-anomaly.ts';
import type { DecisionReward } from '../../src/loop/knowledge/reward/decision-reward.ts';
import { situationFixture } from './situation-fixture.ts';

/** A spike of the requests that was over after ten minutes. */
export function endedAnomalyFixture(id: string, change: Partial<EndedAnomaly> = {}): EndedAnomaly {
  return {
    id,
    policy: { namespace: 'shop', name: 'web', uid: 'policy-uid' },
    workload: { kind: 'Deployment', name: 'web', uid: 'target-uid' },
    kind: 'Spike',
    signal: 'requestRate',
    severity: 'High',
    openedAt: Date.UTC(2026, 4, 4, 9, 0),
    closedAt: Date.UTC(2026, 4, 4, 9, 10),
    surprise: 8.5,
    message: 'requests were 812 where 410 are usual',
    ending: 'Over',
    held: true,
    ...change,
  };
}

export function documentFixture(id: string, change: Partial<KnowledgeDocument> = {}): KnowledgeDocument {
  return {
    id,
    source: 'ConfigMap/shop/runbook',
    namespace: 'shop',
    title: 'Requests fail after a rollout',
    text: 'Roll back, then look at the readiness probe.',
    at: Date.UTC(2026, 4, 4, 9, 0),
    removed: false,
    ...change,
  };
}

/** An increase that did well, beside an HPA that would have done as well for more. */
export function rewardFixture(decisionId: string, change: Partial<DecisionReward> = {}): DecisionReward {
  const { outcome } = situationFixture();
  return {
    decisionId,
    at: Date.UTC(2026, 4, 4, 9, 15),
    policy: { namespace: 'shop', name: 'web', uid: 'policy-uid' },
    workload: { kind: 'Deployment', name: 'web', uid: 'target-uid' },
    action: 'ScaleUp',
    from: 4,
    to: 9,
    end: 'Complete',
    share: 1,
    outcome,
    baseline: {
      arm: 'Utilization60',
      replicaSeconds: 1.2 * outcome.replicaSeconds,
      badRequests: 20,
      violatedSeconds: 0,
      replicasChanged: 3,
    },
    censored: [],
    reward: 0.75,
    advantage: 0.25,
    succeeded: true,
    ...change,
  };
}
