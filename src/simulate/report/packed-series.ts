import type { RecordedSeries } from '../simulation-run.ts';

/** The same series with `factor` steps in one: mean demand, most replicas, share of all its requests, highest bound. */
export function coarser(series: RecordedSeries, factor: number): RecordedSeries {
  if (factor === 1) return series;
  const { demand, replicas, slowShare, bound } = series;
  return {
    stepSeconds: series.stepSeconds * factor,
    demand: gathered(demand, factor, (from, to) => sumOf(demand, from, to) / (to - from)),
    replicas: gathered(replicas, factor, (from, to) => Math.max(...replicas.subarray(from, to))),
    slowShare: gathered(slowShare, factor, (from, to) => {
      let requests = 0;
      let slow = 0;
      for (let step = from; step < to; step += 1) {
        requests += demand[step] ?? 0;
        slow += (demand[step] ?? 0) * (slowShare[step] ?? 0);
      }
      return requests === 0 ? 0 : slow / requests;
    }),
    ...(bound === undefined
      ? {}
      : { bound: gathered(bound, factor, (from, to) => highest(bound, from, to)) }),
  };
}

/** Base64 of the values as they are, in the machine's order of bytes: little-endian wherever browsers run. */
export function packFloats(values: Float32Array): string {
  return base64(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** Base64 of the values as Uint16: rounded, and within its range. */
export function packWholes(values: Float32Array): string {
  const whole = Uint16Array.from(values, (value) => Math.min(65_535, Math.max(0, Math.round(value))));
  return base64(new Uint8Array(whole.buffer));
}

function gathered(
  values: Float32Array,
  factor: number,
  merge: (from: number, to: number) => number,
): Float32Array {
  return Float32Array.from({ length: Math.ceil(values.length / factor) }, (_, index) =>
    merge(index * factor, Math.min(values.length, (index + 1) * factor)),
  );
}

function sumOf(values: Float32Array, from: number, to: number): number {
  return values.subarray(from, to).reduce((sum, value) => sum + value, 0);
}

/** NaN only where no value is known. */
function highest(values: Float32Array, from: number, to: number): number {
  const known = values.subarray(from, to).filter((value) => !Number.isNaN(value));
  return known.length === 0 ? NaN : Math.max(...known);
}

/** `String.fromCharCode` takes its characters as arguments, of which there may be some 60,000. */
const CHUNK = 8_192;

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return btoa(binary);
}
