import { STREAM } from './streams.ts';

/**
 * One score of several surprises. A high norm asks for one stream that is very surprised, and lets a second one help: a
 * plain sum drowns it in the noise of the others, the maximum ignores agreement. Streams that know nothing yet say nothing.
 */
export function alarmScore(surprises: Float64Array): number {
  let sum = fourth(FLAT_WEIGHT * said(surprises, STREAM.flat));
  for (const stream of ALARM_STREAMS) sum += fourth(said(surprises, stream));
  return Math.sqrt(Math.sqrt(sum));
}

const ALARM_STREAMS = [
  STREAM.range,
  STREAM.dayShift,
  STREAM.shift,
  STREAM.shape,
  STREAM.order,
  STREAM.hourSpread,
  STREAM.likelihood,
  STREAM.novelty,
] as const;
/** Quiet hours are often harmless. */
export const FLAT_WEIGHT = 0.7;

function fourth(value: number): number {
  const square = value * value;
  return square * square;
}

/** What the likelihood stream follows: all that reacts to a change of level or of spread. */
export function likelihoodSum(surprises: Float64Array): number {
  return (
    said(surprises, STREAM.shift) +
    said(surprises, STREAM.residual) +
    said(surprises, STREAM.slowResidual) +
    said(surprises, STREAM.hourSpread) +
    said(surprises, STREAM.longSpread)
  );
}

/** What the continuous score follows. */
export function continuousSum(surprises: Float64Array): number {
  return likelihoodSum(surprises) + said(surprises, STREAM.range);
}

function said(surprises: Float64Array, stream: number): number {
  const surprise = surprises[stream] ?? NaN;
  return Number.isNaN(surprise) ? 0 : surprise;
}
