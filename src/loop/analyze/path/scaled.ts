import type { PathForecaster } from './path-state.ts';

/** Large values are compared by their ratio, small ones by their difference. Unscaled while no scale is known. */
export function toScaled({ scale }: PathForecaster, value: number): number {
  return scale === 0 ? value : Math.asinh(value / scale);
}

export function fromScaled({ scale }: PathForecaster, z: number): number {
  return scale === 0 ? z : scale * Math.sinh(z);
}
