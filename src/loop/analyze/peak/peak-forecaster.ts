import type { PeakWindow } from './bins.ts';
import { createDemandHistory, recordBin, type DemandHistory } from './demand-history.ts';
import { createPeakModel, issuePeak, learnPeak, type PeakModel } from './peak-model.ts';
import { RECENT_BINS } from './recent-bins.ts';

/**
 * Forecasts of the maximum over several windows ahead from one demand series in bins. Plain numbers and typed arrays:
 * `structuredClone` copies it; the same bins give the same state, and nothing later than the newest bin enters it.
 */
export interface PeakForecaster {
  readonly history: DemandHistory;
  /** One for each window, in the order asked for. */
  readonly models: readonly PeakModel[];
}

/** Largest rate that can be meant; squares of it still fit the doubles. */
const MAX_DEMAND = 1e30;

/** @param lagBins Bins from the newest measured one to that in which the decision falls: 3 when data are 30 s old. */
export function createPeakForecaster(windows: readonly PeakWindow[], lagBins: number): PeakForecaster {
  const reach = lagBins + Math.max(...windows.map(({ to }) => to));
  if (!(lagBins >= 1 && reach < RECENT_BINS)) {
    throw new RangeError(
      `a window may end at most ${RECENT_BINS - 1} bins after the newest measured one, found ${reach} with a lag of ${lagBins}: use a shorter window`,
    );
  }
  return {
    history: createDemandHistory(reach),
    models: windows.map((window) => createPeakModel(window, lagBins)),
  };
}

/**
 * Takes in the mean demand of one complete bin, learns from the windows that it completes and makes the next forecasts.
 * Bins come in order; those left out are unknown. False, and nothing changes, for a bin that is not later than the
 * newest, and for what cannot be a rate.
 */
export function observeBin({ history, models }: PeakForecaster, bin: number, value: number): boolean {
  if (!Number.isSafeInteger(bin) || bin <= history.newest) return false;
  if (!(value >= 0 && value <= MAX_DEMAND)) return false;
  recordBin(history, bin, value);
  for (const model of models) {
    learnPeak(model, history);
    issuePeak(model, history);
  }
  return true;
}
