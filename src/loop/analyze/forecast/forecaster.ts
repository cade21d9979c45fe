// The front door of the forecast: one state for each series, one way in, one way out.
export { createDemandForecaster, observeDemand, type DemandForecaster } from './forecaster-state.ts';
export { forecastPeak } from './peak-forecast.ts';
