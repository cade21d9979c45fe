import { ForecastLog } from './forecast-log.ts';

const shown = (median: number, upper: number): string =>
  [
    '# TYPE autonomic_forecast_upper gauge',
    `autonomic_forecast_upper{namespace="demo",policy="shop",metric="objective.requests"} ${upper}`,
    `autonomic_forecast_peak{namespace="demo",policy="shop",metric="objective.requests"} ${median}`,
  ].join('\n');

describe('the log of forecasts', () => {
  it('has a forecast once, from when it was first seen', () => {
    const log = new ForecastLog();
    log.note(1000, '# nothing yet');
    expect(log.newest).toBeUndefined();
    for (const at of [2000, 5000, 8000]) log.note(at, shown(30, 34.5));
    log.note(11_000, shown(31, 34.5));
    expect(log.newest).toEqual({ at: 11_000, median: 31, upper: 34.5 });
    expect(log.knownAt(10_999)).toEqual({ at: 2000, median: 30, upper: 34.5 });
    expect(log.knownAt(1999)).toBeUndefined();
  });

  it('says of each forecast whether its bound held, and counts it once', () => {
    const log = new ForecastLog();
    log.note(0, shown(30, 34));
    const issued = log.newest!;
    expect(log.judge(issued, 34).held).toBe(true);
    expect(log.judge(issued, 34.1).held).toBe(false);
    expect(log.judged).toHaveLength(1);
  });
});
