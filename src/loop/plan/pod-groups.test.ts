import type { PodView } from '../monitor/observation.ts';
import { groupPods, type PodGroups } from './pod-groups.ts';

const NOW = 1_700_000_000_000;
const ago = (seconds: number) => NOW - seconds * 1000;

function pod(view: Partial<PodView>): PodView {
  return { name: 'p', phase: 'Running', ready: false, createdAt: 0, deleting: false, requests: {}, ...view };
}

/** The periods of replica_calculator_test.go. */
const GROUPING = { cpuInitializationSeconds: 120, readinessDelaySeconds: 10 };

interface Case {
  readonly name: string;
  readonly pod: Partial<PodView>;
  readonly resource?: 'cpu' | 'memory';
  /** Seconds since the usable sample; none when undefined. */
  readonly sampleAge?: number;
  readonly sampleWindowSeconds?: number;
  readonly group: keyof PodGroups;
}

// kubernetes v1.36.3 pkg/controller/podautoscaler/replica_calculator_test.go, TestGroupPods
const UPSTREAM: readonly Case[] = [
  {
    name: 'counts a pod with a sample of its memory',
    resource: 'memory',
    pod: {},
    sampleAge: 0,
    group: 'ready',
  },
  {
    name: 'does not count the CPU of a pod without Ready condition',
    pod: { startedAt: NOW },
    sampleAge: 0,
    group: 'unready',
  },
  {
    name: 'counts a young ready pod whose sample began after it became ready',
    pod: { startedAt: ago(60), ready: true, readyChangedAt: ago(30) },
    sampleAge: 0,
    sampleWindowSeconds: 30,
    group: 'ready',
  },
  {
    name: 'does not count a young ready pod whose sample began before it became ready',
    pod: { startedAt: ago(60), ready: true, readyChangedAt: ago(30) },
    sampleAge: 0,
    sampleWindowSeconds: 60,
    group: 'unready',
  },
  {
    name: 'does not count an old pod that was never ready',
    pod: { startedAt: ago(600), readyChangedAt: ago(594) },
    sampleAge: 0,
    group: 'unready',
  },
  {
    name: 'counts an old ready pod even when its sample began before it became ready',
    pod: { startedAt: ago(180), ready: true, readyChangedAt: ago(180) },
    sampleAge: 120,
    group: 'ready',
  },
  {
    name: 'counts an old pod that lost its readiness later',
    pod: { startedAt: ago(600), readyChangedAt: ago(540) },
    sampleAge: 0,
    group: 'ready',
  },
  {
    name: 'counts an unready pod whose readiness last changed exactly at the delay',
    pod: { startedAt: ago(600), readyChangedAt: ago(590) },
    sampleAge: 0,
    group: 'ready',
  },
  { name: 'misses a running pod without a sample', pod: { startedAt: ago(180) }, group: 'missing' },
  { name: 'does not miss a pending pod', pod: { phase: 'Pending' }, group: 'unready' },
  {
    name: 'ignores a deleting pod',
    pod: { phase: 'Pending', deleting: true },
    sampleAge: 0,
    group: 'ignored',
  },
  { name: 'ignores a failed pod', pod: { phase: 'Failed' }, sampleAge: 0, group: 'ignored' },
];

const OWN: readonly Case[] = [
  {
    name: 'counts the memory of a pod that is not ready',
    resource: 'memory',
    pod: {},
    sampleAge: 0,
    group: 'ready',
  },
  {
    name: 'does not count the CPU of a pod that never started',
    pod: { readyChangedAt: ago(9) },
    sampleAge: 0,
    group: 'unready',
  },
];

describe('groupPods', () => {
  test.each<Case>([...UPSTREAM, ...OWN])(
    '$name',
    ({ pod: view, resource = 'cpu', sampleAge, sampleWindowSeconds = 60, group }) => {
      const sampledAt = new Map(sampleAge === undefined ? [] : [['p', ago(sampleAge)] as const]);
      const grouping = { ...GROUPING, sampleWindowSeconds };
      const groups = groupPods({ pods: [pod(view)], sampledAt, resource, now: NOW, grouping });
      const sizes = Object.entries(groups).map(([name, pods]: [string, readonly PodView[]]) => [
        name,
        pods.length,
      ]);
      expect(sizes.filter(([, size]) => size !== 0)).toEqual([[group, 1]]);
    },
  );

  it('puts each of several pods into its own group', () => {
    const groups = groupPods({
      pods: [
        pod({ name: 'lucretius', startedAt: NOW }),
        pod({ name: 'niccolo', startedAt: ago(180), ready: true, readyChangedAt: ago(180) }),
        pod({ name: 'epicurus', startedAt: ago(180) }),
      ],
      sampledAt: new Map([
        ['lucretius', NOW],
        ['niccolo', NOW],
      ]),
      resource: 'cpu',
      now: NOW,
      grouping: { ...GROUPING, sampleWindowSeconds: 60 },
    });
    const names = (pods: readonly PodView[]) => pods.map((view) => view.name);
    expect([
      names(groups.ready),
      names(groups.unready),
      names(groups.missing),
      names(groups.ignored),
    ]).toEqual([['niccolo'], ['lucretius'], ['epicurus'], []]);
  });

  it('has nothing to group without pods', () => {
    const groups = groupPods({
      pods: [],
      sampledAt: new Map(),
      resource: 'cpu',
      now: NOW,
      grouping: { ...GROUPING, sampleWindowSeconds: 60 },
    });
    expect(groups).toEqual({ ready: [], unready: [], missing: [], ignored: [] });
  });
});
