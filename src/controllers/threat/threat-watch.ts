import type { ThreatOptions } from '../../adapters/audit/options.ts';
import type { RefusalsAnswer } from '../../adapters/audit/server-refusals.ts';
import type { PodRecord } from '../../adapters/kubernetes/records.ts';
import type { NamespaceRecord } from '../../adapters/kubernetes/rbac-records.ts';
import type { Logger } from '../../adapters/log/logger.ts';
import { tallyOfServer } from '../../loop/analyze/threat/audit-tally.ts';
import type { Rbac } from '../../loop/analyze/threat/grants.ts';
import type { PodFact } from '../../loop/analyze/threat/pod-powers.ts';
import type { Criticality } from '../../loop/analyze/threat/risk.ts';
import { createThreatState, type ThreatState } from '../../loop/analyze/threat/threat-state.ts';
import { surveyThreats, type Counted } from '../../loop/analyze/threat/threat-survey.ts';
import { threatView, type ThreatSource, type ThreatView } from '../../loop/analyze/threat/threat-view.ts';
import type { TrafficSample } from '../../loop/analyze/threat/traffic-watch.ts';
import type { Observation } from '../../loop/monitor/observation.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { AuditIntake } from './audit-intake.ts';
import { SILENT_MS, threatSources } from './threat-sources.ts';
import type { ThreatTelemetry } from './threat-telemetry.ts';

/** Where the state is kept between two lives of the process. */
export interface StateFile {
  readonly read: () => Promise<ThreatState | undefined>;
  readonly write: (state: ThreatState) => Promise<void>;
}

export interface ThreatWatchOptions {
  readonly options: ThreatOptions;
  readonly tickSeconds: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly file: StateFile;
  readonly telemetry: ThreatTelemetry;
  readonly intake: AuditIntake;
  /** What is watched; all in memory. */
  readonly cluster: {
    readonly rbac: () => Rbac | undefined;
    readonly bindingsProblem: () => string | undefined;
    readonly namespaces: () => ReadonlyMap<string, NamespaceRecord>;
    /** Complete by the time of the first round. */
    readonly pods: ReadonlyMap<string, PodRecord>;
    /** Namespaces with policies. */
    readonly policyNamespaces: () => ReadonlySet<string>;
  };
  /** Asks for the requests that the API server refused in the last so many seconds. */
  readonly refusals: (seconds: number, signal: AbortSignal) => Promise<RefusalsAnswer>;
  /** Beside each write of the state: what else wants renewing now and then. */
  readonly upkeep: () => Promise<void>;
}

/** How often the API server's metrics are asked for and the state is written. */
const MINUTE_MS = 60_000;

/** Looks for threats, round by round, and knows how things stand in each namespace. Never changes anything in the cluster. */
export class ThreatWatch {
  readonly #options: ThreatWatchOptions;
  #state = createThreatState();
  #sources: readonly ThreatSource[] = [];
  #surveyedAt: number | undefined;
  #minuteAt: number | undefined;
  #server: Counted | undefined;
  #refusals: RefusalsAnswer | undefined;
  #traffic = new Map<string, TrafficSample>();
  #workloads = 0;
  /** Of the last round; many policies share a namespace. */
  readonly #views = new Map<string, ThreatView>();

  constructor(options: ThreatWatchOptions) {
    this.#options = options;
  }

  /** How things stand in a namespace, by the last round. */
  view(namespace: string): ThreatView {
    const known = this.#views.get(namespace);
    if (known !== undefined) return known;
    const criticality = this.#criticality(namespace);
    const view = threatView(this.#state, { name: namespace, criticality }, this.#sources);
    this.#views.set(namespace, view);
    return view;
  }

  /** Takes note of what a workload sends and is asked for; only of what is fresh. */
  observeTraffic({ namespace, name }: PolicyView, { requests, signals }: Observation): void {
    const sent = signals?.networkTransmitBytes;
    const asked = requests?.total;
    if (sent?.quality !== 'Fresh' || asked?.quality !== 'Fresh') return;
    this.#traffic.set(`${namespace}/${name}`, {
      namespace,
      workload: name,
      at: sent.at,
      bytesPerSecond: sent.value,
      requestsPerSecond: asked.value,
    });
  }

  /** A round every `tickSeconds` until the signal aborts; the state is read before and written after. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, tickSeconds } = this.#options;
    await this.#restore();
    while (!signal.aborted) {
      try {
        await this.#everyMinute(signal);
        this.survey();
      } catch (error) {
        // Whoever looks for threats must not stop those who scale.
        this.#options.log.error('A look for threats failed', { error: String(error) });
      }
      await clock.sleep(1000 * tickSeconds, signal).catch(() => undefined);
    }
    await this.#store();
  }

  /** One round. */
  survey(): void {
    const { options, clock, intake, cluster, telemetry } = this.#options;
    const now = clock.now();
    const { tally, alerts, droppedAlerts } = intake.drain();
    if (droppedAlerts > 0) this.#options.log.warn('Dropped alerts: too many in one round', { droppedAlerts });
    const { audit } = intake.lastAt;
    const isHeard = audit !== undefined && now - audit <= SILENT_MS;
    const traffic = this.#drainTraffic();
    const names = cluster.policyNamespaces();
    const survey = surveyThreats(
      this.#state,
      {
        now,
        audit: isHeard ? { tally, seconds: this.#elapsedSeconds() } : undefined,
        server: this.#server,
        rbac: options.bindings ? cluster.rbac() : undefined,
        pods: podFacts(cluster.pods),
        traffic,
        alerts,
        namespaces: new Map([...names].map((name) => [name, this.#criticality(name)])),
      },
      {
        quietMs: 1000 * options.quietSeconds,
        expireMs: 3_600_000 * options.expireHours,
        lookbackMs: 60_000 * options.lookbackMinutes,
      },
    );
    this.#surveyedAt = clock.monotonic();
    this.#server = undefined;
    this.#sources = this.#sourcesAt(now);
    this.#views.clear();
    telemetry.announce(survey);
    const views = new Map([...names].map((name) => [name, this.view(name)]));
    telemetry.expose(views, this.#state.open.values(), this.#sources);
  }

  #sourcesAt(now: number): readonly ThreatSource[] {
    const { options, intake, cluster } = this.#options;
    return threatSources({
      now,
      options,
      state: this.#state,
      bindingsProblem: cluster.bindingsProblem(),
      lastAt: intake.lastAt,
      refusals: this.#refusals,
      traffic: this.#workloads,
    });
  }

  /** Since the last round; what came before the first one was counted in about one interval. */
  #elapsedSeconds(): number {
    const { clock, tickSeconds } = this.#options;
    if (this.#surveyedAt === undefined) return tickSeconds;
    return Math.max(0.001, (clock.monotonic() - this.#surveyedAt) / 1000);
  }

  #drainTraffic(): readonly TrafficSample[] {
    const samples = [...this.#traffic.values()];
    this.#traffic = new Map();
    this.#workloads = samples.length;
    return samples;
  }

  #criticality(namespace: string): Criticality {
    return this.#options.cluster.namespaces().get(namespace)?.criticality ?? 'medium';
  }

  async #everyMinute(signal: AbortSignal): Promise<void> {
    const { clock, options, refusals, upkeep, log } = this.#options;
    const at = clock.monotonic();
    if (this.#minuteAt !== undefined && at - this.#minuteAt < MINUTE_MS) return;
    const isFirst = this.#minuteAt === undefined;
    this.#minuteAt = at;
    if (options.apiServerMetrics) {
      this.#refusals = await refusals(MINUTE_MS / 1000, signal);
      if (!('missing' in this.#refusals)) {
        const { seconds } = this.#refusals;
        this.#server = { tally: tallyOfServer(this.#refusals), seconds };
      }
    }
    // At the first round everything was read a moment ago.
    if (isFirst) return;
    await this.#store();
    await upkeep().catch((error: unknown) =>
      log.warn('Could not renew a certificate', { error: String(error) }),
    );
  }

  async #restore(): Promise<void> {
    const { file, log } = this.#options;
    try {
      const stored = await file.read();
      if (stored !== undefined) this.#state = stored;
    } catch (error) {
      log.warn('Could not read what was known about threats: begins anew', { error: String(error) });
    }
  }

  async #store(): Promise<void> {
    const { file, log } = this.#options;
    await file.write(this.#state).catch((error: unknown) => {
      log.warn('Could not store what is known about threats', { error: String(error) });
    });
  }
}

function* podFacts(pods: ReadonlyMap<string, PodRecord>): Iterable<PodFact> {
  for (const { namespace, createdAt, nodeAccess } of pods.values()) {
    if (nodeAccess !== undefined) yield { namespace, createdAt, ...nodeAccess };
  }
}
