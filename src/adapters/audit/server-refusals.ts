import { type PrometheusClient } from '../prometheus/client.ts';

/** Requests that the API servers refused within a window, over all of them. */
export interface ServerRefusals {
  readonly unauthenticated: number;
  readonly notAllowed: number;
  readonly seconds: number;
}

/** `missing`: why nothing is known. */
export type RefusalsAnswer = ServerRefusals | { readonly missing: string };

/**
 * The API server's own counters. Not `apiserver_request_total`: requests that fail authentication or authorisation end
 * before they are counted there (seen with 1.36). A user or an address is in none of them. Where RBAC does not allow a
 * request, no authorizer has an opinion.
 */
function refusalsQuery(seconds: number): string {
  const sum = (part: string, selector: string): string =>
    `label_replace(sum(increase(${selector}[${seconds}s])), "part", "${part}", "", "")`;
  return [
    sum('attempts', 'authentication_attempts'),
    sum('unauthenticated', 'authentication_attempts{result=~"failure|error"}'),
    sum('notAllowed', 'authorization_attempts_total{result=~"denied|no-opinion|error"}'),
  ].join(' or ');
}

/** Asks once for the last `seconds`; never throws. */
export async function readServerRefusals(
  client: Pick<PrometheusClient, 'instant'>,
  seconds: number,
  signal?: AbortSignal,
): Promise<RefusalsAnswer> {
  const query = refusalsQuery(seconds);
  const answer = await client.instant(signal === undefined ? { query } : { query, signal });
  if (!answer.ok) return { missing: answer.error.message };
  const parts = new Map(answer.value.data.map(({ labels, value }) => [labels.get('part'), value]));
  if (parts.get('attempts') === undefined) return { missing: "the API server's metrics are not scraped" };
  // A counter has no series before it first counts: where the others are, that is none.
  const counts = ['unauthenticated', 'notAllowed'].map((part) => Math.round(parts.get(part) ?? 0));
  const [unauthenticated = NaN, notAllowed = NaN] = counts;
  if (!(unauthenticated >= 0) || !(notAllowed >= 0)) return { missing: 'the counters are no numbers' };
  return { unauthenticated, notAllowed, seconds };
}
