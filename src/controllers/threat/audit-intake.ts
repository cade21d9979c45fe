import type { AuditEvent } from '../../adapters/audit/audit-events.ts';
import { RecentIds } from '../../adapters/audit/recent-ids.ts';
import { createAuditTally, tallyAudit, type AuditTally } from '../../loop/analyze/threat/audit-tally.ts';
import type { RuntimeAlert } from '../../loop/analyze/threat/runtime-alerts.ts';

/** What arrives late after an interruption says nothing of this interval: together it would look like a burst. */
const LATE_MS = 120_000;
/** Alerts that wait for the next round. */
const MAX_ALERTS = 1000;

/** What the receiver took in since the last round: counts, not events, so that a flood has nowhere to pile up. */
export class AuditIntake {
  readonly #ids = new RecentIds();
  readonly #onEvent: (result: 'Taken' | 'Repeated' | 'Late') => void;
  #tally = createAuditTally();
  #alerts: RuntimeAlert[] = [];
  #droppedAlerts = 0;
  #lastAuditAt: number | undefined;
  #lastAlertAt: number | undefined;

  constructor(onEvent: (result: 'Taken' | 'Repeated' | 'Late') => void) {
    this.#onEvent = onEvent;
  }

  /** When audit events and alerts came last, ms since the epoch; undefined while none did. */
  get lastAt(): { readonly audit: number | undefined; readonly alert: number | undefined } {
    return { audit: this.#lastAuditAt, alert: this.#lastAlertAt };
  }

  /** @param now ms since the epoch */
  takeAudit(events: readonly AuditEvent[], now: number): void {
    this.#lastAuditAt = now;
    for (const { id, at, fact } of events) {
      if (!this.#ids.add(id)) this.#onEvent('Repeated');
      else if (at < now - LATE_MS) this.#onEvent('Late');
      else {
        this.#onEvent('Taken');
        tallyAudit(this.#tally, fact);
      }
    }
  }

  takeAlert(alert: RuntimeAlert, now: number): void {
    this.#lastAlertAt = now;
    if (this.#alerts.length < MAX_ALERTS) this.#alerts.push(alert);
    else this.#droppedAlerts += 1;
  }

  /** What came since the last call. */
  drain(): {
    readonly tally: AuditTally;
    readonly alerts: readonly RuntimeAlert[];
    readonly droppedAlerts: number;
  } {
    const drained = { tally: this.#tally, alerts: this.#alerts, droppedAlerts: this.#droppedAlerts };
    this.#tally = createAuditTally();
    this.#alerts = [];
    this.#droppedAlerts = 0;
    return drained;
  }
}
