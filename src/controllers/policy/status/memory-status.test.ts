import { NOW } from '../../../../test/support/loop-fixtures.ts';
import { MAX_NEIGHBOURS, memorySchema } from '../../../api/status/memory.ts';
import type { DecisionMemory } from '../../../loop/execute/decision.ts';
import { memoryStatus } from './memory-status.ts';

const neighbour: DecisionMemory['neighbours'][number] = {
  at: NOW,
  policy: 'shop/web',
  workload: 'Deployment/web',
  similarity: 0.876,
  from: 4,
  to: 9,
  result: 'Succeeded',
  message: '4 → 9 replicas (Balanced), succeeded.',
};

const memory: DecisionMemory = {
  similar: 7,
  succeeded: 6,
  confidence: 'Medium',
  message: 'Of 7 similar situations 6 succeeded; confidence Medium.',
  neighbours: [neighbour],
};

describe('memory in the status', () => {
  test('is as the API wants it', () => {
    const status = memoryStatus({ ...memory, bestArm: 'Quantile95' });
    expect(memorySchema.parse(status)).toEqual(status);
    expect(status).toMatchObject({ similar: 7, succeeded: 6, bestArm: 'Quantile95' });
    expect(status.neighbours[0]).toMatchObject({ similarityPercent: 88, time: '2026-05-04T09:00:00Z' });
  });

  test('names no best arm where there is none, and shortens what is too long', () => {
    const long = { ...neighbour, message: 'x'.repeat(5000) };
    const status = memoryStatus({ ...memory, neighbours: Array(MAX_NEIGHBOURS).fill(long) as [] });
    expect(status).not.toHaveProperty('bestArm');
    expect(memorySchema.safeParse(status).success).toBe(true);
  });
});
