import { Agent } from 'undici';
import type { TextEmbedder } from '../../loop/knowledge/text/text-embedder.ts';
import { EmbeddingsError, type EmbeddingsErrorCode } from './error.ts';
import { exchange } from './exchange.ts';
import type { EmbeddingsOptions } from './options.ts';
import { parseVectors } from './parse-vectors.ts';

/** What time, chance and environment are, as arguments. */
export interface EmbeddingsSurroundings {
  readonly environment: Readonly<Partial<Record<string, string>>>;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What another attempt may cure. */
const CURABLE: ReadonlySet<EmbeddingsErrorCode> = new Set(['Unreachable', 'Timeout', 'Busy', 'ServerFailed']);

/** Bound of the first wait, which doubles; the wait itself is uniform below it (full jitter). */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * Client of an OpenAI-compatible `/v1/embeddings` endpoint. One request at a time; texts leave the cluster for wherever
 * `url` points to, which is why there is none by default.
 */
export class EmbeddingsClient implements TextEmbedder {
  readonly space: string;
  readonly dimensions: number;
  readonly #options: EmbeddingsOptions;
  readonly #surroundings: EmbeddingsSurroundings;
  readonly #agent = new Agent({ connections: 1, allowH2: false });

  constructor(options: EmbeddingsOptions, surroundings: EmbeddingsSurroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.space = `${options.model}/${options.dimensions}`;
    this.dimensions = options.dimensions;
  }

  /**
   * One vector for each text, in order, in batches; the deadline is that of each request.
   * @throws EmbeddingsError when one of the batches has no usable answer; the reason of `signal` once it aborts
   */
  readonly embed: TextEmbedder['embed'] = async (texts, signal) => {
    const empty = texts.findIndex((text) => text.trim() === '');
    if (empty >= 0) throw new EmbeddingsError('BadText', `text ${empty} is empty: endpoints refuse those`);
    const { batchSize } = this.#options;
    const vectors: Float32Array[] = [];
    for (let first = 0; first < texts.length; first += batchSize) {
      vectors.push(...(await this.#batch(texts.slice(first, first + batchSize), signal)));
    }
    return vectors;
  };

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #batch(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    const parts = { agent: this.#agent, options: this.#options, key: this.#key() };
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        return parseVectors(await exchange(parts, texts, signal), texts.length, this.dimensions);
      } catch (error) {
        const again = error instanceof EmbeddingsError && CURABLE.has(error.code);
        if (!again || attempt >= this.#options.attempts) throw error;
        await this.#surroundings.sleep(this.#waitMs(attempt, error), signal);
      }
    }
  }

  /** As the server asks, and else a random part of a bound that doubles with each attempt. */
  #waitMs(attempt: number, { retryAfterMs }: EmbeddingsError): number {
    const bound = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
    return Math.max(retryAfterMs ?? 0, this.#surroundings.random() * bound);
  }

  /** Read at each batch: a key that was renewed counts from then on. */
  #key(): string | undefined {
    const { apiKeyVariable } = this.#options;
    if (apiKeyVariable === undefined) return undefined;
    const key = this.#surroundings.environment[apiKeyVariable]?.trim();
    if (key !== undefined && /^[\x21-\x7e]+$/.test(key)) return key;
    const found = key === undefined || key === '' ? 'is not set' : 'holds characters that no key has';
    throw new EmbeddingsError('NoKey', `the environment variable ${apiKeyVariable} ${found}`);
  }
}
