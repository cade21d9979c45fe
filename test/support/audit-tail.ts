import { open } from 'node:fs/promises';
import { parseAudit, type AuditEvent } from '../oracle/audit-log.ts';
import { buildHistory, type History } from '../oracle/history.ts';

/** Follows a growing audit log for the requests that concern one namespace, from the time of its making on. */
export class AuditTail {
  readonly #path: string;
  readonly #namespace: string;
  readonly #events: AuditEvent[] = [];
  #offset = 0;
  #rest = Buffer.alloc(0);

  constructor(path: string, namespace: string) {
    this.#path = path;
    this.#namespace = namespace;
  }

  /** All that happened so far. The API server writes an entry before the caller has its answer. */
  async events(): Promise<readonly AuditEvent[]> {
    const file = await open(this.#path, 'r');
    try {
      const { size } = await file.stat();
      const added = Buffer.alloc(size - this.#offset);
      await file.read(added, 0, added.length, this.#offset);
      this.#offset = size;
      const bytes = Buffer.concat([this.#rest, added]);
      const end = bytes.lastIndexOf('\n') + 1;
      this.#rest = bytes.subarray(end);
      const found = parseAudit(bytes.toString('utf8', 0, end));
      this.#events.push(...found.filter((event) => event.objectRef?.namespace === this.#namespace));
    } finally {
      await file.close();
    }
    return this.#events;
  }

  async history(): Promise<History> {
    return buildHistory(await this.events());
  }
}
