/**
 * Typed arrays of one forecaster side by side in one buffer: each array with a buffer of its own costs some 200 bytes
 * more, which for a fleet of small forecasters is a third of all. Copies (`structuredClone`) share one buffer again;
 * what is restored from a checkpoint works the same with buffers of its own.
 */
export interface Arena {
  readonly buffer: ArrayBuffer;
  used: number;
}

export function createArena(bytes: number): Arena {
  return { buffer: new ArrayBuffer(bytes), used: 0 };
}

/** @throws RangeError when the arena is too small. */
export function floatsIn(arena: Arena, length: number): Float32Array {
  return new Float32Array(arena.buffer, take(arena, 4, length), length);
}

/** For numbers in two bytes, as in half.ts. */
export function halvesIn(arena: Arena, length: number): Uint16Array {
  return new Uint16Array(arena.buffer, take(arena, 2, length), length);
}

export function integersIn(arena: Arena, length: number): Int32Array {
  return new Int32Array(arena.buffer, take(arena, 4, length), length);
}

function take(arena: Arena, size: number, length: number): number {
  const from = Math.ceil(arena.used / size) * size;
  arena.used = from + size * length;
  return from;
}
