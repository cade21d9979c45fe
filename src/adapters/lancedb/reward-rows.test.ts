import { rewardFixture } from '../../../test/support/memory-fixtures.ts';
import { checksumOf } from './checksum.ts';
import { rewardRow } from './reward-rows.ts';
import { checksumColumns, DEFINITIONS } from './table-definitions.ts';

describe('the row of a reward', () => {
  test('has the reward and the raw numbers that it is made of', () => {
    expect(rewardRow(rewardFixture('d1'))).toMatchObject({
      decision_id: 'd1',
      policy_uid: 'policy-uid',
      action: 'ScaleUp',
      from_replicas: 4,
      to_replicas: 9,
      replica_seconds: 5400,
      baseline_replica_seconds: 6480,
      reward: 0.75,
      succeeded: 1,
    });
  });

  test('says null of what nobody can tell, and not zero', () => {
    const row = rewardRow(
      rewardFixture('d1', { baseline: null, reward: null, advantage: null, succeeded: null }),
    );
    expect(row).toMatchObject({
      baseline_arm: null,
      baseline_replica_seconds: null,
      reward: null,
      advantage: null,
      succeeded: null,
    });
  });

  test('has a checksum of all its columns', () => {
    const row = rewardRow(rewardFixture('d1'));
    expect(Object.keys(row)).toEqual(Object.keys(DEFINITIONS.rewards.columns));
    const columns = checksumColumns(DEFINITIONS.rewards);
    expect(checksumOf({ ...row, reward: 0.5 }, columns)).not.toBe(row.checksum);
  });
});
