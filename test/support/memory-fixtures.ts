import type { KnowledgeDocument } from '../../src/loop/knowledge/document.ts';
import type { EndedAnomaly } from '../../src/loop/knowledge/ended-anomaly.ts';

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
