import type { TargetView } from '../../monitor/observation.ts';
import { isServing } from '../../monitor/signals-of-pods.ts';
import type { Evidence } from './anomaly.ts';
import { missingText } from './signal-text.ts';
import { SIGNAL, type WatchedSignal } from './watched-signals.ts';

/** A signal that used to come and does not. */
export interface MissingSignal {
  readonly signal: WatchedSignal;
  readonly since: number;
  readonly surprise: number;
}

/** What is measured on the pods themselves. */
const OF_PODS = new Set<WatchedSignal>(['cpu', 'memory', 'receive', 'transmit']);
/** What nobody can measure without requests. */
const OF_REQUESTS = new Set<WatchedSignal>(['latency', 'errors']);

/** Rates of new pods begin when their first window is full. */
const FIRST_WINDOW_MS = 5 * 60_000;

/** One exporter tells several signals: what is missing together is one anomaly. Without pods or requests there is nothing to tell. */
export function missingEvidence(
  missing: readonly MissingSignal[],
  means: Float64Array,
  { now, target }: { readonly now: number; readonly target: Pick<TargetView, 'pods'> },
): Evidence | undefined {
  const measurable = target.pods.some((pod) => isServing(pod) && now - pod.createdAt >= FIRST_WINDOW_MS);
  const idle = means[SIGNAL.load] === 0;
  const found = missing.filter(
    ({ signal }) => !(OF_PODS.has(signal) && !measurable) && !(OF_REQUESTS.has(signal) && idle),
  );
  if (found.length === 0) return undefined;
  return {
    kind: 'Missing',
    signal: 'metrics',
    surprise: Math.max(...found.map(({ surprise }) => surprise)),
    onset: true,
    since: Math.min(...found.map(({ since }) => since)),
    message: missingText(found.map(({ signal }) => signal)),
  };
}
