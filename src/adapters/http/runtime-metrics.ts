import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const CONTROLLER = ['controller'] as const;
const QUEUE = ['name'] as const;

/** client-go's buckets for queues: a tick of work takes milliseconds, a stuck one minutes. */
const QUEUE_BUCKETS = [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100];

/**
 * The names of controller-runtime and client-go, so that existing dashboards and alerts work
 * (controller-runtime pkg/internal/controller/metrics, client-go util/workqueue and tools/leaderelection).
 */
export class RuntimeMetrics {
  readonly reconciles: Counter<'controller' | 'result'>;
  readonly reconcileErrors: Counter<'controller'>;
  readonly reconcileSeconds: Histogram<'controller'>;
  readonly maxConcurrent: Gauge<'controller'>;
  readonly apiRequests: Counter<'code' | 'method' | 'host'>;
  readonly leading: Gauge<'name'>;
  readonly queueAdds: Counter<'name'>;
  readonly queueRetries: Counter<'name'>;
  readonly queueWaitSeconds: Histogram<'name'>;
  readonly queueWorkSeconds: Histogram<'name'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.reconciles = new Counter({
      name: 'controller_runtime_reconcile_total',
      help: 'Reconciliations by controller and result.',
      labelNames: ['controller', 'result'],
      registers,
    });
    this.reconcileErrors = new Counter({
      name: 'controller_runtime_reconcile_errors_total',
      help: 'Reconciliations that failed.',
      labelNames: CONTROLLER,
      registers,
    });
    this.reconcileSeconds = new Histogram({
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'Time of a reconciliation, with its requests.',
      labelNames: CONTROLLER,
      registers,
    });
    this.maxConcurrent = new Gauge({
      name: 'controller_runtime_max_concurrent_reconciles',
      help: 'Reconciliations that may run at the same time.',
      labelNames: CONTROLLER,
      registers,
    });
    this.apiRequests = new Counter({
      name: 'rest_client_requests_total',
      help: 'Requests to the API server by status code, method and host.',
      labelNames: ['code', 'method', 'host'],
      registers,
    });
    this.leading = new Gauge({
      name: 'leader_election_master_status',
      help: '1 while this process holds the lease.',
      labelNames: QUEUE,
      registers,
    });
    this.queueAdds = new Counter({
      name: 'workqueue_adds_total',
      help: 'Keys added to the queue.',
      labelNames: QUEUE,
      registers,
    });
    this.queueRetries = new Counter({
      name: 'workqueue_retries_total',
      help: 'Keys added again after a failure.',
      labelNames: QUEUE,
      registers,
    });
    this.queueWaitSeconds = new Histogram({
      name: 'workqueue_queue_duration_seconds',
      help: 'Time that a key waits before it is worked on.',
      labelNames: QUEUE,
      buckets: QUEUE_BUCKETS,
      registers,
    });
    this.queueWorkSeconds = new Histogram({
      name: 'workqueue_work_duration_seconds',
      help: 'Time that work on a key takes.',
      labelNames: QUEUE,
      buckets: QUEUE_BUCKETS,
      registers,
    });
  }
}
