import type { Verb } from '../verb.ts';
import { FORECAST_HELP } from './forecast-help.ts';

export const forecast: Verb = {
  name: 'evaluate forecast',
  summary: 'Forecast recorded series from many origins, and compare with what came',
  help: FORECAST_HELP,
  async run(args, terminal) {
    const { runForecast } = await import('./run-forecast.ts');
    runForecast(args, terminal);
  },
};
