import type { Resource } from './flags.ts';

/** How numbers of a resource are shown. */
export interface Unit {
  readonly name: string;
  readonly perUnit: number;
}

const MEMORY: readonly Unit[] = [
  { name: 'TiB', perUnit: 2 ** 40 },
  { name: 'GiB', perUnit: 2 ** 30 },
  { name: 'MiB', perUnit: 2 ** 20 },
];

const NETWORK: readonly Unit[] = [
  { name: 'GB/s', perUnit: 1e9 },
  { name: 'MB/s', perUnit: 1e6 },
  { name: 'kB/s', perUnit: 1e3 },
];

/** One unit for all numbers of a resource, so that they can be compared: the largest that `most` reaches. */
export function unitOf(resource: Resource, most: number): Unit {
  switch (resource) {
    case 'cpu':
      return { name: 'cores', perUnit: 1 };
    case 'replicas':
      return { name: 'replicas', perUnit: 1 };
    case 'cost':
      return { name: '', perUnit: 1 };
    case 'memory':
      return reached(MEMORY, most);
    case 'network':
      return reached(NETWORK, most);
  }
}

/** Three digits, two decimals at most; money always two. */
export function amount(value: number, { name, perUnit }: Unit): string {
  const shown = value / perUnit;
  if (name === '') return shown.toFixed(2);
  if (shown === 0 || shown >= 100) return shown.toFixed(0);
  if (shown < 0.005) return '<0.01';
  return shown.toFixed(shown < 9.995 ? 2 : 1);
}

function reached(units: readonly Unit[], most: number): Unit {
  return units.find(({ perUnit }) => most >= perUnit) ?? units.at(-1) ?? { name: '', perUnit: 1 };
}
