import { stemOf, wordsOf } from './words.ts';

/**
 * What operators call the same thing by. Each line is one concept; several words in a row are a phrase. Kept to what
 * autoscaling is about: a wide table finds everything and so nothing.
 */
const CONCEPTS: Readonly<Record<string, string>> = {
  oom: 'oom, out of memory, oom killed, memory exhausted, memory exhaustion, killed by the kernel, exit code 137, 137',
  memory: 'memory, ram, heap, working set, rss, mem',
  leak: 'leak, memory leak, grows without bound, keeps growing, creeping, creeps, growing slowly',
  cpu: 'cpu, processor, cores, compute, millicores',
  throttle: 'throttling, throttled, throttle, cfs quota, held back, capped',
  latency:
    'latency, slow, slowness, response time, duration, p95, p99, sluggish, lag, delay, takes long, tail',
  error: 'error, errors, 5xx, 500, 502, 503, 504, failing requests, bad requests, failures, exceptions',
  load: 'load, traffic, requests, rps, qps, request rate, throughput, demand, visitors, users',
  surge: 'spike, surge, burst, peak, flood, rush, jump, stampede, sudden increase, soars',
  drop: 'drop, fall, falls, dip, plunge, sudden decrease, collapses, vanishes',
  queue: 'queue, backlog, consumer lag, pending messages, piles up, unacked, unprocessed',
  crash:
    'crash, crashloop, crash loop, crash loop back off, restart, restarts, restarting, dies, panics, keeps dying',
  pending:
    'pending, unschedulable, cannot be scheduled, failed scheduling, insufficient, no room, does not fit, stuck waiting',
  node: 'node, nodes, machine, host, vm, instance, worker',
  replica: 'replica, replicas, pods, instances of the service, copies',
  scale: 'scale, scaling, autoscaling, autoscaler, hpa, keda, horizontal pod autoscaler, scale out, scale up',
  rollout:
    'rollout, deploy, deployment, release, new version, revision, rollback, roll back, upgrade, canary',
  probe: 'probe, readiness, liveness, health check, healthcheck, not ready, unready',
  metric: 'metric, metrics, scrape, prometheus, exporter, telemetry, time series, series, monitoring',
  missing: 'missing, absent, no data, nodata, gap, do not come, does not come, stale, disappeared, gone',
  flat: 'flat line, flatline, frozen, stuck value, does not move, constant, never changes, same value',
  cost: 'cost, bill, spend, spending, expensive, invoice, money, budget overrun',
  network: 'network, bandwidth, egress, ingress, packets, received, sent, transmit',
  disk: 'disk, volume, pvc, persistent volume, storage, filesystem, space left',
  database: 'database, db, postgres, mysql, sql, connection pool, connections exhausted',
  dns: 'dns, name resolution, coredns, nxdomain, resolve, lookup, lookups',
  certificate: 'certificate, certificates, tls, x509, ssl, cert, certs',
  image: 'image pull, image pull back off, err image pull, registry, cannot pull, pull the image',
  evict: 'evicted, eviction, evict, drain, drained, preempted, preemption, spot reclaim, spot interruption',
  attack: 'attack, ddos, dos, abuse, bot, bots, scraper, scrapers, malicious',
  retry: 'retry, retries, retry storm, thundering herd, hammering',
};

/** Words of a phrase, stemmed and joined by blanks, to the concept that they name. */
const BY_PHRASE = new Map<string, string>(
  Object.entries(CONCEPTS).flatMap(([concept, phrases]) =>
    phrases.split(', ').map((phrase) => [wordsOf(phrase).map(stemOf).join(' '), `=${concept}`] as const),
  ),
);

/** By its first word, how many words the longest phrase has. */
const LONGEST_FROM = new Map<string, number>();
for (const phrase of BY_PHRASE.keys()) {
  const [first = '', ...others] = phrase.split(' ');
  LONGEST_FROM.set(first, Math.max(1 + others.length, LONGEST_FROM.get(first) ?? 0));
}

/**
 * The concepts that stems name, each with `=` before it so that it is no word. At every place the longest phrase counts:
 * `out of memory` is not about memory in general.
 */
export function conceptsOf(stems: readonly string[]): readonly string[] {
  const concepts: string[] = [];
  for (let at = 0; at < stems.length;) {
    const { concept, length } = longestPhrase(stems, at);
    if (concept !== undefined) concepts.push(concept);
    at += length;
  }
  return concepts;
}

function longestPhrase(
  stems: readonly string[],
  at: number,
): { readonly concept: string | undefined; readonly length: number } {
  const longest = Math.min(LONGEST_FROM.get(stems[at] ?? '') ?? 0, stems.length - at);
  for (let length = longest; length > 0; length -= 1) {
    const concept = BY_PHRASE.get(stems.slice(at, at + length).join(' '));
    if (concept !== undefined) return { concept, length };
  }
  return { concept: undefined, length: 1 };
}
