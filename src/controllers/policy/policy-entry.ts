import type { KubeObject } from '../../adapters/kubernetes/objects.ts';
import { scopeToNamespace, type ScopedQuery } from '../../adapters/prometheus/promql.ts';
import { compileSelector, type SeriesSelector } from '../../adapters/scrape/series-selector.ts';
import {
  API_GROUP,
  API_VERSION,
  EXPECTED_UNTIL_ANNOTATION,
  POLICY_KIND,
  RUNBOOK_ANNOTATION,
  SUSPEND_ANNOTATION,
} from '../../api/names.ts';
import { parsePolicy, type Policy } from '../../api/parse-policy.ts';
import type { PolicyStatus } from '../../api/policy-status.ts';
import { problemText } from '../../api/problem.ts';
import { clip } from '../../api/schema/text.ts';
import { MAX_PASSAGE_LENGTH } from '../../api/status/anomaly.ts';
import type { RequestObjective } from '../../loop/monitor/requests.ts';
import type { PolicyView } from '../../loop/policy-view.ts';

/** The policy's own queries, confined to the namespace. */
export interface PolicyQueries {
  /** In the order of the spec; undefined for resources. */
  readonly metrics: readonly (ScopedQuery | undefined)[];
  /** All requests of the objective, when it is about requests. */
  readonly requests: ScopedQuery | undefined;
  /** What the pods themselves are asked for. */
  readonly scrape: ScrapeQueries | undefined;
}

/** The counters to be read from each pod. */
export interface ScrapeQueries {
  /** A number, or the name of a container's port. */
  readonly port: number | string;
  readonly path: string;
  readonly total: SeriesSelector;
  /** Tells good requests from bad ones. */
  readonly part: { readonly of: 'good' | 'bad'; readonly selector: SeriesSelector } | undefined;
}

interface Identity {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  readonly status: PolicyStatus;
}

/** A policy as the watch delivers it, read once: ready to be evaluated, or with the reason why it cannot be. */
export type PolicyEntry =
  | (Identity & { readonly valid: true; readonly view: PolicyView; readonly queries: PolicyQueries })
  | (Identity & { readonly valid: false; readonly problem: string });

export function policyEntry(object: KubeObject): PolicyEntry {
  // Items of a list carry neither apiVersion nor kind.
  const parsed = parsePolicy({ apiVersion: `${API_GROUP}/${API_VERSION}`, kind: POLICY_KIND, ...object });
  if (!parsed.ok) {
    return { ...rawIdentity(object), valid: false, problem: parsed.problems.map(problemText).join('; ') };
  }
  const { policy } = parsed;
  const identity: Identity = {
    key: `${policy.metadata.namespace}/${policy.metadata.name}`,
    namespace: policy.metadata.namespace,
    name: policy.metadata.name,
    uid: policy.metadata.uid,
    generation: policy.metadata.generation,
    resourceVersion: policy.metadata.resourceVersion,
    status: policy.status,
  };
  const queries = compileQueries(policy);
  return 'problem' in queries
    ? { ...identity, valid: false, problem: queries.problem }
    : { ...identity, valid: true, view: viewOf(policy), queries };
}

function rawIdentity({ metadata }: KubeObject): Identity {
  return {
    key: `${metadata.namespace ?? ''}/${metadata.name}`,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    generation: metadata.generation ?? 0,
    resourceVersion: metadata.resourceVersion ?? '',
    status: {},
  };
}

function viewOf({ metadata, spec }: Policy): PolicyView {
  const runbook = metadata.annotations[RUNBOOK_ANNOTATION]?.trim() ?? '';
  return {
    uid: metadata.uid,
    namespace: metadata.namespace,
    name: metadata.name,
    generation: metadata.generation,
    createdAt: Date.parse(metadata.creationTimestamp),
    suspendedByAnnotation: metadata.annotations[SUSPEND_ANNOTATION] === 'true',
    expectedUntil: timeOrNever(metadata.annotations[EXPECTED_UNTIL_ANNOTATION]),
    ...(runbook === '' ? {} : { runbook: clip(runbook, MAX_PASSAGE_LENGTH) }),
    deleting: metadata.deletionTimestamp !== undefined,
    spec,
  };
}

/** 0 for what is no time: an announcement that cannot be read hides nothing. */
function timeOrNever(text: string | undefined): number {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? 0 : at;
}

/** What the schema cannot know: whether the PromQL parses and stays within the namespace. */
function compileQueries({ metadata, spec }: Policy): PolicyQueries | { readonly problem: string } {
  const problems: string[] = [];
  const compile = (path: string, query: string): ScopedQuery | undefined => {
    const scoped = scopeToNamespace(query, metadata.namespace);
    if (scoped.ok) return scoped.value;
    problems.push(`${path}: ${scoped.error.message}`);
    return undefined;
  };
  const metrics = spec.metrics.map(({ prometheus }, index) =>
    prometheus === undefined
      ? undefined
      : compile(`spec.metrics[${index}].prometheus.query`, prometheus.query),
  );
  for (const [index, { query }] of (spec.objective?.indicators ?? []).entries()) {
    compile(`spec.objective.indicators[${index}].query`, query);
  }
  const objective = spec.objective?.requests;
  const requests = objective && compile('spec.objective.requests.totalQuery', objective.totalQuery);
  if (objective?.badQuery !== undefined) compile('spec.objective.requests.badQuery', objective.badQuery);
  const scrape = objective?.scrape && compileScrape(objective.scrape, problems);
  return problems.length > 0 ? { problem: problems.join('; ') } : { metrics, requests, scrape };
}

/** Adds to `problems` what is wrong; undefined when the selector of all requests is. */
function compileScrape(
  { port, path, total, good, bad }: NonNullable<RequestObjective['scrape']>,
  problems: string[],
): ScrapeQueries | undefined {
  const compile = (field: string, selector: string): SeriesSelector | undefined => {
    const compiled = compileSelector(selector);
    if (compiled.ok) return compiled.value;
    problems.push(`spec.objective.requests.scrape.${field}: ${compiled.error}`);
    return undefined;
  };
  const all = compile('total', total);
  const of = good === undefined ? 'bad' : 'good';
  const text = good ?? bad;
  const selector = text === undefined ? undefined : compile(of, text);
  return all && { port, path, total: all, part: selector && { of, selector } };
}
