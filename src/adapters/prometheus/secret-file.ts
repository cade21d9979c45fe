import { readFile } from 'node:fs/promises';
import { codeOf } from './error-reason.ts';
import { prometheusError, type PrometheusError } from './error.ts';
import { ok, type Result } from './result.ts';

/** Kubernetes renews projected tokens long before they expire; a minute late is early enough. */
const KEEP_MS = 60_000;

/** Text of a file that others renew: read again at most each minute. Its content never enters a message. */
export class SecretFile {
  readonly #path: string;
  readonly #now: () => number;
  #text: string | undefined;
  #readAt = -Infinity;

  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
  }

  async read(): Promise<Result<string, PrometheusError>> {
    const now = this.#now();
    if (this.#text !== undefined && now - this.#readAt < KEEP_MS) return ok(this.#text);
    try {
      const text = await readFile(this.#path, 'utf8');
      if (text.trim() === '') return prometheusError('Credentials', `${this.#path} is empty`);
      this.#text = text;
      this.#readAt = now;
      return ok(text);
    } catch (error) {
      return prometheusError(
        'Credentials',
        `${this.#path} cannot be read: ${codeOf(error) ?? 'unknown error'}`,
      );
    }
  }
}
