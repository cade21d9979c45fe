import { policyFixture } from '../../../test/support/loop-fixtures.ts';
import {
  podRecord,
  replicaSetRecord,
  scalerRecord,
  workloadRecord,
} from '../../adapters/kubernetes/records.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import { ClusterView, type ClusterCaches } from './cluster-view.ts';

const named = (name: string, uid: string, owner?: string): object => ({
  metadata: {
    namespace: 'shop',
    name,
    uid,
    ...(owner === undefined ? {} : { ownerReferences: [{ uid: owner, controller: true }] }),
  },
});

function store<T extends { namespace: string; name: string }>(...records: T[]): ReadonlyMap<string, T> {
  return new Map(records.map((record) => [`${record.namespace}/${record.name}`, record]));
}

const deployment = workloadRecord('Deployment', { ...named('web', 'web-uid'), spec: { replicas: 3 } });
const statefulSet = workloadRecord('StatefulSet', { ...named('db', 'db-uid'), spec: { replicas: 2 } });

/** Two revisions of web, a pod of each; a StatefulSet with its pod; and strangers. */
const caches = (change: Partial<ClusterCaches> = {}): ClusterCaches => ({
  workloads: { Deployment: store(deployment), StatefulSet: store(statefulSet) },
  replicaSets: store(
    ...[
      named('web-1', 'rs-1', 'web-uid'),
      named('web-2', 'rs-2', 'web-uid'),
      named('other', 'rs-3', 'other-uid'),
      named('orphan', 'rs-4'),
    ].map(replicaSetRecord),
  ),
  pods: store(
    ...[
      named('web-1-a', 'p1', 'rs-1'),
      named('web-2-a', 'p2', 'rs-2'),
      named('other-a', 'p3', 'rs-3'),
      named('db-0', 'p4', 'db-uid'),
      named('bare', 'p5'),
    ].map(podRecord),
  ),
  scalers: [],
  ...change,
});

function view(policy: PolicyView, others: readonly PolicyView[] = [], change: Partial<ClusterCaches> = {}) {
  const target = new ClusterView(caches(change), [policy, ...others]).target(policy);
  if ('problem' in target) throw new Error(target.message);
  return target;
}

const ref = (kind: string, name: string) => ({ targetRef: { apiVersion: 'apps/v1', kind, name } });
const web = policyFixture(ref('Deployment', 'web'));

const hpa = (name: string, kind?: string) =>
  scalerRecord('HorizontalPodAutoscaler', {
    metadata: { namespace: 'shop', name: 'scaler' },
    spec: { scaleTargetRef: { kind, name } },
  });

describe('the target of a policy', () => {
  test('has the pods of all its revisions, and no others', () => {
    expect(view(web).pods.map(({ name }) => name)).toEqual(['web-1-a', 'web-2-a']);
  });

  test('has the pods that a StatefulSet owns itself', () => {
    expect(view(policyFixture(ref('StatefulSet', 'db'))).pods.map(({ name }) => name)).toEqual(['db-0']);
  });

  test('has no pod of another namespace that names its owner, when pods are asked', () => {
    const pod = {
      status: { podIP: '10.1.0.1' },
      metadata: { name: 'web-1-b', uid: 'p9', namespace: 'bank' },
    };
    const owned = { ...pod.metadata, ownerReferences: [{ uid: 'rs-1', controller: true }] };
    const { pods } = caches();
    const stranger = podRecord({ ...pod, metadata: owned });
    const all = new ClusterView(caches({ pods: new Map([...pods, ['bank/web-1-b', stranger]]) }), [web]);
    expect(all.pods(web).map(({ name }) => name)).toEqual(['web-1-a', 'web-2-a']);
    expect(all.pods(policyFixture(ref('Deployment', 'nobody')))).toEqual([]);
  });

  test('is not one of another kind with the same name', () => {
    const policy = policyFixture(ref('StatefulSet', 'web'));
    expect(new ClusterView(caches(), [policy]).target(policy)).toEqual({
      problem: 'NotFound',
      message: 'StatefulSet/web is not in namespace shop',
    });
  });

  test('is not one of another namespace', () => {
    const policy = policyFixture(ref('Deployment', 'web'), { namespace: 'bank' });
    expect(new ClusterView(caches(), [policy]).target(policy)).toMatchObject({ problem: 'NotFound' });
  });

  test('has the facts of the workload, and who owns its replicas', () => {
    const managed = workloadRecord('Deployment', {
      metadata: {
        namespace: 'shop',
        name: 'web',
        uid: 'web-uid',
        managedFields: [
          { manager: 'kubectl', time: '2026-05-04T08:00:00Z', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
        ],
      },
      spec: { replicas: 3 },
    });
    const target = view(web, [], { workloads: { Deployment: store(managed), StatefulSet: store() } });
    expect(target).toMatchObject({
      uid: 'web-uid',
      specReplicas: 3,
      ownership: { rivals: [], replicasManager: 'kubectl' },
    });
  });

  test('can be seen as it was read live', () => {
    const live = { ...deployment, specReplicas: 7 };
    expect(new ClusterView(caches(), [web]).view(web, live)).toMatchObject({
      specReplicas: 7,
      pods: [{}, {}],
    });
  });
});

describe('the rivals of a policy', () => {
  const other = (spec: object, change: Partial<PolicyView> = {}): PolicyView =>
    policyFixture({ ...ref('Deployment', 'web'), ...spec }, { uid: 'other', name: 'other', ...change });

  test.each([
    ['nobody', [], {}, []],
    [
      'an HPA of its target',
      [],
      { scalers: [store(hpa('web', 'Deployment'))] },
      ['HorizontalPodAutoscaler/scaler'],
    ],
    ['no HPA of another target', [], { scalers: [store(hpa('db', 'Deployment'))] }, []],
    ['no HPA of another kind', [], { scalers: [store(hpa('web', 'StatefulSet'))] }, []],
    [
      'a ScaledObject that does not say its kind',
      [],
      {
        scalers: [
          new Map(),
          store(
            scalerRecord('ScaledObject', {
              metadata: { namespace: 'shop', name: 'so' },
              spec: { scaleTargetRef: { name: 'web' } },
            }),
          ),
        ],
      },
      ['ScaledObject/so'],
    ],
    ['another policy that acts', [other({})], {}, ['AutonomicPolicy/other']],
    ['no policy in Preview', [other({ mode: 'Preview' })], {}, []],
    ['no suspended policy', [other({ suspend: true })], {}, []],
    ['no policy that is suspended by annotation', [other({}, { suspendedByAnnotation: true })], {}, []],
    ['no policy that is being deleted', [other({}, { deleting: true })], {}, []],
    ['no policy of another namespace', [other({}, { namespace: 'bank' })], {}, []],
  ])('are %s', (_name, others, change, rivals) => {
    expect(view(web, others, change).ownership.rivals).toEqual(rivals);
  });

  test('a policy in Preview sees the one that acts', () => {
    const preview = other({ mode: 'Preview' });
    expect(view(preview, [web]).ownership.rivals).toEqual(['AutonomicPolicy/web']);
  });
});
