import type { Shape, ShapeTable } from './shape-table.ts';
import { ALIGNMENT, FIRST_TYPED_ARRAY, FIRST_VIEW, KIND, MAX_DEPTH, TYPED_ARRAYS } from './value-kinds.ts';

const INITIAL_BYTES = 1 << 20;

/** Its kind and itself. */
const NUMBER_BYTES = 9;

/** V8 keeps shorter ones inside the object, and moves them out for good when their buffer is asked for. */
const LONGEST_WITHOUT_BUFFER = 64;

const PLACES: ReadonlyMap<unknown, number> = new Map(
  TYPED_ARRAYS.map((type, place) => [type.prototype, place]),
);

/**
 * Appends plain data to one buffer, which is used again and again. Of V8's own serializer the states of a fleet
 * take some five times as long, for it looks at each object anew and knows no shapes.
 */
export class ValueEncoder {
  readonly #shapes: ShapeTable;
  #bytes = Buffer.from(new ArrayBuffer(INITIAL_BYTES));
  #view = new DataView(this.#bytes.buffer);
  /** The buffer once more as each kind of typed array: `set` between arrays of one kind is a plain copy. */
  #lanes = TYPED_ARRAYS.map((type) => new type(this.#bytes.buffer));
  #end = 0;
  /** Of the value that is being appended: the buffers that several typed arrays share. */
  readonly #buffers: ArrayBufferLike[] = [];

  constructor(shapes: ShapeTable) {
    this.#shapes = shapes;
  }

  /** Bytes since the last `clear`. */
  get length(): number {
    return this.#end;
  }

  /** What was appended since the last `clear`, valid until the next append. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  clear(): void {
    this.#end = 0;
  }

  /** Forgets what was appended after the buffer had this length. */
  cutTo(length: number): void {
    this.#end = length;
  }

  /** Goes on at the next place where any typed array can begin. */
  align(): void {
    const gap = -this.#end & (ALIGNMENT - 1);
    this.#room(gap);
    for (let i = 0; i < gap; i += 1) this.#bytes[this.#end + i] = 0;
    this.#end += gap;
  }

  /** @throws TypeError for what is not plain data: a class, a function, an object that contains itself. */
  append(value: unknown): void {
    this.#buffers.length = 0;
    this.#value(value, undefined, 0);
  }

  /** Returns the shape when it is an object, and of the last element of a list, to guess that of the next in its place. */
  #value(value: unknown, guess: Shape | undefined, depth: number): Shape | undefined {
    if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'object' && value !== null) return this.#object(value, guess, depth + 1);
    else if (typeof value === 'string') this.#string(value);
    else this.#constant(value);
    return undefined;
  }

  #constant(value: unknown): void {
    if (value === undefined) this.#kind(KIND.undefined);
    else if (value === null) this.#kind(KIND.null);
    else if (typeof value === 'boolean') this.#kind(value ? KIND.true : KIND.false);
    else throw new TypeError(`a ${typeof value} is no plain data`);
  }

  #object(value: object, guess: Shape | undefined, depth: number): Shape | undefined {
    if (depth > MAX_DEPTH) throw new TypeError(`nested more than ${MAX_DEPTH} deep, or containing itself`);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return this.#plain(value, guess, depth);
    const place = PLACES.get(prototype);
    if (place !== undefined) {
      this.#typedArray(value as Float64Array, place);
      return undefined;
    }
    if (Array.isArray(value)) return this.#array(value, guess, depth);
    if (value instanceof Map) return this.#map(value, guess, depth);
    throw new TypeError(`an object of class ${value.constructor.name} is no plain data`);
  }

  #plain(value: object, guess: Shape | undefined, depth: number): Shape {
    const shape = this.#shapes.of(value, guess);
    this.#kind(KIND.object);
    this.#uint32(shape.id);
    const { last } = shape;
    // All at once: to read fields one by one by changing names takes twice as long.
    const values: unknown[] = Object.values(value);
    this.#room(NUMBER_BYTES * values.length);
    for (let i = 0; i < values.length; i += 1) {
      const each = values[i];
      if (typeof each === 'number') this.#number(each);
      else last[i] = this.#value(each, last[i], depth) ?? last[i];
    }
    return shape;
  }

  #array(values: readonly unknown[], guess: Shape | undefined, depth: number): Shape | undefined {
    this.#kind(KIND.array);
    this.#uint32(values.length);
    let last = guess;
    for (const value of values) last = this.#value(value, last, depth);
    return last;
  }

  #map(map: ReadonlyMap<unknown, unknown>, guess: Shape | undefined, depth: number): Shape | undefined {
    this.#kind(KIND.map);
    this.#uint32(map.size);
    let last = guess;
    for (const [key, value] of map) {
      this.#value(key, undefined, depth);
      last = this.#value(value, last, depth);
    }
    return last;
  }

  /** `values` may be of any kind; `place` says of which. */
  #typedArray(values: Float64Array, place: number): void {
    const { byteLength, BYTES_PER_ELEMENT } = values;
    if (byteLength > LONGEST_WITHOUT_BUFFER && values.buffer.byteLength > byteLength) {
      this.#viewOf(values, place);
      return;
    }
    this.#kind(FIRST_TYPED_ARRAY + place);
    this.#uint32(byteLength);
    this.align();
    this.#room(byteLength);
    this.#lanes[place]?.set(values, this.#end / BYTES_PER_ELEMENT);
    this.#end += byteLength;
  }

  /** A buffer is written once, whatever part of it this array shows: the others follow. */
  #viewOf({ buffer, byteOffset, byteLength }: Float64Array, place: number): void {
    const known = this.#buffers.lastIndexOf(buffer);
    this.#kind(FIRST_VIEW + place);
    this.#uint32(known < 0 ? this.#buffers.length : known);
    this.#uint32(byteOffset);
    this.#uint32(byteLength);
    if (known >= 0) return;
    this.#buffers.push(buffer);
    this.#uint32(buffer.byteLength);
    this.align();
    this.#room(buffer.byteLength);
    this.#bytes.set(new Uint8Array(buffer), this.#end);
    this.#end += buffer.byteLength;
  }

  #number(value: number): void {
    const end = this.#end;
    this.#room(NUMBER_BYTES);
    this.#bytes[end] = KIND.number;
    this.#view.setFloat64(end + 1, value, true);
    this.#end = end + NUMBER_BYTES;
  }

  #string(text: string): void {
    this.#kind(KIND.string);
    const start = this.#end;
    this.#uint32(0);
    // UTF-8 has at most three bytes for each unit of a string.
    this.#room(3 * text.length);
    const length = this.#bytes.write(text, this.#end);
    this.#view.setUint32(start, length, true);
    this.#end += length;
  }

  #kind(kind: number): void {
    this.#room(1);
    this.#bytes[this.#end] = kind;
    this.#end += 1;
  }

  #uint32(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#end, value, true);
    this.#end += 4;
  }

  #room(bytes: number): void {
    if (this.#end + bytes > this.#bytes.length) this.#grow(this.#end + bytes);
  }

  #grow(wanted: number): void {
    const larger = Buffer.from(new ArrayBuffer(2 ** Math.ceil(Math.log2(wanted))));
    larger.set(this.bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
    this.#lanes = TYPED_ARRAYS.map((type) => new type(larger.buffer));
  }
}
