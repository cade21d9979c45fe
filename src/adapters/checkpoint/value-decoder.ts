import type { ShapeTable } from './shape-table.ts';
import { ALIGNMENT, FIRST_TYPED_ARRAY, KIND, MAX_DEPTH, TYPED_ARRAYS } from './value-kinds.ts';

/**
 * The value that a `ValueEncoder` wrote. Each typed array gets a buffer of its own, so that the record's bytes can be
 * freed.
 * @throws RangeError when the bytes are no such value
 */
export function decodeValue(bytes: Uint8Array, shapes: ShapeTable): unknown {
  const decoder = new Decoder(bytes, shapes);
  const value = decoder.value(0);
  if (!decoder.atEnd) throw new RangeError('there are bytes after the value');
  return value;
}

class Decoder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #shapes: ShapeTable;
  #at = 0;

  constructor(bytes: Uint8Array, shapes: ShapeTable) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#shapes = shapes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new RangeError(`nested more than ${MAX_DEPTH} deep`);
    const kind = this.#view.getUint8(this.#at);
    this.#at += 1;
    switch (kind) {
      case KIND.undefined:
        return undefined;
      case KIND.null:
        return null;
      case KIND.false:
        return false;
      case KIND.true:
        return true;
      case KIND.number:
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8, true);
      case KIND.string:
        return Buffer.from(this.#take(this.#uint32())).toString();
      default:
        return kind >= FIRST_TYPED_ARRAY ? this.#typedArray(kind) : this.#container(kind, depth);
    }
  }

  #container(kind: number, depth: number): unknown {
    const size = this.#uint32();
    switch (kind) {
      case KIND.array:
        return this.#array(size, depth);
      case KIND.object:
        return this.#object(size, depth);
      case KIND.map:
        return this.#map(size, depth);
      default:
        throw new RangeError(`no kind of value has the number ${kind}`);
    }
  }

  #array(length: number, depth: number): unknown[] {
    const values: unknown[] = [];
    for (let i = 0; i < length; i += 1) values.push(this.value(depth + 1));
    return values;
  }

  #object(id: number, depth: number): object {
    const shape = this.#shapes.at(id);
    if (shape === undefined) throw new RangeError(`there is no shape ${id}`);
    const fields: Record<string, unknown> = {};
    for (const key of shape.keys) fields[key] = this.value(depth + 1);
    return fields;
  }

  #map(size: number, depth: number): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    for (let i = 0; i < size; i += 1) {
      const key = this.value(depth + 1);
      map.set(key, this.value(depth + 1));
    }
    return map;
  }

  #typedArray(kind: number): ArrayBufferView {
    const type = TYPED_ARRAYS[kind - FIRST_TYPED_ARRAY];
    if (type === undefined) throw new RangeError(`no kind of value has the number ${kind}`);
    const length = this.#uint32();
    this.#at += -this.#at & (ALIGNMENT - 1);
    // Not `slice()`: that of a Buffer shares its memory.
    const own = new Uint8Array(this.#take(length));
    return new type(own.buffer);
  }

  #uint32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  #take(length: number): Uint8Array {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError('the value is cut short');
    return this.#bytes.subarray(start, this.#at);
  }
}
