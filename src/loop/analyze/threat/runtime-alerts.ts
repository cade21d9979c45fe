import { severityByPrior, type OpenThreat } from './threat.ts';

/** Falco's priorities, from the gravest. */
export const ALERT_PRIORITIES = [
  'Emergency',
  'Alert',
  'Critical',
  'Error',
  'Warning',
  'Notice',
  'Informational',
  'Debug',
] as const;
export type AlertPriority = (typeof ALERT_PRIORITIES)[number];

/** One alert of a sensor on a node. Texts are bounded by whoever read them. */
export interface RuntimeAlert {
  readonly priority: AlertPriority;
  readonly rule: string;
  /** Empty when it is about the node. */
  readonly namespace: string;
  readonly pod: string;
  readonly message: string;
}

/** Chance that an alert of this priority is what it says; those below are not taken in. */
const PRIOR: Partial<Readonly<Record<AlertPriority, number>>> = {
  Emergency: 0.8,
  Alert: 0.8,
  Critical: 0.75,
  Error: 0.6,
  Warning: 0.4,
  Notice: 0.2,
};

interface Alerted {
  readonly since: number;
  seenAt: number;
  count: number;
  readonly alert: RuntimeAlert;
}

export type AlertState = Map<string, Alerted>;

export function createAlertState(): AlertState {
  return new Map();
}

/** Rules times namespaces that are open at the same time; beyond, new ones wait until old ones are over. */
const MAX_OPEN = 256;

/** Takes in what came since, and closes what was quiet. */
export function surveyAlerts(
  state: AlertState,
  alerts: readonly RuntimeAlert[],
  { now, quietMs }: { readonly now: number; readonly quietMs: number },
): OpenThreat[] {
  for (const alert of alerts) {
    if (PRIOR[alert.priority] === undefined) continue;
    const key = `Alert/${alert.namespace}/${alert.rule}`;
    const open = state.get(key);
    if (open !== undefined) {
      open.seenAt = now;
      open.count += 1;
    } else if (state.size < MAX_OPEN) {
      state.set(key, { since: now, seenAt: now, count: 1, alert });
    }
  }
  for (const [key, { seenAt }] of state) if (now - seenAt >= quietMs) state.delete(key);
  return [...state].map(([key, open]) => finding(key, open));
}

function finding(id: string, { since, count, alert }: Alerted): OpenThreat {
  const { priority, rule, namespace, pod, message } = alert;
  const probability = PRIOR[priority] ?? 0;
  return {
    id,
    kind: 'RuntimeAlert',
    severity: severityByPrior(probability),
    probability,
    since,
    message: `${rule} (${priority}${pod === '' ? '' : `, pod ${pod}`}), seen ${count} times`,
    evidence: [message],
    namespaces: namespace === '' ? new Map() : new Map([[namespace, 1]]),
    elsewhere: 0,
  };
}
