import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../prometheus/error-reason.ts';

/** What is in the file: the state, and what kind of state it is. */
interface Stored {
  readonly version: number;
  readonly state: unknown;
}

/** How a Map looks in the file. */
interface StoredMap {
  readonly map: readonly (readonly [unknown, unknown])[];
}

/**
 * One small state in a file, replaced as a whole: written beside, synced, renamed. Plain data and Maps; numbers are
 * finite, or become null as JSON has it. It may be lost at any time, and whoever reads it must be content without.
 */
export class JsonStateFile<T> {
  readonly #path: string;
  readonly #version: number;

  /** @param version of the state; a file of another one is not read */
  constructor(path: string, version: number) {
    this.#path = path;
    this.#version = version;
  }

  /**
   * The stored state; undefined when there is none, or one of another version.
   * @throws Error when there is one that cannot be read
   */
  async read(): Promise<T | undefined> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
    const { version, state } = JSON.parse(text, revive) as Stored;
    return version === this.#version ? (state as T) : undefined;
  }

  /** @throws Error when the disk does not take it; the former one is still there then. */
  async write(state: T): Promise<void> {
    const text = JSON.stringify({ version: this.#version, state }, replace);
    await mkdir(dirname(this.#path), { recursive: true });
    const temporary = `${this.#path}.tmp`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
  }
}

function replace(_key: string, value: unknown): unknown {
  return value instanceof Map ? ({ map: [...value] } satisfies StoredMap) : value;
}

function revive(_key: string, value: unknown): unknown {
  return isStoredMap(value) ? new Map(value.map) : value;
}

function isStoredMap(value: unknown): value is StoredMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    'map' in value &&
    Array.isArray(value.map) &&
    Object.keys(value).length === 1
  );
}
