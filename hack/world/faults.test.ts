import { exposition } from './exposition.ts';
import { FAMILIES } from './families.ts';
import { beginFault, faulty, NO_TROUBLE, troubleOf, type Fault, type Trouble } from './faults.ts';

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
    ['Surge', ['kube_pod_status_ready{pod="b"} 0']],
    ['Slow', ['kube_pod_status_ready{pod="b"} 0']],
    ['Leak', ['kube_pod_status_ready{pod="b"} 0']],
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

describe('what is wrong with the workload itself', () => {
  it.each<[Fault, keyof Trouble, boolean]>([
    ['NoTraffic', 'loadFactor', false],
    ['Surge', 'loadFactor', true],
    ['Slow', 'delaySeconds', true],
    ['Leak', 'leakBytesPerSecond', true],
  ])('under %s is its %s alone, above the usual: %s', (fault, field, above) => {
    const trouble = troubleOf(beginFault(fault, []));
    expect(trouble[field] > NO_TROUBLE[field]).toBe(above);
    expect(trouble[field]).not.toBe(NO_TROUBLE[field]);
    expect({ ...trouble, [field]: NO_TROUBLE[field] }).toEqual(NO_TROUBLE);
  });

  it.each<Fault | undefined>([undefined, 'Silent', 'NotANumber', 'Duplicated'])(
    'is nothing under %s',
    (fault) => {
      expect(troubleOf(fault && beginFault(fault, []))).toEqual(NO_TROUBLE);
    },
  );
});
