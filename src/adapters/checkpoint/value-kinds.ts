// How values are stored. One byte tells the kind; then, little-endian:
//   number        IEEE 754 double
//   string        u32 length in bytes, UTF-8
//   array         u32 length, the elements
//   object        u32 shape, the values of its fields
//   map           u32 size, key and value in turns, in the map's order
//   typed array   u32 length in bytes, zeros up to a multiple of 8 bytes from the value's beginning, the bytes
//   view          u32 number of its buffer in this value, u32 offset and u32 length in bytes; at the first view of a
//                 buffer then u32 length of the buffer in bytes, zeros as above, the bytes of the buffer
export const KIND = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  number: 4,
  string: 5,
  array: 6,
  object: 7,
  map: 8,
} as const;

/** Kinds of typed arrays: this and their place in `TYPED_ARRAYS`. New ones go to the end. */
export const FIRST_TYPED_ARRAY = 16;

/** The same for typed arrays that share their buffer with others. */
export const FIRST_VIEW = 32;

export const TYPED_ARRAYS = [
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
] as const;

/** Of the longest element. */
export const ALIGNMENT = 8;

/** Deeper than any state; what is deeper contains itself. */
export const MAX_DEPTH = 64;
