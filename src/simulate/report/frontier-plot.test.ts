import { backtestFixture } from '../../../test/support/backtest-fixture.ts';
import { frontierPlot } from './frontier-plot.ts';

const RESULT = backtestFixture({ traces: 2, days: 5, record: false });

/** Places of the circles with their titles, as drawn for wide screens. */
function points(svg: string): { title: string; x: number; y: number }[] {
  const wide = svg.slice(0, svg.indexOf('frontier narrow'));
  const circles = wide.matchAll(/<g class="point"><circle cx="([\d.]+)" cy="([\d.]+)".*?<title>([^:]*):/g);
  return [...circles].map(([, x, y, title]) => ({ title: title ?? '', x: Number(x), y: Number(y) }));
}

describe('the plot of cost against slow requests', () => {
  test('has a point for each contender, drawn for wide and for narrow screens', () => {
    const { text } = frontierPlot(RESULT);
    expect(text.match(/<g class="point">/g)).toHaveLength(2 * RESULT.summary.length);
    expect(text).toContain('class="frontier wide"');
    expect(text).toContain('class="frontier narrow"');
  });

  test('puts the dearer higher and the slower to the right', () => {
    const drawn = points(frontierPlot(RESULT).text);
    const place = (name: string): { x: number; y: number } => {
      const title = RESULT.summary.find((row) => row.name === name)!.title;
      return drawn.find((point) => point.title === title)!;
    };
    const row = (name: string) => RESULT.summary.find((one) => one.name === name)!;
    expect(row('hpa').medianCostOverOracle).toBeGreaterThan(row('autonomic').medianCostOverOracle);
    expect(place('hpa').y).toBeLessThan(place('autonomic').y);
    expect(row('phpa-holt-winters').medianBadRequestShare).toBeGreaterThan(row('hpa').medianBadRequestShare);
    expect(place('phpa-holt-winters').x).toBeGreaterThan(place('hpa').x);
  });

  test('draws the curve of a knob that was played, at the medians over traces', () => {
    const traces = RESULT.traces.map((trace, index) => ({
      ...trace,
      contenders: trace.contenders.map((one) =>
        one.name === 'hpa'
          ? {
              ...one,
              frontier: [
                { knob: 0.9, costOverOracle: 1.2 + index, badRequestShare: 0.05 },
                { knob: 0.5, costOverOracle: 2 + index, badRequestShare: 0.001 },
              ],
            }
          : one,
      ),
    }));
    const lines = [
      ...frontierPlot({ ...RESULT, traces }).text.matchAll(/<polyline class="curve" points="([^"]+)"/g),
    ];
    expect(lines).toHaveLength(2);
    expect(lines[0]?.[1]?.split(' ')).toHaveLength(2);
  });

  test('has a place for those without any slow request', () => {
    const summary = RESULT.summary.map((row) => ({ ...row, medianBadRequestShare: 0 }));
    expect(frontierPlot({ ...RESULT, summary }).text).not.toMatch(/NaN|Infinity/);
  });
});
