import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ObservationServer } from '../adapters/http/server.ts';
import { isNotFound } from '../adapters/kubernetes/errors.ts';
import { PolicyStatusWriter } from '../adapters/kubernetes/policy-status-writer.ts';
import { TargetWriter } from '../adapters/kubernetes/target-writer.ts';
import { CallGraphs } from '../adapters/prometheus/call-graph.ts';
import { SignalMetrics } from '../adapters/prometheus/signal-metrics.ts';
import { WorkloadMetrics } from '../adapters/prometheus/workload-metrics.ts';
import { PrometheusClient } from '../adapters/prometheus/client.ts';
import { PodScraper } from '../adapters/scrape/pod-scraper.ts';
import type { PolicyMemory } from '../controllers/knowledge/policy-memory.ts';
import { ClusterMirror } from '../controllers/policy/cluster-mirror.ts';
import { OutlookRefresher } from '../controllers/policy/outlook/outlook-refresher.ts';
import { PodScrapes } from '../controllers/policy/scrape/pod-scrapes.ts';
import { PolicyController } from '../controllers/policy/policy-controller.ts';
import { policyTelemetry } from '../controllers/policy/policy-telemetry.ts';
import type { Leadership } from '../controllers/policy/session-ports.ts';
import type { ThreatWatch } from '../controllers/threat/threat-watch.ts';
import { LeaderElector } from '../runtime/leader-election.ts';
import type { ReflectorNote } from '../runtime/reflector.ts';
import { SilentStreamError } from '../runtime/retry-plan.ts';
import type { OperatorConfig } from './config.ts';
import type { Parts, Surroundings } from './parts.ts';

/** Everything that the wiring below draws on. */
export interface Frame {
  readonly config: OperatorConfig;
  readonly around: Surroundings;
  readonly parts: Parts;
}

export function createMirror({ around, parts }: Frame): ClusterMirror {
  const { clock, random, log } = around;
  return new ClusterMirror({
    client: parts.client,
    clock,
    random,
    onPolicy: ({ key }) => parts.queue.add(key),
    observe: (kind, note) => {
      noteReflector(log, kind, note);
    },
  });
}

/** Log lines of a reflector. */
export function noteReflector(log: Surroundings['log'], kind: string, note: ReflectorNote): void {
  if (note.what === 'Failed') {
    const retryInMs = Math.round(note.retryInMs);
    const fields = { kind, during: note.during, retryInMs, error: String(note.error) };
    // A kind in which nothing happens is asked again every 45 s, and one that is not installed now and then.
    if (note.error instanceof SilentStreamError || isNotFound(note.error)) log.debug('Asked again', fields);
    else log.warn('Lost contact', fields);
  } else if (note.what === 'HandlerFailed' || note.what === 'TransformFailed') {
    log.error('Could not take in an object', { kind, key: note.key, error: String(note.error) });
  } else {
    log.debug('Followed a watch', { kind, what: note.what });
  }
}

export function createElector({ config, around, parts }: Frame): LeaderElector {
  const { clock, random, log, identity } = around;
  const { namespace, name } = config.leaderElection;
  return new LeaderElector({
    client: parts.leaseClient,
    namespace,
    name,
    identity,
    clock,
    random,
    whenIdle: () => parts.queue.drain(),
    observe: (note) => {
      if (note.what === 'Started' || note.what === 'Stopped' || note.what === 'Released') {
        parts.metrics.runtime.leading.set({ name }, note.what === 'Started' ? 1 : 0);
      }
      if (note.what === 'Failed') log.warn('Could not renew the lease', { error: String(note.error) });
      else log.info('Leadership changed', { ...note });
    },
  });
}

/** What the controller looks at besides the outside systems. */
export interface Served {
  readonly mirror: ClusterMirror;
  readonly leadership: Leadership;
  readonly outlooks: Pick<OutlookRefresher, 'latest'>;
  /** Undefined where threats are not looked for. */
  readonly threats: Pick<ThreatWatch, 'view' | 'observeTraffic'> | undefined;
  readonly memory: { readonly policies: PolicyMemory; readonly forget: (policyUid: string) => void };
}

export function createController(
  { config, around, parts }: Frame,
  { mirror, leadership, outlooks, threats, memory }: Served,
): PolicyController {
  const { clock, log, newId } = around;
  const { tickSeconds, outcomeWindowSeconds, historyDays: days, prometheus: options } = config;
  return new PolicyController({
    policies: mirror.policies,
    caches: mirror.caches,
    metrics: new WorkloadMetrics(parts.prometheus, options, () => clock.now()),
    signals: config.signals ? new SignalMetrics(parts.prometheus, options, () => clock.now()) : undefined,
    calls: config.signals ? new CallGraphs(parts.prometheus, () => clock.now()) : undefined,
    scrapes: createScrapes({ config, around, parts }),
    history: { client: parts.prometheus, options, days },
    queue: parts.queue,
    fullForecasts: config.fullForecasts,
    observed: (policy, observation) => threats?.observeTraffic(policy, observation),
    statuses: new PolicyStatusWriter(parts.client),
    checkpoint: parts.checkpoint,
    ports: {
      targets: new TargetWriter(parts.client),
      journal: parts.journal,
      leadership,
      telemetry: policyTelemetry(parts.metrics, parts.recorder, log),
      log,
      clock,
      newId,
      health: parts.health,
      tickSeconds,
      outcomeWindowSeconds,
      situationWindowSeconds: config.knowledge.windowSeconds,
      predictions: (policy) => outlooks.latest(policy),
      threat: (namespace) => threats?.view(namespace),
      memory: memory.policies,
    },
    forget: ({ uid, namespace, name, view }, metrics) => {
      parts.metrics.forget(namespace, name, metrics);
      memory.policies.release(uid);
      if (view.spec.knowledge.reclaimPolicy === 'Delete') memory.forget(uid);
    },
  });
}

/** Decisions wait for the pods' answers, and must be made long before the next round. */
const SCRAPE_SHARE_OF_TICK = 0.4;

function createScrapes({ config, around, parts }: Frame): PodScrapes {
  const { clock } = around;
  const scraper = new PodScraper({
    now: () => clock.now(),
    deadlineMs: Math.floor(1000 * SCRAPE_SHARE_OF_TICK * config.tickSeconds),
    onAnswer: ({ result, seconds }) => {
      parts.metrics.scrapes.observe({ result }, seconds);
    },
  });
  return new PodScrapes(scraper, clock);
}

/** Four weeks of a large workload may take Prometheus longer than a round waits. */
const OUTLOOK_DEADLINE_SECONDS = 60;

/** With a client of its own: what fails here must not open the breaker of the rounds. */
export function createOutlooks({ config, around, parts }: Frame, mirror: ClusterMirror): OutlookRefresher {
  const { clock, random, log } = around;
  const prometheus = { ...config.prometheus, deadlineSeconds: OUTLOOK_DEADLINE_SECONDS };
  const client = new PrometheusClient(prometheus, {
    now: () => clock.now(),
    random,
    onQuery: ({ kind, code, durationMs }) => {
      parts.metrics.queries.observe({ kind, code }, durationMs / 1000);
    },
  });
  return new OutlookRefresher({ policies: mirror.policies, client, prometheus, clock, log });
}

/** A loop that was blocked for so long has missed renewals of the lease. */
const MAX_LOOP_DELAY_MS = 5_000;

export function createServer({ parts }: Frame, mirror: ClusterMirror): ObservationServer {
  const delay = monitorEventLoopDelay({ resolution: 100 });
  delay.enable();
  return new ObservationServer({
    healthy: () => {
      const blockedMs = Math.round(delay.max / 1e6);
      delay.reset();
      if (blockedMs > MAX_LOOP_DELAY_MS) return `the event loop was blocked for ${blockedMs} ms`;
      const silent = mirror.silent();
      return silent.length === 0 ? '' : `no word from the API server about ${silent.join(', ')}`;
    },
    ready: () => {
      const missing = mirror.unsynced();
      return missing.length === 0 ? '' : `caches are not filled: ${missing.join(', ')}`;
    },
    metrics: () => parts.metrics.exposition(),
  });
}
