import type { TextDocument } from '../../src/loop/knowledge/text/text-index.ts';

/** A runbook, and what people and alerts call what it is about. Written with no regard to how it is searched. */
interface SearchedRunbook {
  readonly title: string;
  readonly text: string;
  readonly queries: readonly string[];
}

/** Twelve runbooks of the kind that teams have, with three paraphrased questions each. */
export const RUNBOOKS: Readonly<Record<string, SearchedRunbook>> = {
  'crash-looping': {
    title: 'KubePodCrashLooping',
    text: `# KubePodCrashLooping
## Meaning
A container of the pod starts, exits, and is started again by the kubelet with growing delays.
## Impact
Fewer replicas serve than were ordered; during a rollout the new version may not come up at all.
## Diagnosis
Look at the exit code and the log of the previous container:
\`\`\`
# the reason is in Last State
kubectl describe pod $POD
kubectl logs $POD --previous
\`\`\`
Exit code 1 is usually configuration; a missing Secret or environment variable shows in the first lines.
## Mitigation
Roll back to the last good revision, or correct the ConfigMap and restart.`,
    queries: [
      'Pod is in waiting state (reason: "CrashLoopBackOff")',
      'container keeps dying right after it was started',
      'why does my pod restart over and over',
    ],
  },
  'oom-killed': {
    title: 'Containers killed for memory',
    text: `# Containers killed for memory
## Meaning
The container used more than its memory limit, and the kernel's OOM killer ended it (exit code 137).
## Diagnosis
Compare container_memory_working_set_bytes with the limit. A curve that rises with every hour and never falls is a leak;
one that follows the traffic is a limit that is too small. Heap dumps of the JVM are written to /dumps.
## Mitigation
Raise the limit by a quarter and open a ticket with the team that owns the service. For a leak, restart pods one at a
time outside of peak hours until the fix is released.`,
    queries: [
      'OOMKilled exit code 137',
      'heap keeps growing until the pod is killed',
      'RAM of the longest running pod creeps up towards its limit',
    ],
  },
  'cpu-throttling': {
    title: 'CPUThrottlingHigh',
    text: `# CPUThrottlingHigh
## Meaning
The CFS quota holds the container back in more than a quarter of its periods, although the node may have idle cores.
## Impact
Tail latency: a request that meets an exhausted quota waits for the next period of 100 ms.
## Mitigation
Raise or remove the CPU limit and keep the request. Do not add replicas for it: each of them would be throttled as well
when its threads burst. Set GOMAXPROCS to the limit for Go programs.`,
    queries: [
      '42% throttling of CPU in namespace shop for container web',
      'processor quota slows the service down although the machine is idle',
      'p99 spikes because containers hit their core limit',
    ],
  },
  'max-replicas': {
    title: 'Autoscaler at its maximum',
    text: `# Autoscaler at its maximum
## Meaning
The policy wants more pods than maxReplicas allows, for more than fifteen minutes.
## Impact
The service may be overloaded: watch the share of bad requests and the queue in front of the workers.
## Mitigation
If the load is legitimate, raise maxReplicas in steps of a third and look at the namespace's ResourceQuota and the
database's connection limit first. If one client causes it, limit that client at the gateway.`,
    queries: [
      'HPA has been running at max replicas for longer than 15 minutes',
      'we cannot scale out any further, the upper bound is reached',
      'more copies needed than allowed',
    ],
  },
  unschedulable: {
    title: 'Pods stay Pending',
    text: `# Pods stay Pending
## Meaning
The scheduler finds no node with enough free CPU, memory or GPU for the pod's requests, or taints and affinity rules leave none.
## Diagnosis
kubectl describe pod shows the event FailedScheduling with the count of nodes and what each of them lacks.
## Mitigation
Check that the cluster autoscaler is not at its own maximum and that the cloud has capacity in the zone. Lower
over-sized requests. As a last resort lower the priority of batch jobs so that they are preempted.`,
    queries: [
      '0/12 nodes are available: insufficient cpu',
      'new pods are not placed on any machine',
      'scale-up stuck, no room in the cluster',
    ],
  },
  'node-lost': {
    title: 'KubeNodeNotReady',
    text: `# KubeNodeNotReady
## Meaning
The kubelet of a node has not reported for forty seconds. After five minutes its pods are evicted and made anew elsewhere.
## Impact
Capacity is lost at once; the replacements need their whole start-up time.
## Diagnosis
Is the machine reachable by SSH? Is its disk full, or was the spot instance reclaimed by the provider?
## Mitigation
Cordon and drain it, then terminate the instance; the node group starts another.`,
    queries: [
      'Node has been unready for more than 15 minutes',
      'a VM died and took four of our pods along',
      'spot interruption, replicas vanished together with the host',
    ],
  },
  'scrape-missing': {
    title: 'Metrics are missing',
    text: `# Metrics are missing
## Meaning
Prometheus has no samples of the service: the target is down, the ServiceMonitor's labels do not match, or a network policy
blocks the port.
## Impact
Autoscaling holds the present replicas. Alerts on this service do not fire either.
## Diagnosis
Open the targets page and look for up == 0. Query absent(http_requests_total{job="web"}).
## Mitigation
Restore the labels or the port name. If the exporter sidecar has died, restart it.`,
    queries: [
      'the load and the latency do not come any more',
      'no data from exporter for the last ten minutes',
      'time series disappeared from prometheus',
    ],
  },
  'queue-lag': {
    title: 'Kafka consumer lag grows',
    text: `# Kafka consumer lag grows
## Meaning
Messages arrive faster than the consumer group commits them.
## Diagnosis
Is the lag on one partition only? Then a poison message blocks it: look for the same offset in the error log. On all
partitions it is missing throughput. More consumers than partitions do not help.
## Mitigation
Skip the poison message to the dead letter topic. Otherwise add consumers up to the number of partitions, then partitions.`,
    queries: [
      'the queue is 48000 where 120 is usual',
      'backlog of unprocessed events piles up',
      'workers do not keep up with the topic',
    ],
  },
  'error-burn': {
    title: 'ErrorBudgetBurn',
    text: `# ErrorBudgetBurn
## Meaning
The service answers with so many 5xx that the monthly error budget would be gone within days.
## Diagnosis
Which route, which version, which dependency? Compare the error share by version label: a canary that fails shows at once.
## Mitigation
Roll the release back first and ask questions later. If a dependency fails, open its circuit breaker and serve the cached
answer.`,
    queries: [
      'the share of bad requests is 7 % where 0.2 % is usual',
      'users see internal server errors since the deploy',
      'SLO is being violated, many 503 responses',
    ],
  },
  'database-pool': {
    title: 'Database connection pool exhausted',
    text: `# Database connection pool exhausted
## Meaning
All connections to PostgreSQL are in use, and requests wait for one.
## Impact
Latency rises in steps of the pool's timeout. Adding replicas makes it worse, as each opens its own pool.
## Diagnosis
SELECT state, count(*) FROM pg_stat_activity GROUP BY 1; sessions that are idle in transaction are leaked ones.
## Mitigation
Kill idle transactions, put PgBouncer in front, lower the pool size of each replica.`,
    queries: [
      'too many clients already: postgres',
      'requests wait for a free SQL connection',
      'DB pool timeouts after scaling up',
    ],
  },
  'traffic-flood': {
    title: 'Flood of requests from few clients',
    text: `# Flood of requests from few clients
## Meaning
The request rate is many times the usual, and most of it comes from a few addresses or one API key: a scraper, an attack, or
a client that retries without backoff.
## Mitigation
Block or limit them at the ingress (nginx.ingress.kubernetes.io/limit-rps) and in the CDN. Do not scale for it. For a retry
storm ask the client's team to add jitter, and return 429 with Retry-After.`,
    queries: [
      'DDoS suspected, rps exploded',
      'the load is 9000 where 400 is usual',
      'thundering herd of retries hammering the API',
    ],
  },
  'cost-rise': {
    title: 'Namespace costs more than planned',
    text: `# Namespace costs more than planned
## Meaning
Replicas × price of the last day is far above the median of the last two weeks.
## Diagnosis
Which workload grew? kubectl autonomic explain says why each decision was made. Often minReplicas was raised for a
campaign and never lowered again, or a staging environment was forgotten.
## Mitigation
Lower minReplicas, move to spot nodes, delete what nobody uses. Tell finance when growth is real.`,
    queries: [
      'our bill went up, what do I do',
      'spending of the namespace is unusual',
      'forgotten staging environment wastes money',
    ],
  },
};

export function runbookDocument(id: string, namespace: string | null = null): TextDocument {
  const runbook = RUNBOOKS[id];
  if (runbook === undefined) throw new Error(`there is no runbook ${id}`);
  return { id, namespace, title: runbook.title, text: runbook.text };
}
