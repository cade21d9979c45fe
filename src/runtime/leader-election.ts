import type { KubeClient } from '../adapters/kubernetes/client.ts';
import { isNotFound } from '../adapters/kubernetes/errors.ts';
import type { KubeObject } from '../adapters/kubernetes/objects.ts';
import type { Clock, Random } from './clock.ts';
import {
  DEFAULT_LEASE_TIMINGS,
  decide,
  JITTER_FACTOR,
  observe,
  releasedRecord,
  validateLeaseTimings,
  type LeaseRecord,
  type LeaseTimings,
  type Observation,
} from './lease.ts';
import { microTime } from './micro-time.ts';

export type ElectionNote =
  | { readonly what: 'Started'; readonly term: number }
  | { readonly what: 'Stopped'; readonly because: string }
  | { readonly what: 'NewLeader'; readonly identity: string }
  | { readonly what: 'Failed'; readonly error: unknown }
  | { readonly what: 'Released' };

export interface LeaderElectionOptions {
  /** One of its own: renewals must not queue behind the rate limit of other requests. */
  readonly client: Pick<KubeClient, 'request'>;
  readonly namespace: string;
  /** Of the Lease; unique to this program, for products that share a name fight for it. */
  readonly name: string;
  /** Unique to this process: the pod's name and a random part. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly timings?: LeaseTimings;
  /** Resolves when no guarded write is under way; asked before the lease is released. */
  readonly whenIdle: () => Promise<void>;
  readonly observe?: (note: ElectionNote) => void;
}

interface LeaseObject extends KubeObject {
  readonly spec?: Partial<LeaseRecord>;
}

type Attempt = 'held' | 'notHeld' | 'failed' | { readonly lost: string };

/**
 * Leader election by a Lease, as client-go's tools/leaderelection. A lease cannot fence by itself: a holder that was
 * stopped for a minute does not know that another took over. So nobody is told "you lead"; whoever is about to
 * write asks `isLeader()` right before it, and the answer turns to no by itself at the renew deadline, measured from
 * the moment the last successful renewal was *sent*. Others take over no sooner than the lease duration after that.
 */
export class LeaderElector {
  readonly #options: LeaderElectionOptions;
  readonly #timings: LeaseTimings;
  readonly #path: string;
  #observed: Observation | undefined;
  /** The Lease as last read or written, for its resource version and for fields that are not ours. */
  #lease: LeaseObject | undefined;
  #fencedUntil = -Infinity;
  #reportedLeader = '';

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#timings = options.timings ?? DEFAULT_LEASE_TIMINGS;
    validateLeaseTimings(this.#timings);
    if (options.identity === '') throw new RangeError('identity: found an empty string; give a unique name');
    this.#path = `/apis/coordination.k8s.io/v1/namespaces/${options.namespace}/leases`;
  }

  /** Steady ms until which this process may act; -Infinity when it does not lead. */
  get fencedUntil(): number {
    return this.#fencedUntil;
  }

  /** May this process write now? `now` is the steady clock. Ask right before each write. */
  isLeader(now: number = this.#options.clock.monotonic()): boolean {
    return now < this.#fencedUntil;
  }

  /** The number of the present holder's term: it grows with each change of holder. */
  get term(): number {
    return this.#observed?.record.leaseTransitions ?? 0;
  }

  /** The last holder seen, or empty. Informational. */
  get leader(): string {
    return this.#observed?.record.holderIdentity ?? '';
  }

  /**
   * Competes, leads, and resolves when leadership was lost or the signal aborted; the process should then end, for
   * what it knows may be old. After an abort the lease is released as soon as guarded work is idle; if that takes
   * longer than the lease, it is left to expire.
   */
  async run(signal: AbortSignal): Promise<'lost' | 'cancelled'> {
    try {
      if (!(await this.#acquire(signal))) return 'cancelled';
      this.#note({ what: 'Started', term: this.term });
      const because = await this.#holdOn(signal);
      this.#fencedUntil = -Infinity;
      this.#note({ what: 'Stopped', because });
      return 'lost';
    } catch (error) {
      if (!signal.aborted) throw error;
      const acted = this.#fencedUntil > -Infinity;
      if (acted) await this.#release();
      return 'cancelled';
    }
  }

  async #acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, random } = this.#options;
    while (!signal.aborted) {
      if ((await this.#attempt(signal)) === 'held') return true;
      await clock.sleep(this.#timings.retryPeriodMs * (1 + random() * JITTER_FACTOR), signal);
    }
    return false;
  }

  /** Renews until it cannot; returns why. Throws when aborted. */
  async #holdOn(signal: AbortSignal): Promise<string> {
    const { clock } = this.#options;
    for (;;) {
      const left = this.#fencedUntil - clock.monotonic();
      await clock.sleep(Math.max(0, Math.min(this.#timings.retryPeriodMs, left)), signal);
      // Checked after the sleep: the process may have been stopped in it.
      if (!this.isLeader()) return 'the lease was not renewed before the deadline';
      const result = await this.#attempt(signal);
      if (typeof result === 'object') return result.lost;
    }
  }

  /** One try to get or keep the lease. Throws only when aborted. */
  async #attempt(signal: AbortSignal): Promise<Attempt> {
    try {
      return (await this.#renewAtOnce(signal)) ?? (await this.#readAndDecide(signal));
    } catch (error) {
      signal.throwIfAborted();
      this.#note({ what: 'Failed', error });
      return 'failed';
    } finally {
      this.#reportLeader();
    }
  }

  /** The usual renewal needs no read: nobody else writes the lease while it is held. Undefined: look first. */
  async #renewAtOnce(signal: AbortSignal): Promise<Attempt | undefined> {
    if (!this.isLeader() || this.#observed === undefined) return undefined;
    const { acquireTime, leaseTransitions } = this.#observed.record;
    try {
      await this.#write({ ...this.#mine(), acquireTime, leaseTransitions }, signal);
      return 'held';
    } catch (error) {
      signal.throwIfAborted();
      this.#note({ what: 'Failed', error });
      return undefined;
    }
  }

  async #readAndDecide(signal: AbortSignal): Promise<Attempt> {
    const { clock, identity } = this.#options;
    const leading = this.isLeader();
    this.#lease = await this.#read(signal);
    const now = clock.monotonic();
    this.#observed =
      this.#lease === undefined ? undefined : observe(this.#observed, recordOf(this.#lease), now);
    const decision = decide({ identity, observed: this.#observed, leading, now, mine: this.#mine() });
    switch (decision.do) {
      case 'wait':
        return 'notHeld';
      case 'stepDown':
        this.#fencedUntil = -Infinity;
        return { lost: decision.because };
      default:
        await this.#write(decision.record, signal);
        return 'held';
    }
  }

  #mine(): Omit<LeaseRecord, 'leaseTransitions'> {
    const now = microTime(this.#options.clock.now());
    return {
      holderIdentity: this.#options.identity,
      leaseDurationSeconds: this.#timings.leaseDurationMs / 1000,
      acquireTime: now,
      renewTime: now,
    };
  }

  async #read(signal?: AbortSignal): Promise<LeaseObject | undefined> {
    try {
      return await this.#send<LeaseObject>(
        { method: 'GET', path: `${this.#path}/${this.#options.name}` },
        signal,
      );
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Writes the record over the lease last seen: its resource version makes that a compare-and-swap. */
  async #write(record: LeaseRecord, signal?: AbortSignal): Promise<void> {
    const { clock, name, namespace } = this.#options;
    const sentAt = clock.monotonic();
    this.#lease =
      this.#lease === undefined
        ? await this.#send<LeaseObject>(
            { method: 'POST', path: this.#path, body: lease(name, namespace, record) },
            signal,
          )
        : await this.#send<LeaseObject>(
            {
              method: 'PUT',
              path: `${this.#path}/${name}`,
              body: { ...this.#lease, spec: { ...this.#lease.spec, ...record } },
            },
            signal,
          );
    this.#observed = { record, at: clock.monotonic() };
    if (record.holderIdentity !== '') this.#fencedUntil = sentAt + this.#timings.renewDeadlineMs;
  }

  /** Half the renew deadline at most, so that one lost request does not cost the lease (as kube-scheduler). */
  #send<T>(request: Parameters<KubeClient['request']>[0], signal?: AbortSignal): Promise<T> {
    const left = this.#fencedUntil - this.#options.clock.monotonic();
    const half = this.#timings.renewDeadlineMs / 2;
    return this.#options.client.request<T>({
      ...request,
      deadlineMs: left > 0 ? Math.min(half, left) : half,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Stops acting first, waits for what is under way, and only then lets others in. */
  async #release(): Promise<void> {
    const { clock, identity } = this.#options;
    const expiresAt = this.#fencedUntil - this.#timings.renewDeadlineMs + this.#timings.leaseDurationMs;
    this.#fencedUntil = -Infinity;
    this.#note({ what: 'Stopped', because: 'the program is ending' });
    try {
      if (!(await this.#idleBefore(expiresAt))) return;
      this.#lease = await this.#read();
      if (this.#lease === undefined || recordOf(this.#lease).holderIdentity !== identity) return;
      await this.#write(releasedRecord(recordOf(this.#lease), microTime(clock.now())));
      this.#note({ what: 'Released' });
    } catch (error) {
      this.#note({ what: 'Failed', error });
    }
  }

  async #idleBefore(deadline: number): Promise<boolean> {
    const { clock, whenIdle } = this.#options;
    const idle = whenIdle().then(() => true);
    const timer = new AbortController();
    const late = clock.sleep(Math.max(0, deadline - clock.monotonic()), timer.signal);
    try {
      return await Promise.race([idle, late.then(() => false)]);
    } finally {
      timer.abort();
    }
  }

  #reportLeader(): void {
    if (this.leader === this.#reportedLeader) return;
    this.#reportedLeader = this.leader;
    if (this.leader !== '') this.#note({ what: 'NewLeader', identity: this.leader });
  }

  #note(note: ElectionNote): void {
    this.#options.observe?.(note);
  }
}

function lease(name: string, namespace: string, spec: LeaseRecord): Record<string, unknown> {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace }, spec };
}

/** Every field may be missing from a Lease that a person wrote. */
function recordOf({ spec = {} }: LeaseObject): LeaseRecord {
  return {
    holderIdentity: spec.holderIdentity ?? '',
    leaseDurationSeconds: spec.leaseDurationSeconds ?? 0,
    acquireTime: spec.acquireTime ?? '',
    renewTime: spec.renewTime ?? '',
    leaseTransitions: spec.leaseTransitions ?? 0,
  };
}
