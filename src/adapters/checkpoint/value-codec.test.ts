import fc from 'fast-check';
import { NOW, policyFixture } from '../../../test/support/loop-fixtures.ts';
import { createPolicyState } from '../../loop/state.ts';
import { ShapeTable } from './shape-table.ts';
import { decodeValue } from './value-decoder.ts';
import { ValueEncoder } from './value-encoder.ts';

function encoded(...values: readonly unknown[]): { bytes: Uint8Array; shapes: ShapeTable } {
  const shapes = new ShapeTable();
  const encoder = new ValueEncoder(shapes);
  for (const value of values) encoder.append(value);
  return { bytes: encoder.bytes, shapes: ShapeTable.of(shapes.toJSON()) };
}

function through(value: unknown): unknown {
  const { bytes, shapes } = encoded(value);
  return decodeValue(bytes, shapes);
}

const typedArray = fc.oneof(
  fc.float64Array(),
  fc.float32Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int8Array(),
  fc.uint8Array(),
);

const { plain } = fc.letrec((tie) => ({
  scalar: fc.oneof(
    fc.double(),
    fc.integer(),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(undefined, null, true, false, -0, NaN, Infinity),
  ),
  plain: fc.oneof(
    { depthSize: 'small' },
    tie('scalar'),
    typedArray,
    fc.array(tie('plain'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('plain'),
      { maxKeys: 4, noNullPrototype: true },
    ),
    fc.array(fc.tuple(fc.string(), tie('plain')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
}));

test('what is decoded is what was encoded, for any plain data', () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(through(value)).toStrictEqual(value);
    }),
  );
});

test('fields keep their order', () => {
  const value = [{ b: 1, a: 2 }, { a: 1, b: 2 }, { a: 3 }];
  expect((through(value) as object[]).map(Object.keys)).toEqual([['b', 'a'], ['a', 'b'], ['a']]);
});

test('a decoded array has a buffer of its own', () => {
  const whole = Float64Array.from({ length: 40 }, (_, i) => i);
  const decoded = through({ whole, short: whole.subarray(1, 3) }) as Record<string, Float64Array>;
  expect(decoded).toEqual({ whole, short: new Float64Array([1, 2]) });
  expect([decoded['whole']?.buffer.byteLength, decoded['short']?.buffer.byteLength]).toEqual([320, 16]);
});

test('arrays that share a buffer are stored with it once, and share one again', () => {
  const buffer = new ArrayBuffer(8000);
  const views = {
    first: new Float64Array(buffer, 0, 500).fill(NaN),
    second: new Float32Array(buffer, 4000, 500).fill(2),
    third: new Int32Array(buffer, 6000, 500).fill(-7),
  };
  const other = { of: new Float32Array(new ArrayBuffer(4000), 8, 100).fill(3) };
  const value = [views, other, { again: views.second.subarray(0, 20) }];
  const { bytes, shapes } = encoded(value);
  expect(bytes.length).toBeLessThan(12_300);
  const decoded = decodeValue(bytes, shapes) as [typeof views, typeof other, { again: Float32Array }];
  expect(decoded).toStrictEqual(value);
  const [{ first, second, third }, { of }, { again }] = decoded;
  expect(new Set([first, second, third, of, again].map((array) => array.buffer)).size).toBe(2);
  first[0] = 1;
  expect([second[0], third[499]]).toEqual([2, -7]);
});

test.each([
  ['an array beyond its buffer', (view: DataView) => view.setUint32(9, 9000, true)],
  ['an array that begins within a number', (view: DataView) => view.setUint32(5, 3, true)],
  ['an unknown buffer', (view: DataView) => view.setUint32(1, 1, true)],
])('%s is refused', (_name, damage) => {
  const { bytes, shapes } = encoded(new Float32Array(new ArrayBuffer(4000), 8, 100));
  damage(new DataView(bytes.buffer, bytes.byteOffset));
  expect(() => decodeValue(bytes, shapes)).toThrow(RangeError);
});

test('objects of one shape name their fields once', () => {
  const { shapes } = encoded({ x: 1, y: 2 }, { x: 3, y: 4 }, { inner: { x: 5, y: 6 } });
  expect(shapes.toJSON()).toEqual([['x', 'y'], ['inner']]);
});

test("a policy's state survives", () => {
  const state = createPolicyState(policyFixture({ forecast: {} }), NOW);
  expect(through(state)).toStrictEqual(state);
});

const circular: { self?: unknown } = {};
circular.self = circular;

test.each([
  ['a function', { f: () => 1 }, 'a function is no plain data'],
  ['a bigint', [1n], 'a bigint is no plain data'],
  ['a date', new Date(0), 'an object of class Date is no plain data'],
  ['a set', new Set([1]), 'an object of class Set is no plain data'],
  ['a field that is none', JSON.parse('{"__proto__": 1}'), 'a field called __proto__ is no plain data'],
  ['what contains itself', circular, 'nested more than 64 deep, or containing itself'],
])('%s is refused', (_name, value, message) => {
  expect(() => encoded(value)).toThrow(new TypeError(message));
});

test('what is cut short anywhere is refused, and never read as something else', () => {
  const { bytes, shapes } = encoded({
    a: [1, 'two'],
    b: new Float64Array([3, 4]),
    c: new Map([['d', null]]),
    e: new Float64Array(new ArrayBuffer(200), 8, 20),
  });
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => decodeValue(bytes.subarray(0, length), shapes)).toThrow(RangeError);
  }
  expect(() => decodeValue(Buffer.concat([bytes, Buffer.from([0])]), shapes)).toThrow(
    'bytes after the value',
  );
});
