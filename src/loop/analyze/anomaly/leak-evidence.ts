import { known, type FeatureInputs } from '../../monitor/features/inputs.ts';
import { short } from '../../short.ts';
import type { Evidence } from './anomaly.ts';
import type { AnomalyState } from './anomaly-state.ts';
import { bytes } from './signal-text.ts';
import { LARGEST_SURPRISE } from './surprise/p-value.ts';
import { createLeakWatch, observeLeak, type LeakFinding } from './trend/leak.ts';

/** Takes in a minute of the memory of the pod that has run longest, and tells of the leak there is at the moment. */
export function leakEvidence(
  state: Pick<AnomalyState, 'leak'>,
  { now, signals, target }: Pick<FeatureInputs, 'now' | 'signals' | 'target'>,
  load: number,
): Evidence | undefined {
  const pod = signals?.oldestPod;
  const workingSetBytes = known(pod?.memoryBytes, now);
  if (Number.isNaN(workingSetBytes) && state.leak === undefined) return undefined;
  const { createdAt = NaN, memoryLimitBytes = NaN } = pod ?? {};
  state.leak ??= createLeakWatch();
  const finding = observeLeak(state.leak, {
    now,
    workingSetBytes,
    limitBytes: memoryLimitBytes,
    demand: target.readyReplicas > 0 ? load / target.readyReplicas : NaN,
    oldestPodStartedAt: createdAt,
  });
  return finding && evidenceOf(finding, now, workingSetBytes);
}

function evidenceOf(finding: LeakFinding, now: number, workingSetBytes: number): Evidence {
  return {
    kind: 'Leak',
    signal: 'memory',
    surprise: Math.min(LARGEST_SURPRISE, -Math.log10(finding.p)),
    onset: true,
    since: finding.since,
    actual: Number.isNaN(workingSetBytes) ? undefined : workingSetBytes,
    message: leakText(finding, now),
  };
}

function leakText(finding: LeakFinding, now: number): string {
  const { slopeBytesPerHour, secondsToOutOfMemory, growsWith, foundAt } = finding;
  const grows = `the memory of a pod grows by ${bytes(slopeBytesPerHour.median)} an hour`;
  const why = growsWith === 'Demand' ? ', with each request,' : '';
  if (secondsToOutOfMemory === undefined) return `${grows}${why} and no limit ends it`;
  const rest = (seconds: number): number => Math.max(0, seconds - (now - foundAt) / 1000);
  const [lower, median, upper] = [
    rest(secondsToOutOfMemory.lower),
    rest(secondsToOutOfMemory.median),
    rest(secondsToOutOfMemory.upper),
  ];
  return `${grows}${why} and is at its limit in ${hours(median)} (${hours(lower)} to ${upper === Infinity ? 'more than three days' : hours(upper)})`;
}

function hours(seconds: number): string {
  return seconds >= 7200 ? `${short(seconds / 3600)} h` : `${short(seconds / 60)} min`;
}
