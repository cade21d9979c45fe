import { exposition } from './exposition.ts';
import { FAMILIES } from './families.ts';
import { beginFault, faulty, type Fault } from './faults.ts';

const before = [{ family: FAMILIES.podReady, labels: { pod: 'a' }, value: 1, at: 1000 }];
const now = [{ family: FAMILIES.podReady, labels: { pod: 'b' }, value: 0 }];

function lines(fault?: Fault): string[] {
  const active = fault && beginFault(fault, before);
  return exposition(faulty(now, active))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

describe('what a workload exposes', () => {
  it.each<[Fault | undefined, string[]]>([
    [undefined, ['kube_pod_status_ready{pod="b"} 0']],
    ['NoTraffic', ['kube_pod_status_ready{pod="b"} 0']],
    ['Silent', []],
    ['Frozen', ['kube_pod_status_ready{pod="a"} 1 1000']],
    ['NotANumber', ['kube_pod_status_ready{pod="b"} NaN']],
    ['Infinite', ['kube_pod_status_ready{pod="b"} +Inf']],
    ['Negative', ['kube_pod_status_ready{pod="b"} -1']],
    [
      'Duplicated',
      [
        'kube_pod_status_ready{pod="b",exporter_replica="a"} 0',
        'kube_pod_status_ready{pod="b",exporter_replica="b"} 0',
      ],
    ],
  ])('under %s is %j', (fault, expected) => {
    expect(lines(fault)).toEqual(expected);
  });

  it('cannot freeze when it has no time of its own', () => {
    expect(() => beginFault('Frozen', now)).toThrow(/timestamps: true/);
  });
});
