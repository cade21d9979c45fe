import {
  formatCostChange,
  formatCostChanges,
  formatCount,
  formatDuration,
  formatInterval,
  formatKnob,
  formatOf,
  formatPlural,
  formatPValue,
  formatRatio,
  formatShare,
} from './format.ts';

describe('figures', () => {
  const cases: [string, string, string][] = [
    ['a cost has two decimals', formatRatio(1.4159), '1.42'],
    ['a hopeless cost has none', formatRatio(1234.5), '1,235'],
    ['a share of nothing is 0', formatShare(0), '0 %'],
    ['a tiny share is not shown as 0', formatShare(0.000_000_1), '< 0.001 %'],
    ['a small share keeps two digits', formatShare(0.000_344), '0.034 %'],
    ['a share near the objective keeps two digits', formatShare(0.0291), '2.9 %'],
    ['a share just below 10 %', formatShare(0.0999), '10 %'],
    ['a large share has no decimals', formatShare(0.434), '43 %'],
    ['thousands are separated', formatCount(1034.4), '1,034'],
    ['a small count that is not whole has a decimal', formatCount(2.46), '2.5'],
    ['a small whole count has none', formatCount(3), '3'],
    ['some of all', formatOf(0.929, 14), '13 of 14'],
    ['an interval', formatInterval([1.2, 1.614]), '[1.20, 1.61]'],
    ['an interval that is not known is left out', formatInterval(undefined), ''],
    ['a lower cost', formatCostChange(0.688), '31 % less'],
    ['a higher cost', formatCostChange(1.124), '12 % more'],
    ['an equal cost', formatCostChange(1.004), 'the same'],
    ['an interval below', formatCostChanges([0.6, 0.8]), '20 % to 40 % less'],
    ['an interval above', formatCostChanges([1.1, 1.3]), '10 % to 30 % more'],
    ['an interval on both sides', formatCostChanges([0.95, 1.03]), '5 % less to 3 % more'],
    ['an interval from the same', formatCostChanges([1.001, 1.3]), 'the same to 30 % more'],
    ['an interval that is a point', formatCostChanges([0.9, 0.9]), '10 % less'],
    ['a knob without rounding errors', formatKnob(0.1 + 0.2), '0.3'],
    ['a p-value', formatPValue(0.0312), 'p = 0.03'],
    ['a large p-value', formatPValue(0.5), 'p = 0.5'],
    ['a tiny p-value', formatPValue(0.000_2), 'p < 0.001'],
    ['milliseconds', formatDuration(0.3), '300 ms'],
    ['seconds', formatDuration(20), '20 s'],
    ['minutes', formatDuration(300), '5 min'],
    ['hours', formatDuration(129_600), '36 h'],
    ['days', formatDuration(604_800), '7 d'],
    ['one', formatPlural(1, 'trace'), '1 trace'],
    ['several', formatPlural(14, 'trace'), '14 traces'],
  ];
  test.each(cases)('%s', (_, found, expected) => {
    expect(found).toBe(expected);
  });
});
