import { Dft } from '../../src/simulate/rivals/crane-dft.ts';
import type { Signal } from '../../src/simulate/rivals/crane-estimators.ts';

export const DAY = 1440;
export const WEEK = 7 * DAY;
export const wave = (minute: number, period: number): number => Math.sin((2 * Math.PI * minute) / period);

/** Series by formula, so that gocrane/crane v0.11.0 could be given the same: what it answered is in `CRANE_REFERENCES`. */
const shapes = {
  daily: (i: number, noise: number) =>
    200 + 120 * Math.sin((2 * Math.PI * i) / DAY - 1) + 40 * wave(i, DAY / 2) + 15 * wave(i, 97) + 30 * noise,
  small: (i: number, noise: number) => 3 + 2 * wave(i, DAY) + noise,
  rising: (i: number, noise: number) => 100 + i / 100 + 50 * wave(i, DAY) + 20 * noise,
  patterned: (_: number, noise: number) => 200 + 30 * noise,
};

export const craneSeries = (shape: keyof typeof shapes): Float64Array =>
  Float64Array.from({ length: WEEK }, (_, i) => shapes[shape](i, ((i * i * 7919 + i * 31) % 1009) / 1009));

export function signalOf(samples: Float64Array): Signal {
  const dft = new Dft(samples.length);
  return { samples, dft, spectrum: dft.forward(samples) };
}

/** Of gocrane/crane v0.11.0, for series of a week. */
export const CRANE_REFERENCES = [
  {
    shape: 'daily',
    period: DAY,
    percentiles: [342.03271473143604, 32.25029376983744],
    errors: [0.16306, 0.14546, 0.1781, 0.21885, 0.19137, 0.16026, 0.18992, 0.22793],
    best: 1,
    estimate: [133.38281417040722, 211.39544330316346, 344.59891770231724, 122.22024740595735],
  },
  {
    shape: 'small',
    period: DAY,
    percentiles: [5.981569823160946, 1.02438807234584],
    errors: [0.22432, 0.16954, 0.19096, 0.22656, 0.25012, 0.1952, 0.21142, 0.2422],
    best: 1,
    estimate: [3.880961744427135, 4.7706956323313205, 3.731832881274423, 3.91448938839919],
  },
  {
    shape: 'rising',
    period: DAY,
    percentiles: [257.3242684147111, 63.52594672709509],
    errors: [0.32161, 0.07347, 0.07534, 0.11214, 0.3046, 0.06924, 0.07643, 0.1149],
    best: 5,
    estimate: [216.1253623420884, 238.96067130285684, 217.6275627227883, 179.03339323883074],
  },
  {
    // The formula of the noise repeats itself: 504 is one of its periods, and not one that crane uses.
    shape: 'patterned',
    period: 504,
    percentiles: [229.94053518334985, 200],
    errors: [0.08061, 0.10119, 0.15124, 0.2012, 0.09587, 0.10202, 0.15111, 0.20115],
    best: 0,
    estimate: [217.45470277160706, 218.04758057397024, 214.44318555450863, 218.0686689841946],
  },
] as const;
