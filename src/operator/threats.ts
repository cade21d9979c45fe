import { join } from 'node:path';
import { EventReceiver } from '../adapters/audit/event-receiver.ts';
import { readServerRefusals } from '../adapters/audit/server-refusals.ts';
import { JsonStateFile } from '../adapters/state-file/json-state-file.ts';
import type { ClusterMirror } from '../controllers/policy/cluster-mirror.ts';
import type { Leadership } from '../controllers/policy/session-ports.ts';
import { AuditIntake } from '../controllers/threat/audit-intake.ts';
import { ThreatMirror } from '../controllers/threat/threat-mirror.ts';
import { ThreatTelemetry, type ToldPolicy } from '../controllers/threat/threat-telemetry.ts';
import { ThreatWatch } from '../controllers/threat/threat-watch.ts';
import { THREAT_STATE_VERSION, type ThreatState } from '../loop/analyze/threat/threat-state.ts';
import { noteReflector, type Frame } from './wiring.ts';

/** The watch for threats and all that belongs to it. */
export interface Threats {
  readonly watch: ThreatWatch;
  /** Follows roles and bindings until the signal aborts. */
  readonly follow: (signal: AbortSignal) => Promise<void>;
  /** Looks for threats until the signal aborts; of the leader. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** When the signal has aborted: waits until what is known is stored. */
  readonly close: () => Promise<void>;
}

/** Undefined when the administrator wants none. */
export async function createThreats(
  frame: Frame,
  mirror: ClusterMirror,
  leadership: Leadership,
): Promise<Threats | undefined> {
  const { config, around, parts } = frame;
  const { threats: options, stateDirectory, tickSeconds } = config;
  if (!options.enabled) return undefined;
  const { clock, random, log } = around;
  const { threats: metrics } = parts.metrics;
  const intake = new AuditIntake((result) => {
    metrics.auditEvents.inc({ result });
  });
  const threatMirror = new ThreatMirror({
    client: parts.client,
    clock,
    random,
    observe: (kind, note) => {
      noteReflector(log, kind, note);
    },
  });
  const receiver = await openReceiver(frame, intake, leadership);
  const watch = new ThreatWatch({
    options,
    tickSeconds,
    clock,
    log,
    file: new JsonStateFile<ThreatState>(join(stateDirectory, 'threats.json'), THREAT_STATE_VERSION),
    telemetry: new ThreatTelemetry({
      metrics,
      recorder: parts.recorder,
      log,
      policiesIn: (namespace) => policiesIn(mirror, namespace),
    }),
    intake,
    cluster: {
      rbac: () => threatMirror.rbac(),
      bindingsProblem: () => threatMirror.problem(),
      namespaces: () => threatMirror.namespaces(),
      pods: mirror.caches.pods,
      policyNamespaces: () => new Set([...mirror.policies.values()].map(({ namespace }) => namespace)),
    },
    refusals: (seconds, signal) => readServerRefusals(parts.prometheus, seconds, signal),
    upkeep: async () => receiver?.renewCertificate(),
  });
  let running = Promise.resolve();
  return {
    watch,
    follow: (signal) => (options.bindings ? threatMirror.run(signal) : Promise.resolve()),
    run: (signal) => {
      running = watch.run(signal);
      return running;
    },
    close: async () => {
      await Promise.all([running, receiver?.close()]);
    },
  };
}

async function openReceiver(
  { config: { threats }, around: { clock, log }, parts }: Frame,
  intake: AuditIntake,
  leadership: Leadership,
): Promise<EventReceiver | undefined> {
  if (threats.receiver === undefined) return undefined;
  const server = await EventReceiver.open(threats.receiver, {
    now: () => clock.now(),
    onAudit: (events) => intake.takeAudit(events, clock.now()),
    onFalco: (alert) => intake.takeAlert(alert, clock.now()),
    isListening: () => leadership.isLeader(),
    onDelivery: ({ path, code, problem }) => {
      parts.metrics.threats.deliveries.inc({ path, code: String(code) });
      if (problem !== undefined) log.warn('Refused what was sent to the receiver', { path, code, problem });
    },
  });
  const port = await server.listen();
  log.info('Takes in audit events and alerts', { port });
  return server;
}

function policiesIn(mirror: ClusterMirror, namespace: string): readonly ToldPolicy[] {
  return [...mirror.policies.values()].filter((policy) => policy.namespace === namespace);
}
