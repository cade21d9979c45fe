import type { Shape, ShapeTable } from './shape-table.ts';
import { ALIGNMENT, FIRST_TYPED_ARRAY, FIRST_VIEW, KIND, MAX_DEPTH, TYPED_ARRAYS } from './value-kinds.ts';

/**
 * The value that a `ValueEncoder` wrote. Typed arrays share a buffer where they did when it was written, and else have
 * one of their own, so that the record's bytes can be freed.
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
  readonly #buffers: ArrayBuffer[] = [];
  readonly #strings = new Map<string, string>();
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
        return this.#number();
      case KIND.string:
        return this.#string();
      default:
        if (kind >= FIRST_VIEW) return this.#sharedView(kind);
        return kind >= FIRST_TYPED_ARRAY ? this.#typedArray(kind) : this.#container(kind, depth);
    }
  }

  /** Small whole numbers need no object on the heap, but for the view's they are given one. */
  #number(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    const whole = value | 0;
    return Object.is(whole, value) ? whole : value;
  }

  /** The same text in one value is one string: keys of series are in several places. */
  #string(): string {
    const text = Buffer.from(this.#take(this.#uint32())).toString();
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    this.#strings.set(text, text);
    return text;
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
    // Each has a byte at least.
    if (length > this.#bytes.length - this.#at) throw new RangeError('the value is cut short');
    if (this.#bytes[this.#at] === KIND.number) return this.#numbers(length, depth);
    // Room for just these: what grows by `push` has room for seventeen.
    const values = new Array<unknown>(length);
    for (let i = 0; i < length; i += 1) values[i] = this.value(depth + 1);
    return values;
  }

  /** Of numbers, at least at first: made apart, for V8 keeps numbers without boxes in arrays made where only numbers are. */
  #numbers(length: number, depth: number): unknown[] {
    const values = new Array<unknown>(length);
    for (let i = 0; i < length; i += 1) values[i] = this.value(depth + 1);
    return values;
  }

  #object(id: number, depth: number): object {
    const shape = this.#shapes.at(id);
    if (shape === undefined) throw new RangeError(`there is no shape ${id}`);
    const fields = { ...blankOf(shape) };
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
    const type = typeOf(kind, FIRST_TYPED_ARRAY);
    const bytes = this.#aligned(this.#uint32());
    const elements = bytes.length / type.BYTES_PER_ELEMENT;
    if (!Number.isInteger(elements)) throw new RangeError('the value ends within a number');
    // Copied as elements: a short array then needs no buffer beside it.
    if (bytes.byteOffset % ALIGNMENT === 0)
      return new type(new type(bytes.buffer as ArrayBuffer, bytes.byteOffset, elements));
    return new type(new Uint8Array(bytes).buffer);
  }

  #sharedView(kind: number): ArrayBufferView {
    const type = typeOf(kind, FIRST_VIEW);
    const number = this.#uint32();
    const offset = this.#uint32();
    const length = this.#uint32();
    if (number === this.#buffers.length) {
      // Not `slice()`: that of a Buffer shares its memory.
      this.#buffers.push(new Uint8Array(this.#aligned(this.#uint32())).buffer);
    }
    const buffer = this.#buffers[number];
    if (buffer === undefined) throw new RangeError(`there is no buffer ${number}`);
    return new type(buffer, offset, length / type.BYTES_PER_ELEMENT);
  }

  #aligned(length: number): Uint8Array {
    this.#at += -this.#at & (ALIGNMENT - 1);
    return this.#take(length);
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

function typeOf(kind: number, first: number): (typeof TYPED_ARRAYS)[number] {
  const type = TYPED_ARRAYS[kind - first];
  if (type === undefined) throw new RangeError(`no kind of value has the number ${kind}`);
  return type;
}

const BLANKS = new WeakMap<Shape, Readonly<Record<string, unknown>>>();

/**
 * An object with the fields of this shape, to be copied. V8 gives one that comes from JSON room for just its fields, and
 * its copies too; one that gets its fields one by one takes half as much memory again.
 */
function blankOf(shape: Shape): Readonly<Record<string, unknown>> {
  let blank = BLANKS.get(shape);
  if (blank === undefined) {
    blank = JSON.parse(
      JSON.stringify(Object.fromEntries(shape.keys.map((key) => [key, 0]))),
    ) as object as Readonly<Record<string, unknown>>;
    BLANKS.set(shape, blank);
  }
  return blank;
}
