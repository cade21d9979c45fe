import type { Anomaly, AnomalyKind, Evidence } from './anomaly.ts';
import { explainedByLoad } from './explained-by-load.ts';

const found = (signal: string, actual: number, kind: AnomalyKind = 'Spike'): Evidence => ({
  kind,
  signal,
  surprise: 5,
  onset: true,
  expected: 100,
  actual,
  message: signal,
});

const UP = 400;
const DOWN = 10;

describe('what goes along with an unusual load', () => {
  it.each<[string, readonly Evidence[], readonly string[]]>([
    [
      'is left out when it goes the same way',
      [found('load', UP), found('cpu', UP), found('memory', UP)],
      ['load'],
    ],
    [
      'is left out on the way down too',
      [found('load', DOWN), found('transmit', DOWN), found('receive', DOWN)],
      ['load'],
    ],
    ['is told when it goes the other way', [found('load', UP), found('cpu', DOWN)], ['load', 'cpu']],
    [
      'is told when it should not follow',
      [found('load', UP), found('latency', UP, 'Degradation'), found('queue', UP, 'Degradation')],
      ['load', 'latency', 'queue'],
    ],
    ['is told when it stands still', [found('load', UP), found('cpu', UP, 'FlatLine')], ['load', 'cpu']],
    [
      'is told when the load only stands still',
      [found('load', UP, 'FlatLine'), found('cpu', UP)],
      ['load', 'cpu'],
    ],
    ['is told without an unusual load', [found('cpu', UP), found('memory', UP)], ['cpu', 'memory']],
  ])('%s', (_, evidence, told) => {
    expect(explainedByLoad(evidence, []).map(({ signal }) => signal)).toEqual(told);
  });

  it.each<[AnomalyKind, readonly string[]]>([
    ['Spike', []],
    ['LevelShift', []],
    ['FlatLine', ['cpu']],
  ])('is judged by a load whose %s is open as well', (kind, told) => {
    const open = [found('load', UP, kind)] as unknown as readonly Anomaly[];
    expect(explainedByLoad([found('cpu', UP)], open).map(({ signal }) => signal)).toEqual(told);
  });
});
