/** The names of an object's fields, in their order. Objects of one shape are stored as their values alone. */
export interface Shape {
  readonly id: number;
  readonly keys: readonly string[];
  /** For each field, the shape that its value had last: almost always the shape that it has now. */
  readonly last: (Shape | undefined)[];
}

/** The shapes of all objects in one checkpoint: ten thousand states have the same few dozen. */
export class ShapeTable {
  readonly #shapes: Shape[] = [];
  readonly #byKeys = new Map<string, Shape>();

  /** @param keys of shape 0, shape 1, … as `toJSON` gave them */
  static of(keys: readonly (readonly string[])[]): ShapeTable {
    const table = new ShapeTable();
    for (const each of keys) table.add(each);
    return table;
  }

  at(id: number): Shape | undefined {
    return this.#shapes[id];
  }

  /** The shape of an object, looked for at `guess` first. */
  of(value: object, guess: Shape | undefined): Shape {
    return guess !== undefined && has(value, guess.keys) ? guess : this.add(Object.keys(value));
  }

  add(keys: readonly string[]): Shape {
    const name = JSON.stringify(keys);
    const known = this.#byKeys.get(name);
    if (known !== undefined) return known;
    // Assigning to it would change what the object is, and not add a field.
    if (keys.includes('__proto__')) throw new TypeError('a field called __proto__ is no plain data');
    const shape = { id: this.#shapes.length, keys, last: keys.map(() => undefined) };
    this.#shapes.push(shape);
    this.#byKeys.set(name, shape);
    return shape;
  }

  toJSON(): readonly (readonly string[])[] {
    return this.#shapes.map(({ keys }) => keys);
  }
}

/** No array is made: this is asked for every object of every state. */
function has(value: object, keys: readonly string[]): boolean {
  let index = 0;
  for (const key in value) {
    if (key !== keys[index]) return false;
    index += 1;
  }
  return index === keys.length;
}
