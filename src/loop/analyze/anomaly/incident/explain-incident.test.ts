import { explainIncident } from './explain-incident.ts';
import { STREAM, STREAMS } from './streams.ts';

function only(stream: number, surprise: number): Float64Array {
  const surprises = new Float64Array(STREAMS).fill(NaN);
  surprises[stream] = surprise;
  return surprises;
}

test.each([
  ['range', 'Range'],
  ['dayShift', 'Shift'],
  ['shift', 'Shift'],
  ['shape', 'Shape'],
  ['novelty', 'Shape'],
  ['order', 'Order'],
  ['hourSpread', 'Spread'],
  ['flat', 'Flat'],
  ['likelihood', 'Several'],
] as const)('of a surprised %s it says %s', (stream, kind) => {
  expect(explainIncident(only(STREAM[stream], 3))).toMatchObject({ kind, surprise: 3 });
});

test('it names the stream that counts most: a flat line counts 0.7', () => {
  const surprises = only(STREAM.flat, 4);
  surprises[STREAM.range] = 3;
  expect(explainIncident(surprises)?.kind).toBe('Range');
  surprises[STREAM.range] = 2.5;
  expect(explainIncident(surprises)?.kind).toBe('Flat');
});

test('without any surprise there is nothing to say', () => {
  expect(explainIncident(new Float64Array(STREAMS).fill(NaN))).toBeUndefined();
  expect(explainIncident(new Float64Array(STREAMS))).toBeUndefined();
});
