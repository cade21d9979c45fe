import type { ThreatMetrics } from '../../adapters/http/threat-metrics.ts';
import type { Logger } from '../../adapters/log/logger.ts';
import { API_GROUP, API_VERSION, POLICY_KIND } from '../../api/names.ts';
import type { PastThreat } from '../../loop/analyze/threat/past-threat.ts';
import type { ThreatSurvey } from '../../loop/analyze/threat/threat-survey.ts';
import type { OpenThreat } from '../../loop/analyze/threat/threat.ts';
import type { ThreatSource, ThreatView } from '../../loop/analyze/threat/threat-view.ts';
import type { EventRecorder } from '../../runtime/event-recorder.ts';
import type { ObjectReference } from '../../runtime/event-series.ts';

/** Whom to tell: the policies of a namespace. */
export interface ToldPolicy {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** So many policies of a namespace get an Event of their own: the finding is one, and its Events are not to bury others. */
const MAX_TOLD = 10;

export interface TelemetryParts {
  readonly metrics: ThreatMetrics;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly log: Logger;
  readonly policiesIn: (namespace: string) => readonly ToldPolicy[];
}

/** What threats do to the outside: metrics, Events and log lines, and nothing else. */
export class ThreatTelemetry {
  readonly #parts: TelemetryParts;
  #exposed = new Set<string>();

  constructor(parts: TelemetryParts) {
    this.#parts = parts;
  }

  announce(survey: ThreatSurvey): void {
    for (const threat of survey.opened) this.#opened(threat);
    for (const past of survey.closed) this.#closed(past);
    const { log } = this.#parts;
    for (const namespace of survey.frozen) log.warn('Froze a namespace', { namespace });
    for (const namespace of survey.thawed) log.info('Ended the freeze of a namespace', { namespace });
  }

  expose(
    views: ReadonlyMap<string, ThreatView>,
    open: Iterable<OpenThreat>,
    sources: readonly ThreatSource[],
  ): void {
    const { metrics } = this.#parts;
    for (const [namespace, { risk, freeze }] of views) {
      metrics.risk.set({ namespace }, risk);
      metrics.frozen.set({ namespace }, Number(freeze));
      this.#exposed.delete(namespace);
    }
    for (const namespace of this.#exposed) {
      metrics.risk.remove({ namespace });
      metrics.frozen.remove({ namespace });
    }
    this.#exposed = new Set(views.keys());
    metrics.surveys.inc();
    metrics.open.reset();
    for (const { kind, severity } of open) metrics.open.inc({ kind, severity });
    metrics.sources.reset();
    for (const { name, state } of sources) metrics.sources.set({ source: name, state }, 1);
  }

  #opened(threat: OpenThreat): void {
    const { kind, severity, message, regarding } = threat;
    this.#parts.log.warn('Suspects a threat', { kind, severity, what: message, id: threat.id });
    this.#tell([...threat.namespaces.keys()], regarding, {
      type: 'Warning',
      reason: 'ThreatSuspected',
      note: `${kind} (${severity}): ${message}`,
    });
  }

  #closed({ kind, severity, message, id, namespaces }: PastThreat): void {
    this.#parts.log.info('A suspected threat is over', { kind, severity, what: message, id });
    this.#tell(namespaces, undefined, {
      type: 'Normal',
      reason: 'ThreatOver',
      note: `${kind} is over: ${message}`,
    });
  }

  /** About the policies of the namespaces concerned, and about the object itself while it is there. */
  #tell(
    namespaces: readonly string[],
    regarding: ObjectReference | undefined,
    event: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly note: string },
  ): void {
    const { recorder, policiesIn } = this.#parts;
    const objects: ObjectReference[] = namespaces.flatMap((namespace) =>
      policiesIn(namespace)
        .slice(0, MAX_TOLD)
        .map(({ name, uid }) => ({
          apiVersion: `${API_GROUP}/${API_VERSION}`,
          kind: POLICY_KIND,
          namespace,
          name,
          uid,
        })),
    );
    if (regarding !== undefined) objects.push(regarding);
    for (const object of objects) recorder.record({ regarding: object, action: 'WatchForThreats', ...event });
  }
}
