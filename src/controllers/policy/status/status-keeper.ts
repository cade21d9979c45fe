import { isConflict, isInvalid } from '../../../adapters/kubernetes/errors.ts';
import type {
  PolicyKey,
  PolicyStatusWriter,
  StoredStatus,
} from '../../../adapters/kubernetes/policy-status-writer.ts';
import type { PolicyStatus } from '../../../api/policy-status.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { significantPart } from './policy-status.ts';
import { essentialStatus, understoodStatus } from './status-essentials.ts';

/** Numbers that move with every tick are refreshed this often, and no oftener. */
const REFRESH_MS = 60_000;

/** The policy that this status belongs to is gone, or somebody else keeps its status now. */
export class StatusLost extends Error {
  override readonly name = 'StatusLost';
}

type Writer = Pick<PolicyStatusWriter, 'read' | 'write'>;

/** A policy's status: what it should be, what was last written, and the version to name in the next write. */
export class StatusKeeper {
  readonly #writer: Writer;
  readonly #key: PolicyKey;
  readonly #uid: string;
  readonly #clock: Clock;
  #current: PolicyStatus = {};
  #written: PolicyStatus = {};
  /** Of what was written, once it was asked for: a thousand policies ask every tick, and few of them write. */
  #significantWritten: string | undefined;
  #resourceVersion = '';
  #writtenAt = 0;

  constructor(writer: Writer, key: PolicyKey & { readonly uid: string }, clock: Clock) {
    this.#writer = writer;
    this.#key = { namespace: key.namespace, name: key.name };
    this.#uid = key.uid;
    this.#clock = clock;
  }

  get current(): PolicyStatus {
    return this.#current;
  }

  /** What the next `flush` should write. */
  set(status: PolicyStatus): void {
    this.#current = status;
  }

  /** Reads live what is stored now. @throws ApiError, StatusLost */
  async refresh(): Promise<PolicyStatus> {
    this.#current = this.#adopt(await this.#writer.read(this.#key));
    return this.#current;
  }

  /**
   * Compare-and-swap, now. A newer version is accepted as the base only when nobody has begun another decision
   * in it. What the API server finds invalid is written without what decisions do not need.
   * @throws ApiError, StatusLost; the status is then as it was.
   */
  async swap(status: PolicyStatus): Promise<void> {
    try {
      await this.#write(status);
    } catch (error) {
      if (!isConflict(error)) throw error;
      const known = this.#written.pending?.decisionId;
      const stored = this.#adopt(await this.#writer.read(this.#key));
      if (stored.pending?.decisionId !== known) {
        throw new StatusLost('another process has begun a decision for this policy', { cause: error });
      }
      await this.#write(status);
    }
  }

  /** Writes when something that matters has changed, or the numbers have grown old. */
  async flush(): Promise<void> {
    this.#significantWritten ??= significantPart(this.#written);
    const significant = significantPart(this.#current) !== this.#significantWritten;
    if (significant || this.#numbersGrewOld()) await this.swap(this.#current);
  }

  #numbersGrewOld(): boolean {
    if (this.#clock.now() - this.#writtenAt < REFRESH_MS) return false;
    return JSON.stringify(this.#current) !== JSON.stringify(this.#written);
  }

  async #write(status: PolicyStatus): Promise<void> {
    try {
      this.#adopt(await this.#writer.write(this.#key, this.#resourceVersion, status));
    } catch (error) {
      if (!isInvalid(error)) throw error;
      const essentials = essentialStatus(status, error.message, this.#clock.now());
      this.#adopt(await this.#writer.write(this.#key, this.#resourceVersion, essentials));
    }
    this.#current = status;
    this.#setWritten(status);
    this.#writtenAt = this.#clock.now();
  }

  #adopt(stored: StoredStatus): PolicyStatus {
    if (stored.uid !== this.#uid) throw new StatusLost('the policy was deleted and made again');
    this.#resourceVersion = stored.resourceVersion;
    this.#setWritten(understoodStatus(stored.status));
    return this.#written;
  }

  #setWritten(status: PolicyStatus): void {
    this.#written = status;
    this.#significantWritten = undefined;
  }
}
