import type { ContenderResult, TraceResult } from '../backtest-result.ts';
import { chosenKnobs } from './chosen-knobs.ts';

const trace = (knob: number | undefined): TraceResult =>
  ({
    contenders: [{ name: 'hpa', knob, knobName: 'CPU utilization' } as ContenderResult],
  }) as unknown as TraceResult;

describe('the settings that were chosen', () => {
  const cases: [string, (number | undefined)[], string | undefined][] = [
    ['are one value where all traces agree', [0.6, 0.6], '0.6'],
    ['are a range where they differ', [0.8, 0.5, 0.7], '0.5 to 0.8'],
    ['are nothing where nothing was tuned', [undefined], undefined],
  ];
  test.each(cases)('%s', (_, knobs, range) => {
    expect(chosenKnobs(knobs.map(trace), 'hpa')?.range).toBe(range);
  });

  test('say what they are, and are nothing for a contender that did not run', () => {
    expect(chosenKnobs([trace(0.6)], 'hpa')?.name).toBe('CPU utilization');
    expect(chosenKnobs([trace(0.6)], 'keda')).toBeUndefined();
  });
});
