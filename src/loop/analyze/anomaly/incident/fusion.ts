import { STREAM } from './streams.ts';

/**
 * One score of several surprises. A high norm asks for one stream that is very surprised, and lets a second one help: a
 * plain sum drowns it in the noise of the others, the maximum ignores agreement.
 */
export function alarmScore(surprises: Float64Array): number {
  let sum = 0;
  for (const stream of ALARM_STREAMS) sum += fourth(surprises[stream] ?? 0);
  return Math.sqrt(Math.sqrt(sum + fourth(FLAT_WEIGHT * (surprises[STREAM.flat] ?? 0))));
}

const ALARM_STREAMS = [
  STREAM.range,
  STREAM.dayShift,
  STREAM.shift,
  STREAM.shape,
  STREAM.order,
  STREAM.hourSpread,
  STREAM.likelihood,
] as const;
/** Quiet hours are often harmless. */
const FLAT_WEIGHT = 0.7;

function fourth(value: number): number {
  const square = value * value;
  return square * square;
}

/** What the likelihood stream follows: all that reacts to a change of level or of spread. */
export function likelihoodSum(surprises: Float64Array): number {
  return (
    (surprises[STREAM.shift] ?? 0) +
    (surprises[STREAM.residual] ?? 0) +
    (surprises[STREAM.slowResidual] ?? 0) +
    (surprises[STREAM.hourSpread] ?? 0) +
    (surprises[STREAM.longSpread] ?? 0)
  );
}

/** What the continuous score follows. */
export function continuousSum(surprises: Float64Array): number {
  return likelihoodSum(surprises) + (surprises[STREAM.range] ?? 0);
}
