import type { PodView } from '../observation.ts';
import { isServing } from '../signals-of-pods.ts';
import { ABSENT, cellOfBin, get } from '../series-ring.ts';
import { writeCalendar } from './calendar.ts';
import { DEMAND, RESTARTS, type FeatureState } from './feature-state.ts';
import { residualAt } from './forecast-residual.ts';
import { forecastOf, known, totalOf, type FeatureInputs, type MeasuredRequests } from './inputs.ts';
import { SLOT } from './schema.ts';
import { featureSources } from './sources.ts';
import { volatilityRatio } from './volatility.ts';

/**
 * The features of `inputs.now` by `FEATURE_SCHEMA`, written to `out` (FEATURE_COUNT numbers). What is not known is NaN.
 * Only what was measured until then takes part. Allocates no object; reads `state` and leaves it as it is.
 */
export function extractFeatures(state: FeatureState, inputs: FeatureInputs, out: Float32Array): void {
  out.fill(NaN);
  resources(inputs, out);
  service(inputs, out);
  replicas(state, inputs, out);
  demand(state, inputs, out);
  writeCalendar(inputs.now, out);
  // Float32 ends at 3.4e38: what is beyond is not known, and no infinity reaches a model.
  for (let slot = 0; slot < out.length; slot += 1) if (!Number.isFinite(out[slot])) out[slot] = NaN;
}

function resources(inputs: FeatureInputs, out: Float32Array): void {
  const { now, signals, target, policy } = inputs;
  const sources = featureSources(policy.spec);
  const { pods } = target;
  const cpu = known(signals?.cpuCores ?? totalOf(inputs, sources.cpu), now);
  const requested = sumOver(pods, 'requests', 'cpu');
  out[SLOT.cpuUtilization] = ratio(cpu, requested > 0 ? requested : sumOver(pods, 'limits', 'cpu'));
  out[SLOT.cpuThrottledShare] = known(signals?.cpuThrottledShare, now);
  const memory = known(signals?.memoryBytes ?? totalOf(inputs, sources.memory), now);
  out[SLOT.memoryUtilization] = ratio(memory, sumOver(pods, 'limits', 'memory'));
  out[SLOT.networkReceive] = known(signals?.networkReceiveBytes, now);
  out[SLOT.networkTransmit] = known(signals?.networkTransmitBytes, now);
}

function service(inputs: FeatureInputs, out: Float32Array): void {
  const { now, indicators, monitoring, policy } = inputs;
  const sources = featureSources(policy.spec);
  out[SLOT.requestRate] = known(totalOf(inputs, sources.requestRate), now);
  out[SLOT.tailLatency] = known(indicators[sources.latency ?? -1], now);
  const { requests } = monitoring;
  out[SLOT.errorShare] =
    requests === undefined ? known(indicators[sources.errors ?? -1], now) : badShare(requests, now);
  const { queueLag } = sources;
  if (queueLag === undefined) return;
  const reading = 'metric' in queueLag ? totalOf(inputs, queueLag.metric) : indicators[queueLag.indicator];
  out[SLOT.queueLag] = known(reading, now);
}

function badShare({ total, bad, badShare: share = NaN }: MeasuredRequests, now: number): number {
  return known(total, now) >= 0 && known(bad, now) >= 0 ? share : NaN;
}

const RESTART_MINUTES = 60;

function replicas({ trail }: FeatureState, { now, target, policy }: FeatureInputs, out: Float32Array): void {
  const { specReplicas, readyReplicas, pods, revisionChangedAt = NaN } = target;
  out[SLOT.readyShare] = specReplicas > 0 ? readyReplicas / specReplicas : 1;
  let restarts = NaN;
  const minute = Math.floor(now / trail.stepMs);
  for (let bin = minute - RESTART_MINUTES + 1; bin <= minute; bin += 1) {
    const cell = cellOfBin(trail, 0, bin);
    const seen = cell === ABSENT ? NaN : get(trail, cell, RESTARTS);
    if (!Number.isNaN(seen)) restarts = (Number.isNaN(restarts) ? 0 : restarts) + seen;
  }
  out[SLOT.restarts] = restarts;
  if (revisionChangedAt <= now) out[SLOT.revisionAge] = (now - revisionChangedAt) / 1000;
  let existing = 0;
  for (const { phase } of pods) if (phase !== 'Succeeded' && phase !== 'Failed') existing += 1;
  out[SLOT.costRate] = existing * featureSources(policy.spec).replicaHourPrice;
}

function demand({ trail, residual }: FeatureState, inputs: FeatureInputs, out: Float32Array): void {
  const forecast = forecastOf(inputs, featureSources(inputs.policy.spec).demand);
  const { peak = NaN, upper = NaN } = forecast ?? {};
  // A forecast of nothing at all is as sure of itself as one can be.
  out[SLOT.forecastRatio] = upper === 0 && peak === 0 ? 1 : ratio(peak, upper);
  out[SLOT.forecastResidual] = residualAt(residual, inputs.now);
  out[SLOT.volatilityRatio] = volatilityRatio(trail, DEMAND, inputs.now);
}

/** Of the serving pods; NaN when one of them does not say, or there is none. */
function sumOver(pods: readonly PodView[], of: 'requests' | 'limits', resource: 'cpu' | 'memory'): number {
  let sum = NaN;
  for (const pod of pods) {
    if (!isServing(pod)) continue;
    sum = (Number.isNaN(sum) ? 0 : sum) + (pod[of]?.[resource] ?? NaN);
    if (Number.isNaN(sum)) return NaN;
  }
  return sum;
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : NaN;
}
