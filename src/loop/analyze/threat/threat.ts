import type { Severity } from '../anomaly/anomaly.ts';

/**
 * 'BruteForce': bursts of refused requests. 'PrivilegeEscalation': new rights by which everything else can be had.
 * 'Exfiltration': data leaving in an unusual way. 'RuntimeAlert': what a sensor on the nodes reported.
 */
export type ThreatKind = 'BruteForce' | 'PrivilegeEscalation' | 'Exfiltration' | 'RuntimeAlert';

/** The API object that a finding is about. */
export interface ThreatObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

/** A finding that is not over. Times in ms since the epoch. */
export interface OpenThreat {
  /** The same for as long as it is open. */
  readonly id: string;
  readonly kind: ThreatKind;
  readonly severity: Severity;
  /** Chance that this is an attack or a grave mistake, 0…1: see docs/threats.md for where each comes from. */
  readonly probability: number;
  /** How often a count like this comes by chance; absent where nothing was counted. */
  readonly p?: number;
  readonly since: number;
  readonly message: string;
  /** What was seen, one short text each. */
  readonly evidence: readonly string[];
  /** How far it concerns a namespace, 0…1. */
  readonly namespaces: ReadonlyMap<string, number>;
  /** How far it concerns all others. */
  readonly elsewhere: number;
  readonly regarding?: ThreatObject;
}

/** Of what concerns one place, so much concerns the places around it: enough to be told, too little to freeze alone. */
export const SPREAD = 0.5;

/** The first letters of a service account's user name; namespace and name follow. */
const SERVICE_ACCOUNT = 'system:serviceaccount:';

/** Where the user lives; undefined for people and nodes. */
export function homeOf(user: string): string | undefined {
  if (!user.startsWith(SERVICE_ACCOUNT)) return undefined;
  const [namespace] = user.slice(SERVICE_ACCOUNT.length).split(':');
  return namespace === '' ? undefined : namespace;
}

/** Severity of what is no count: by how often it is what it looks like. */
export function severityByPrior(probability: number): Severity {
  if (probability >= 0.6) return 'High';
  return probability >= 0.4 ? 'Medium' : 'Low';
}
