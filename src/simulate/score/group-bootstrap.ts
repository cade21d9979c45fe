import { seededRandom } from '../random.ts';
import { median, quantileOfSorted, rising } from './statistics.ts';

/** One value for each trace, gathered by the traces' groups. */
export type GroupedValues = readonly (readonly number[])[];

/**
 * Enough that the ends of a 95 % interval are the 100th value from either side, and do not move in the second digit
 * from seed to seed.
 */
const DRAWS = 4000;

/**
 * 95 % interval of the median over traces by the percentile bootstrap that draws whole groups with replacement: traces
 * of one origin share outages and habits, so that drawing them one by one would claim more evidence than there is
 * (cluster bootstrap; A. Davison and D. Hinkley, "Bootstrap Methods and their Application", 1997, §3.8). With few
 * groups it is too narrow rather than too wide. Undefined with one group: nothing is known about others.
 */
export function medianInterval95(groups: GroupedValues, seed: number): readonly [number, number] | undefined {
  if (groups.length < 2) return undefined;
  const random = seededRandom(seed);
  const medians: number[] = [];
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const drawn = groups.flatMap(() => groups[Math.floor(random() * groups.length)] ?? []);
    medians.push(median(drawn));
  }
  medians.sort(rising);
  return [quantileOfSorted(medians, 0.025), quantileOfSorted(medians, 0.975)];
}
