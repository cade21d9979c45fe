import { podRecord, replicaSetRecord, workloadRecord } from '../../adapters/kubernetes/records.ts';
import { revisionChangedAt } from './revision-changed-at.ts';

const at = (hour: number): string => new Date(Date.UTC(2026, 4, 4, hour)).toISOString();

const set = (uid: string, revision: string, hour: number) =>
  replicaSetRecord({
    metadata: {
      name: uid,
      uid,
      creationTimestamp: at(hour),
      annotations: { 'deployment.kubernetes.io/revision': revision },
    },
  });

const pod = (owner: string, hour: number, change: object = {}) =>
  podRecord({
    metadata: {
      creationTimestamp: at(hour),
      ownerReferences: [{ uid: owner, controller: true }],
      ...change,
    },
  });

const dbPod = (revision: string, hour: number) =>
  pod('db', hour, { labels: { 'controller-revision-hash': revision } });

const web = workloadRecord('Deployment', { metadata: { name: 'web', uid: 'web' } });
const db = workloadRecord('StatefulSet', {
  metadata: { name: 'db', uid: 'db' },
  status: { updateRevision: 'db-2' },
});

test.each([
  ['when its ReplicaSet was made', [set('a', '1', 3)], [pod('a', 5)], 3],
  ['when the newest ReplicaSet was made', [set('a', '9', 3), set('b', '10', 6)], [pod('a', 4)], 6],
  [
    'after a rollback, when the first pod of the old set was made anew',
    [set('a', '3', 1), set('b', '2', 4)],
    [pod('b', 5), pod('a', 8), pod('a', 7), pod('a', 2, { deletionTimestamp: at(9) })],
    7,
  ],
  [
    'unknown after a rollback without pods yet',
    [set('a', '3', 1), set('b', '2', 4)],
    [pod('b', 5)],
    undefined,
  ],
  ['unknown without a ReplicaSet', [], [pod('a', 5)], undefined],
  ['unknown when the sets carry no revision', [set('a', 'x', 3)], [pod('a', 5)], undefined],
])('the revision of a Deployment changed %s', (_, replicaSets, pods, hour) => {
  const wanted = hour === undefined ? undefined : Date.parse(at(hour));
  expect(revisionChangedAt({ workload: web, replicaSets, pods })).toBe(wanted);
});

test.each([
  [
    'when the first pod of the newest revision was made',
    db,
    [dbPod('db-1', 1), dbPod('db-2', 4), dbPod('db-2', 3)],
    3,
  ],
  ['unknown before there is such a pod', db, [dbPod('db-1', 1)], undefined],
  [
    'unknown without a revision in its status',
    { ...db, updateRevision: undefined },
    [dbPod('db-1', 1)],
    undefined,
  ],
])('the revision of a StatefulSet changed %s', (_, given, pods, hour) => {
  const { updateRevision, ...rest } = given;
  const workload = updateRevision === undefined ? rest : { ...rest, updateRevision };
  const wanted = hour === undefined ? undefined : Date.parse(at(hour));
  expect(revisionChangedAt({ workload, replicaSets: [], pods })).toBe(wanted);
});
