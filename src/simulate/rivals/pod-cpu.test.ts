import { podFixture, START, startingPodFixture, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { coresPerPod, podCpuUsage } from './pod-cpu.ts';

const UNTIL = START - 30_000;
const old = podFixture('old', START - 3_600_000);

describe('CPU of each pod', () => {
  it.each([
    ['is shared evenly by pods that served all the time', [old, old], 1.5, 0.75],
    [
      'counts a pod that became ready in the middle as half a one',
      [old, podFixture('new', UNTIL - 15_000)],
      0.9,
      0.6,
    ],
    ['leaves out a pod that became ready later', [old, podFixture('new', UNTIL + 5000)], 0.9, 0.9],
    ['leaves out a starting pod', [old, startingPodFixture('starting')], 0.4, 0.4],
    ['is at most one core, after others were removed', [old], 3, 1],
    ['is unknown while nothing is measured', [old], undefined, undefined],
    ['is unknown while no pod was measured', [startingPodFixture('starting')], 0, undefined],
  ])('%s', (_, pods, cpu, expected) => {
    const cores = coresPerPod(viewFixture({ pods, cpu }));
    if (expected === undefined) expect(cores).toBeUndefined();
    else expect(cores).toBeCloseTo(expected, 12);
  });

  it('is asked of 30 seconds', () => {
    const cpu = (seconds: number) => (seconds === 30 ? 0.5 : undefined);
    expect(coresPerPod(viewFixture({ ready: 1, cpu }))).toBe(0.5);
  });
});

describe('usage by pod', () => {
  it('has a sample of each pod that was ready in the measured time, dated at its end', () => {
    const pods = [
      old,
      podFixture('new', UNTIL - 1),
      podFixture('newer', UNTIL + 1),
      startingPodFixture('starting'),
    ];
    const usage = podCpuUsage(viewFixture({ pods, cpu: 0.5 }));
    expect(usage.map(({ pod }) => pod)).toEqual(['old', 'new']);
    expect(usage[0]?.reading).toMatchObject({ quality: 'Fresh', at: UNTIL });
  });

  it('is empty while nothing is measured', () => {
    expect(podCpuUsage(viewFixture({ ready: 3 }))).toEqual([]);
  });
});
