import { stateDigest, structureOf } from './state-digest.ts';

const bits = (...words: readonly number[]): Float32Array => new Float32Array(new Uint32Array(words).buffer);

test.each([
  ['in which the fields came in another order', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
  ['in which a NaN has other bits', { a: bits(0x7fc00000) }, { a: bits(0xffc00001) }],
])('states %s have one digest', (_name, one, other) => {
  expect(stateDigest(one)).toBe(stateDigest(other));
  expect(stateDigest(one)).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ['a value', { a: 1 }, { a: 1 + Number.EPSILON }],
  ['the sign of zero', { a: 0 }, { a: -0 }],
  ['the name of a field', { a: 1 }, { b: 1 }],
  ['the place of a value', { a: 1, b: 2 }, { a: 2, b: 1 }],
  ['a field that is there and undefined', { a: undefined }, {}],
  ['the kind of an array', { a: new Float64Array(1) }, { a: new Float32Array(2) }],
  ['an element', { a: new Float64Array([1, NaN]) }, { a: new Float64Array([1, 2]) }],
  [
    'the order of a map',
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
    new Map([
      ['b', 2],
      ['a', 1],
    ]),
  ],
])('states that differ in %s have different digests', (_name, one, other) => {
  expect(stateDigest(one)).not.toBe(stateDigest(other));
});

test.each([
  ['the values', { a: 1, b: new Float64Array([1, 2]) }, { a: 2, b: new Float64Array([3, 4]) }, true],
  ['the contents of a map', { m: new Map([['a', 1]]) }, { m: new Map() }, true],
  ['the length of an array', { b: new Float64Array(2) }, { b: new Float64Array(3) }, false],
  ['the kind of a value', { a: undefined }, { a: 1 }, false],
  ['the fields', { a: 1 }, { a: 1, b: 1 }, false],
  ['the depth', { a: { b: 1 }, c: 1 }, { a: { b: 1, c: 1 } }, false],
])('structure: states that differ in %s', (_name, one, other, same) => {
  expect(structureOf(one) === structureOf(other)).toBe(same);
});
