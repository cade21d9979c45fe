import { readFile } from 'node:fs/promises';

/** One finished request as kube-apiserver logs it (audit.k8s.io/v1 Event, stage ResponseComplete). */
export interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly requestURI: string;
  readonly verb: string;
  readonly user: { readonly username: string; readonly groups?: readonly string[] };
  readonly impersonatedUser?: { readonly username: string };
  readonly userAgent?: string;
  /** Absent for requests that are not about a resource. */
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly apiGroup?: string;
    readonly apiVersion?: string;
  };
  /** Absent when the connection broke before an answer. */
  readonly responseStatus?: { readonly code?: number; readonly reason?: string; readonly message?: string };
  /** Bodies are there at level RequestResponse. A JSON Patch is an array. */
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
  /** RFC 3339 with microseconds. */
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

/**
 * All events of an audit log in the order in which the requests finished.
 * @throws Error with the line number when a line is not JSON: a hole in the evidence must not look like innocence.
 */
export async function readAudit(path: string): Promise<AuditEvent[]> {
  return parseAudit(await readFile(path, 'utf8'));
}

export function parseAudit(text: string): AuditEvent[] {
  // What follows the last line end is still being written, or was cut off with its server.
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete.split('\n').flatMap((line, index) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as AuditEvent];
    } catch (error) {
      throw new Error(`audit log line ${index + 1} is not JSON: ${line.slice(0, 80)}`, { cause: error });
    }
  });
}
