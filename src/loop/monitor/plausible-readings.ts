import type { MetricObservation, Observation } from './observation.ts';
import { missing, type Reading } from './reading.ts';

/** A sample that is further ahead of the local clock comes from a clock that cannot be trusted: neither can its age. */
const MAX_AHEAD_MS = 30_000;

/**
 * What no adapter should let through, and what must not decide anything if one does: numbers that are none, negative
 * demand, times from the future. Such a reading becomes Missing. A huge finite number stays: an overload that
 * overflowed something must lead to more replicas and never to fewer.
 */
export function plausibleReadings(observation: Observation): Observation {
  const { now, metrics, indicators, requests } = observation;
  const demand = (reading: Reading): Reading => plausible(reading, now, 0);
  return {
    ...observation,
    metrics: metrics.map((metric) => plausibleMetric(metric, demand)),
    // An indicator may be negative, such as a balance.
    indicators: indicators.map((reading) => plausible(reading, now, -Infinity)),
    ...(requests === undefined
      ? {}
      : {
          requests: {
            ...requests,
            total: demand(requests.total),
            ...(requests.bad === undefined ? {} : { bad: demand(requests.bad) }),
          },
        }),
  };
}

function plausibleMetric(
  metric: MetricObservation,
  demand: (reading: Reading) => Reading,
): MetricObservation {
  if (metric.type === 'Prometheus') {
    const total = demand(metric.total);
    return total === metric.total ? metric : { ...metric, total };
  }
  if (metric.usage.every(({ reading }) => demand(reading) === reading)) return metric;
  return { ...metric, usage: metric.usage.map(({ pod, reading }) => ({ pod, reading: demand(reading) })) };
}

function plausible(reading: Reading, now: number, least: number): Reading {
  if (reading.quality === 'Missing') return reading;
  const { value, at } = reading;
  if (!Number.isFinite(value)) return missing('NotANumber', `the value is ${value}`);
  if (value < least) return missing('NotANumber', `the value ${value} is negative: demand cannot be`);
  if (!Number.isFinite(at)) return missing('NoData', 'the time of the sample is unknown');
  if (at - now > MAX_AHEAD_MS) {
    const ahead = Math.round((at - now) / 1000);
    return missing('ClockSkew', `the sample is ${ahead} s ahead of our clock, at most 30 s are allowed`);
  }
  return reading;
}
