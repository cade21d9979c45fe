import { decisionFixture } from '../../../../test/support/decision-fixtures.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { ApiError } from '../../../adapters/kubernetes/errors.ts';
import type { StoredStatus } from '../../../adapters/kubernetes/policy-status-writer.ts';
import type { PolicyStatus } from '../../../api/policy-status.ts';
import { withEnding, withIntent } from './policy-status.ts';
import { StatusKeeper, StatusLost } from './status-keeper.ts';

/** A status in etcd, with versions; what it is asked for is counted. */
class FakeStatus {
  uid = 'policy-uid';
  version = 1;
  status: unknown = {};
  reads = 0;
  writes = 0;
  /** The next write fails with this. */
  failure: Error | undefined;

  read(): Promise<StoredStatus> {
    this.reads += 1;
    return Promise.resolve(this.#stored());
  }

  write(_key: unknown, resourceVersion: string, status: PolicyStatus): Promise<StoredStatus> {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) return Promise.reject(failure);
    if (resourceVersion !== String(this.version)) {
      return Promise.reject(
        new ApiError({ status: 409, reason: 'Conflict', message: 'PATCH: 409 Conflict' }),
      );
    }
    this.writes += 1;
    this.edit(status);
    return Promise.resolve(this.#stored());
  }

  /** Somebody writes. */
  edit(status: PolicyStatus): void {
    this.version += 1;
    this.status = structuredClone(status);
  }

  #stored(): StoredStatus {
    return { uid: this.uid, generation: 3, resourceVersion: String(this.version), status: this.status };
  }
}

const key = { namespace: 'shop', name: 'web', uid: 'policy-uid' };

let etcd: FakeStatus;
let clock: ManualClock;
let keeper: StatusKeeper;

beforeEach(async () => {
  etcd = new FakeStatus();
  clock = new ManualClock();
  keeper = new StatusKeeper(etcd, key, clock);
  await keeper.refresh();
});

const intent = (id: string, status: PolicyStatus = {}): PolicyStatus =>
  withIntent(status, decisionFixture(id), 300);

describe('compare and swap', () => {
  test('writes against the version that was read', async () => {
    await keeper.swap(intent('d1'));
    expect(etcd.status).toEqual(intent('d1'));
    expect(keeper.current).toEqual(intent('d1'));
    await keeper.swap({});
    expect(etcd).toMatchObject({ writes: 2, reads: 1, status: {} });
  });

  test('writes over what somebody else wrote, as long as no decision was begun in it', async () => {
    etcd.edit({ observedGeneration: 9 });
    await keeper.swap(intent('d1'));
    expect(etcd.status).toEqual(intent('d1'));
  });

  test('does not write over a decision that somebody else has begun', async () => {
    etcd.edit(intent('d9'));
    await expect(keeper.swap(intent('d1'))).rejects.toThrow(StatusLost);
    expect(etcd.status).toEqual(intent('d9'));
    expect(keeper.current).toEqual({});
  });

  test('does not write over a decision whose own writing seemed to have failed', async () => {
    etcd.failure = new ApiError({ status: 0, reason: 'Timeout', message: 'no answer' });
    await expect(keeper.swap(intent('d1'))).rejects.toThrow('no answer');
    // The write had arrived after all.
    etcd.edit(intent('d1'));
    keeper.set({ observedGeneration: 3 });
    await expect(keeper.flush()).rejects.toThrow(StatusLost);
  });

  test('does not write to another policy of the same name', async () => {
    etcd.uid = 'another';
    etcd.edit({});
    await expect(keeper.swap(intent('d1'))).rejects.toThrow('the policy was deleted and made again');
  });

  test('writes what decisions need when the server calls the whole invalid, and says why', async () => {
    const invalid = 'PATCH: 422 Invalid: status.workloads[0].forecast.tier: Unsupported value';
    etcd.edit(workload(4, '400'));
    await keeper.refresh();
    etcd.failure = new ApiError({ status: 422, reason: 'Invalid', message: invalid });
    const wanted = intent('d1', { ...workload(5, '500'), observedGeneration: 3 });
    await keeper.swap(wanted);
    expect(etcd.status).toEqual({
      observedGeneration: 3,
      decisions: wanted.decisions,
      pending: wanted.pending,
      conditions: [expect.objectContaining({ type: 'Degraded', reason: 'StatusRefused', message: invalid })],
    });
    expect(keeper.current).toEqual(wanted);
  });

  test('leaves the status as it was when the server fails', async () => {
    await keeper.swap(intent('d1'));
    etcd.failure = new ApiError({ status: 500, reason: 'InternalError', message: 'etcd is away' });
    await expect(keeper.swap({})).rejects.toThrow('etcd is away');
    expect(keeper.current).toEqual(intent('d1'));
  });
});

describe('refresh', () => {
  test('reads what is stored', async () => {
    etcd.edit(intent('d1'));
    await expect(keeper.refresh()).resolves.toEqual(intent('d1'));
    expect(keeper.current).toEqual(intent('d1'));
  });

  test.each([
    ['takes a status that it does not understand for none', 'many', {}],
    ['leaves out a member that it does not understand', { ...intent('d1'), workloads: 'many' }, intent('d1')],
    [
      'knows nothing of members that this version does not have',
      { ...intent('d1'), models: [] },
      intent('d1'),
    ],
  ])('%s', async (_name, stored, understood) => {
    etcd.status = stored;
    await expect(keeper.refresh()).resolves.toEqual(understood);
  });

  test('takes no status for none', async () => {
    etcd.status = undefined;
    await expect(keeper.refresh()).resolves.toEqual({});
  });

  test('fails for another policy of the same name', async () => {
    etcd.uid = 'another';
    await expect(keeper.refresh()).rejects.toThrow(StatusLost);
  });
});

const workload = (readyReplicas: number, upper: string): PolicyStatus => ({
  workloads: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'web',
      uid: 'u',
      currentReplicas: 4,
      readyReplicas,
      forecast: {
        metric: 'requests',
        peak: '1',
        upper,
        confidencePercent: 95,
        horizonSeconds: 90,
        samples: 9,
      },
    },
  ],
});

describe('flush', () => {
  test('writes nothing when nothing changed', async () => {
    await keeper.flush();
    expect(etcd.writes).toBe(0);
  });

  test('writes at once what matters', async () => {
    keeper.set(workload(4, '400'));
    await keeper.flush();
    keeper.set(workload(5, '400'));
    await keeper.flush();
    expect(etcd).toMatchObject({ writes: 2, status: workload(5, '400') });
  });

  test('writes numbers that move all the time once a minute', async () => {
    keeper.set(workload(4, '400'));
    await keeper.flush();
    for (let i = 0; i < 8; i++) {
      await clock.advance(15_000);
      keeper.set(workload(4, `${401 + i}`));
      await keeper.flush();
    }
    expect(etcd.writes).toBe(3);
  });

  test('takes the end of a decision away', async () => {
    await keeper.swap(intent('d1'));
    const decision = decisionFixture('d1');
    const outcome = {
      result: 'Met',
      at: decision.at,
      observedSeconds: 1,
      measuredSeconds: 1,
      violatedSeconds: 0,
      replicaSeconds: 1,
      message: '',
    } as const;
    keeper.set(withEnding(keeper.current, { decision, outcome }));
    await keeper.flush();
    expect(etcd.status).not.toHaveProperty('pending');
  });
});
