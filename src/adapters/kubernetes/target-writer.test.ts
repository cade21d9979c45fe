import fc from 'fast-check';
import { replicaCount } from '../../api/replica-count.ts';
import { ApiError } from './errors.ts';
import { workloadRecord } from './records.ts';
import { serialize, TargetWriter } from './target-writer.ts';

const workload = workloadRecord('Deployment', {
  metadata: { namespace: 'shop', name: 'web', uid: 'u1', resourceVersion: '7', annotations: { a: 'b' } },
  spec: { replicas: 3 },
});
const patch = { decisionId: 'd1', from: replicaCount(3), to: replicaCount(5), workload };

describe('the patch that changes replicas', () => {
  test('tests uid and resourceVersion, and carries value and decision together', () => {
    expect(JSON.parse(serialize(patch))).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'u1' },
      { op: 'test', path: '/metadata/resourceVersion', value: '7' },
      { op: 'replace', path: '/spec/replicas', value: 5 },
      { op: 'add', path: '/metadata/annotations/autonomic.dev~1decision', value: 'd1' },
      { op: 'add', path: '/metadata/annotations/autonomic.dev~1previous-replicas', value: '3' },
    ]);
  });

  test('makes the annotations when the object has none, for `add` below a missing parent fails', () => {
    const operations = JSON.parse(
      serialize({ ...patch, workload: { ...workload, hasAnnotations: false } }),
    ) as unknown[];
    expect(operations.at(-1)).toEqual({
      op: 'add',
      path: '/metadata/annotations',
      value: { 'autonomic.dev/decision': 'd1', 'autonomic.dev/previous-replicas': '3' },
    });
  });

  test('never leaves the process with anything but an integer, whatever got past the types', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        fc.pre(!Number.isInteger(value) || value < 0 || value > 2 ** 31 - 1);
        expect(() => serialize({ ...patch, to: value as typeof patch.to })).toThrow(RangeError);
      }),
    );
  });
});

describe('what is known after the patch was tried', () => {
  const cases: [string, ApiError, string][] = [
    ['a conflict means that nothing was written', error(409, 'Conflict'), 'Refused'],
    ['a failed test operation means that nothing was written', error(422, 'Invalid'), 'Refused'],
    ['a quota or webhook that forbids it means that nothing was written', error(403, 'Forbidden'), 'Refused'],
    ['a server error leaves it open', error(500, 'InternalError'), 'Unknown'],
    ['a lost connection leaves it open', error(0, 'Network'), 'Unknown'],
    ['a deadline leaves it open', error(0, 'Timeout'), 'Unknown'],
  ];

  test.each(cases)('%s', async (_name, failure, expected) => {
    const writer = new TargetWriter({ request: () => Promise.reject(failure) });
    expect((await writer.writeReplicas(patch)).result).toBe(expected);
  });
});

function error(status: number, reason: string): ApiError {
  return new ApiError({ status, reason, message: `PATCH: ${status} ${reason}` });
}
