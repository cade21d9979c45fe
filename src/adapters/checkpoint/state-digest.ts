import { createHash } from 'node:crypto';
import { ShapeTable } from './shape-table.ts';
import { ValueEncoder } from './value-encoder.ts';

/**
 * SHA-256 of everything in a state. Equal for states that cannot be told apart, whatever the order in which their
 * fields came to be; different for any other two, down to the last bit of a number.
 */
export function stateDigest(state: unknown): string {
  const shapes = new ShapeTable();
  const encoder = new ValueEncoder(shapes);
  encoder.append(sorted(state));
  return createHash('sha256').update(encoder.bytes).update(JSON.stringify(shapes)).digest('hex');
}

/**
 * What a state is made of, without its values: names of fields, kinds of values, lengths of typed arrays. A program
 * in which these differ must not read the other's states, even when nobody thought of a new schema version.
 */
export function structureOf(value: unknown): string {
  const hash = createHash('sha256');
  describe(value, (text) => hash.update(text));
  return hash.digest('hex');
}

/** The bits of a NaN depend on how it came to be, and nothing else can tell one from another. */
const NOT_A_NUMBER = '\u0000NaN';
const NAN_64 = 0x7ff8n << 48n;
const NAN_32 = 0x7fc0 << 16;

function sorted(value: unknown): unknown {
  if (typeof value === 'number') return Number.isNaN(value) ? NOT_A_NUMBER : value;
  if (value instanceof Float64Array) return withOneNaN64(value);
  if (value instanceof Float32Array) return withOneNaN32(value);
  // What else lies in a buffer that it shares belongs to others.
  if (value instanceof Int32Array) return value.slice();
  if (Array.isArray(value)) return value.map(sorted);
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [key, sorted(each)]));
  if (!isPlain(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}

function withOneNaN64(values: Float64Array): Float64Array {
  const copy = values.slice();
  const bits = new BigUint64Array(copy.buffer);
  for (const [i, value] of values.entries()) if (Number.isNaN(value)) bits[i] = NAN_64;
  return copy;
}

function withOneNaN32(values: Float32Array): Float32Array {
  const copy = values.slice();
  const bits = new Uint32Array(copy.buffer);
  for (const [i, value] of values.entries()) if (Number.isNaN(value)) bits[i] = NAN_32;
  return copy;
}

function describe(value: unknown, say: (text: string) => void): void {
  if (ArrayBuffer.isView(value)) {
    say(`${value.constructor.name} ${value.byteLength};`);
  } else if (Array.isArray(value)) {
    say('[');
    for (const each of value) describe(each, say);
    say(']');
  } else if (isPlain(value)) {
    for (const name of Object.keys(value).sort()) {
      say(`${name}:`);
      describe(value[name], say);
    }
    say('}');
  } else {
    say(value instanceof Map ? 'Map;' : `${typeof value};`);
  }
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
