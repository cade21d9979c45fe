import type { AuditEvent } from '../oracle/audit-log.ts';
import type { HpaCase } from './hpa-cases.ts';
import type { ServedMetrics } from './hpa-metrics-server.ts';
import { hpaSyncs } from './hpa-syncs.ts';

const one: HpaCase = {
  name: 'web',
  through: 'calculator',
  metrics: [{ type: 'Utilization', percent: 50 }],
  bounds: { minReplicas: 1, maxReplicas: 8 },
  load: () => 1,
};
const HPA = 'system:serviceaccount:kube-system:horizontal-pod-autoscaler';

/** A write to the target that took 20 ms. */
function write(at: number, replicas: number, by: 'hpa' | 'person'): AuditEvent {
  const scale = by === 'hpa';
  return {
    auditID: String(at),
    stage: 'ResponseComplete',
    requestURI: '',
    verb: 'update',
    user: { username: scale ? HPA : 'admin' },
    objectRef: { resource: 'deployments', name: 'web', ...(scale && { subresource: 'scale' }) },
    responseStatus: { code: 200 },
    responseObject: { kind: scale ? 'Scale' : 'Deployment', spec: { replicas } },
    requestReceivedTimestamp: new Date(at).toISOString(),
    stageTimestamp: new Date(at + 20).toISOString(),
  };
}

/** The autoscaler's own status. */
function statusWrite(at: number): AuditEvent {
  const objectRef = { resource: 'horizontalpodautoscalers', subresource: 'status', name: 'web' };
  return { ...write(at, 0, 'hpa'), objectRef };
}

function answer(at: number, api: ServedMetrics['api'] = 'Resource'): ServedMetrics {
  return { app: 'web', api, at, pods: [], ...(api === 'External' && { total: at }) };
}

const steps = (case_: HpaCase, served: ServedMetrics[], audit: AuditEvent[]): string[] =>
  hpaSyncs(case_, served, audit).map(
    ({ at, current, decided, metrics }) =>
      `${at} ${current}→${decided}${metrics === undefined ? ' unasked' : ''}`,
  );

test('a write belongs to the answer before it, and no write means that nothing changes', () => {
  const audit = [write(0, 2, 'person'), write(1010, 4, 'hpa'), write(5010, 3, 'hpa')];
  expect(steps(one, [answer(1000), answer(3000), answer(5000)], audit)).toEqual([
    '1010 2→4',
    '3000 4→4',
    '5010 4→3',
  ]);
});

test('after somebody else’s write the HPA’s next one is a decision of its own, without an answer', () => {
  const audit = [write(0, 2, 'person'), write(1500, 12, 'person'), write(3000, 8, 'hpa')];
  expect(steps(one, [answer(1000), answer(5000)], audit)).toEqual([
    '1000 2→2',
    '3000 12→8 unasked',
    '5000 8→8',
  ]);
});

test('the time of a turn is that of its first write, its status if nothing else', () => {
  const audit = [write(0, 2, 'person'), write(1010, 4, 'hpa'), statusWrite(1070), statusWrite(3040)];
  const syncs = hpaSyncs(one, [answer(1000), answer(3000), answer(5000)], audit);
  expect(syncs.map(({ at }) => at)).toEqual([1010, 3040, 5000]);
  expect(syncs.map(({ writeMs }) => writeMs)).toEqual([20, 0, 0]);
});

test('the answers to several metrics are one turn, at the time of the last', () => {
  const two: HpaCase = { ...one, metrics: [...one.metrics, { type: 'External', perReplica: 1 }] };
  const served = [answer(1000), answer(1005, 'External'), answer(3000)];
  expect(steps(two, served, [write(0, 2, 'person'), write(1010, 4, 'hpa')])).toEqual(['1010 2→4']);
});
