import { Registry } from 'prom-client';
import { bindingFixture } from '../../../test/support/binding-fixture.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { threatOptionsSchema } from '../../adapters/audit/options.ts';
import type { RefusalsAnswer } from '../../adapters/audit/server-refusals.ts';
import { ThreatMetrics } from '../../adapters/http/threat-metrics.ts';
import { podRecord, type PodRecord } from '../../adapters/kubernetes/records.ts';
import type { NamespaceRecord } from '../../adapters/kubernetes/rbac-records.ts';
import type { Logger } from '../../adapters/log/logger.ts';
import type { BindingFact, Rbac } from '../../loop/analyze/threat/grants.ts';
import type { ThreatState } from '../../loop/analyze/threat/threat-state.ts';
import type { Observation } from '../../loop/monitor/observation.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { EventOccurrence } from '../../runtime/event-series.ts';
import { AuditIntake } from './audit-intake.ts';
import { ThreatTelemetry } from './threat-telemetry.ts';
import { ThreatWatch } from './threat-watch.ts';

const SURPRISE = bindingFixture();

/** A watch whose cluster is plain data. */
class Bench {
  readonly clock = new ManualClock();
  readonly intake = new AuditIntake(() => undefined);
  readonly events: EventOccurrence[] = [];
  readonly registry = new Registry();
  readonly watch: ThreatWatch;
  readonly pods = new Map<string, PodRecord>();
  bindings: BindingFact[] | undefined = [];
  namespaces = new Map<string, NamespaceRecord>();
  policies = new Set(['shop', 'bank']);
  refusals: RefusalsAnswer = { missing: 'no answer' };
  stored: ThreatState | undefined;
  upkeeps = 0;

  constructor(options: object = {}, stored?: ThreatState) {
    this.stored = stored;
    const ignore = (): void => undefined;
    const log: Logger = { error: ignore, warn: ignore, info: ignore, debug: ignore };
    this.watch = new ThreatWatch({
      options: threatOptionsSchema.parse(options),
      tickSeconds: 15,
      clock: this.clock,
      log,
      file: {
        read: () => Promise.resolve(structuredClone(this.stored)),
        write: (state) => {
          this.stored = structuredClone(state);
          return Promise.resolve();
        },
      },
      telemetry: new ThreatTelemetry({
        metrics: new ThreatMetrics(this.registry),
        recorder: { record: (event) => this.events.push(event) },
        log,
        policiesIn: (namespace) =>
          ['a', 'b'].map((name) => ({ namespace, name, uid: `${namespace}-${name}` })),
      }),
      intake: this.intake,
      cluster: {
        rbac: () => this.#rbac(),
        bindingsProblem: () => (this.bindings === undefined ? 'Roles may not be read' : undefined),
        namespaces: () => this.namespaces,
        pods: this.pods,
        policyNamespaces: () => this.policies,
      },
      refusals: () => Promise.resolve(this.refusals),
      upkeep: () => {
        this.upkeeps += 1;
        return Promise.resolve();
      },
    });
  }

  #rbac(): Rbac | undefined {
    if (this.bindings === undefined) return undefined;
    const clusterRoles = new Map([['cluster-admin', { powers: ['ClusterAdmin'] as const }]]);
    return { roles: new Map(), clusterRoles, bindings: this.bindings };
  }

  source(name: string): string | undefined {
    return this.watch.view('shop').sources.find((source) => source.name === name)?.state;
  }

  async metric(name: string): Promise<unknown> {
    const { values } = (await this.registry.getSingleMetric(name)?.get()) ?? { values: [] };
    return values.map(({ labels, value }) => [Object.values(labels).join('/'), value]);
  }
}

test('before the first round nothing is suspected and nothing is known', () => {
  expect(new Bench().watch.view('shop')).toEqual({
    risk: 0,
    freeze: false,
    reason: '',
    findings: [],
    sources: [],
  });
});

test('a finding is told to the policies where it lives and to the binding, once, and counted', async () => {
  const bench = new Bench();
  bench.watch.survey();
  bench.bindings = [SURPRISE];
  bench.watch.survey();
  bench.watch.survey();
  expect(
    bench.events.map(({ regarding, reason }) => `${reason} ${regarding.kind}/${regarding.name}`),
  ).toEqual([
    'ThreatSuspected AutonomicPolicy/a',
    'ThreatSuspected AutonomicPolicy/b',
    'ThreatSuspected ClusterRoleBinding/surprise',
  ]);
  expect(await bench.metric('autonomic_threats_open')).toEqual([['PrivilegeEscalation/High', 1]]);
  expect(await bench.metric('autonomic_threat_frozen')).toEqual([
    ['shop', 1],
    ['bank', 0],
  ]);
  bench.bindings = [];
  bench.policies = new Set(['shop']);
  bench.watch.survey();
  expect(bench.events.slice(3).map(({ reason, type }) => `${type} ${reason}`)).toEqual([
    'Normal ThreatOver',
    'Normal ThreatOver',
  ]);
  expect(await bench.metric('autonomic_threats_open')).toEqual([]);
  expect(await bench.metric('autonomic_threat_risk')).toEqual([['shop', 0]]);
});

test('what there is to lose decides whether the same finding freezes', () => {
  const bench = new Bench();
  bench.namespaces.set('shop', { criticality: 'low' });
  bench.namespaces.set('bank', { criticality: 'high' });
  bench.watch.survey();
  bench.bindings = [
    SURPRISE,
    { ...SURPRISE, uid: 'u2', subjects: [{ kind: 'ServiceAccount', namespace: 'bank', name: 'x' }] },
  ];
  bench.watch.survey();
  expect(bench.watch.view('shop').freeze).toBe(false);
  expect(bench.watch.view('bank')).toMatchObject({ freeze: true, risk: 0.75 });
});

test('sources that are missing are said', () => {
  const bench = new Bench({ receiver: { tokenFile: '/token' } });
  bench.bindings = undefined;
  bench.watch.survey();
  expect(
    bench.watch.view('shop').sources.map(({ name, state, message }) => `${name} ${state}: ${message}`),
  ).toEqual([
    'Bindings Unknown: Roles may not be read',
    'Pods Active: all pods are watched',
    'Audit Unknown: no audit events have come yet',
    'Falco Off: no receiver of alerts is configured: threats.receiver.falco',
    'ApiServerMetrics Unknown: not asked yet',
    'Traffic Unknown: of no workload are both the bytes sent and the requests known',
  ]);
});

test('audit events are learnt from, then judged, and missed when they stop', () => {
  const bench = new Bench({ receiver: { tokenFile: '/token' } });
  const round = (): void => {
    bench.intake.takeAudit([], bench.clock.now());
    bench.watch.survey();
    bench.clock.jump(15_000);
  };
  round();
  expect(bench.source('Audit')).toBe('Learning');
  for (let count = 0; count < 20; count += 1) round();
  expect(bench.source('Audit')).toBe('Active');
  bench.clock.jump(601_000);
  bench.watch.survey();
  expect(bench.watch.view('shop').sources.find(({ name }) => name === 'Audit')).toMatchObject({
    state: 'Unknown',
    message: 'no audit events for 10 min',
  });
});

test('pods that reach their node are watched', () => {
  const bench = new Bench();
  bench.watch.survey();
  const metadata = { namespace: 'shop', name: 'x', uid: 'x', creationTimestamp: '2026-01-01T00:00:00Z' };
  const nodeAccess = { powers: ['Privileged'] as const, lineage: 'x', acknowledged: false };
  bench.pods.set('shop/x', { ...podRecord({ metadata }), nodeAccess });
  bench.watch.survey();
  expect(bench.watch.view('shop').reason).toBe('pods of shop/x reach their nodes (Privileged)');
});

test('only fresh numbers of traffic are taken', () => {
  const bench = new Bench();
  const policy = { namespace: 'shop', name: 'a' } as PolicyView;
  const reading = (quality: 'Fresh' | 'Stale') => ({ quality, value: 5, at: bench.clock.now() });
  const seen = (sent: 'Fresh' | 'Stale', asked: 'Fresh' | 'Stale') =>
    ({
      signals: { networkTransmitBytes: reading(sent) },
      requests: { total: reading(asked) },
    }) as unknown as Observation;
  bench.watch.observeTraffic(policy, seen('Stale', 'Fresh'));
  bench.watch.observeTraffic(policy, seen('Fresh', 'Stale'));
  bench.watch.survey();
  expect(bench.source('Traffic')).toBe('Unknown');
  bench.watch.observeTraffic(policy, seen('Fresh', 'Fresh'));
  bench.watch.survey();
  expect(bench.source('Traffic')).toBe('Active');
});

test('another process goes on with what is stored: what came meanwhile is news, what was open is not told again', async () => {
  const first = new Bench();
  const stop = new AbortController();
  const running = first.watch.run(stop.signal);
  await first.clock.advance(0);
  first.bindings = [SURPRISE];
  await first.clock.advance(15_000);
  stop.abort();
  await running;
  expect(first.stored?.open.size).toBe(1);

  const second = new Bench({}, first.stored);
  second.bindings = [SURPRISE, { ...SURPRISE, uid: 'u2', name: 'meanwhile' }];
  const again = new AbortController();
  again.abort();
  await second.watch.run(again.signal);
  second.watch.survey();
  expect(second.events.filter(({ regarding }) => regarding.kind === 'ClusterRoleBinding')).toMatchObject([
    { regarding: { name: 'meanwhile' } },
  ]);
});

test('a round that fails ends nothing: the next one looks again', async () => {
  const bench = new Bench();
  const stop = new AbortController();
  const running = bench.watch.run(stop.signal);
  await bench.clock.advance(0);
  const { bindings } = bench;
  Object.defineProperty(bench, 'bindings', {
    configurable: true,
    get: () => {
      throw new Error('out of order');
    },
  });
  await bench.clock.advance(15_000);
  Object.defineProperty(bench, 'bindings', { value: [...(bindings ?? []), SURPRISE] });
  await bench.clock.advance(15_000);
  expect(bench.watch.view('shop').freeze).toBe(true);
  stop.abort();
  await running;
});

test('each minute the API server is asked and the state is stored, with what else wants renewing', async () => {
  const bench = new Bench();
  bench.refusals = { unauthenticated: 3, notAllowed: 4, seconds: 60 };
  const stop = new AbortController();
  const running = bench.watch.run(stop.signal);
  await bench.clock.advance(59_000);
  expect(bench.source('ApiServerMetrics')).toBe('Learning');
  expect(bench.stored?.server.intervals).toBeUndefined();
  await bench.clock.advance(2_000);
  expect([bench.upkeeps, bench.stored?.server.intervals]).toEqual([1, 1]);
  stop.abort();
  await running;
  expect(bench.stored?.server.intervals).toBe(2);
});
