import { PATH_BINS_PER_DAY, type PathShape } from './path-shape.ts';
import { valueBack, type PathForecaster } from './path-state.ts';

const DAYS = 7;
const sameTime = new Float64Array(DAYS);

/** The profile at the newest bin's time of day: the median of its values on the last seven days at most. */
export function renewProfile(forecaster: PathForecaster, shape: PathShape): void {
  const { slab, step, newestBin } = forecaster;
  const oldest = Math.min(step, shape.historyBins - 1);
  let count = 0;
  for (let day = 0; day < DAYS; day++) {
    const back = day * PATH_BINS_PER_DAY;
    if (back > oldest) break;
    const value = valueBack(forecaster, shape, back);
    if (value !== value) continue;
    let place = count++;
    for (; place > 0 && (sameTime[place - 1] ?? 0) > value; place--)
      sameTime[place] = sameTime[place - 1] ?? 0;
    sameTime[place] = value;
  }
  const high = sameTime[count >> 1] ?? 0;
  const median = count % 2 === 1 ? high : (high + (sameTime[(count >> 1) - 1] ?? 0)) / 2;
  slab[shape.at.profile + phaseOf(newestBin)] = median;
}

export function phaseOf(bin: number): number {
  const phase = bin % PATH_BINS_PER_DAY;
  return phase < 0 ? phase + PATH_BINS_PER_DAY : phase;
}
