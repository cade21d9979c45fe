import type { RecalledSituation } from './evidence.ts';
import type { Recall } from './recall.ts';
import { neighbourSentence, recallSentence } from './recall-text.ts';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;

const recalled = (change: Partial<Recall>): Recall => ({
  knownBy: NOW,
  searched: 100,
  found: 60,
  own: 10,
  effective: 40,
  distance: 1,
  confidence: { score: 0.4, band: 'Medium' },
  similar: { judged: 7, succeeded: 6, unjudged: 0 },
  priors: [],
  neighbours: [],
  ...change,
});

test.each<[string, Partial<Recall>]>([
  ['of 7 similar situations 6 succeeded; confidence Medium', {}],
  [
    'of 7 similar situations 6 succeeded (2 more cannot be judged); confidence Medium',
    { similar: { judged: 7, succeeded: 6, unjudged: 2 } },
  ],
  [
    'nothing similar is remembered',
    { similar: { judged: 0, succeeded: 0, unjudged: 0 }, confidence: { score: 0.1, band: 'Low' } },
  ],
  ['nothing like it is remembered', { found: 0 }],
])('%s', (sentence, change) => {
  expect(recallSentence(recalled(change))).toBe(sentence);
});

const neighbour = (change: Partial<RecalledSituation>): RecalledSituation => ({
  id: 'uid/1',
  at: NOW - 3 * HOUR,
  policy: { namespace: 'shop', name: 'web' },
  workload: { kind: 'Deployment', name: 'web' },
  own: true,
  distance: 0.5,
  summary: 'demand rising',
  action: { from: 4, to: 7, peak: 7, arm: 'Balanced' },
  outcome: { violatedShare: 0.0123, badShare: 0.001, costOverOracle: 1.256, rollbacks: 0 },
  succeeded: true,
  censored: [],
  ...change,
});

test.each<[string, Partial<RecalledSituation>]>([
  [
    '3h ago, shop/web: 4 → 7 replicas (Balanced), succeeded: objective violated 1.23 % of the time, cost 1.26 × what was needed',
    {},
  ],
  [
    '2d ago, shop/web: 4 → 4 replicas by way of 9 (Calm), failed: objective violated 50 % of the time, 2 undone',
    {
      at: NOW - 50 * HOUR,
      action: { from: 4, to: 4, peak: 9, arm: 'Calm' },
      outcome: { violatedShare: 0.5, badShare: null, costOverOracle: null, rollbacks: 2 },
      succeeded: false,
    },
  ],
  [
    '30m ago, shop/web: 4 replicas kept (Balanced), not judged: Rollout, Gap',
    {
      at: NOW - HOUR / 2,
      action: { from: 4, to: 4, peak: 4, arm: 'Balanced' },
      outcome: { violatedShare: null, badShare: null, costOverOracle: null, rollbacks: 0 },
      succeeded: null,
      censored: ['Rollout', 'Gap'],
    },
  ],
])('%s', (sentence, change) => {
  expect(neighbourSentence(neighbour(change), NOW)).toBe(sentence);
});
