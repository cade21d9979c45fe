import type { Anomaly, AnomalyKind } from '../../analyze/anomaly/anomaly.ts';

/** In the words in which runbooks speak of it. */
const KIND_WORDS: Readonly<Record<AnomalyKind, string>> = {
  Spike: 'unusual spike surge',
  LevelShift: 'level shift lasting change of the usual',
  FlatLine: 'flat line value does not move exporter repeats itself',
  Missing: 'missing absent no data metrics scrape',
  Degradation: 'degradation of the service',
  Leak: 'memory leak until out of memory',
  Cost: 'cost spend more than usual',
  Behaviour: 'unusual behaviour of several signals',
};

const SIGNAL_WORDS: Readonly<Record<string, string>> = {
  load: 'load traffic requests',
  latency: 'latency slow response time',
  errors: 'errors bad requests failing',
  queue: 'queue backlog',
  cpu: 'cpu',
  memory: 'memory',
  receive: 'network received',
  transmit: 'network sent egress',
};

/** Kinds whose words say the direction already, or have none. */
const WITHOUT_DIRECTION: ReadonlySet<AnomalyKind> = new Set([
  'FlatLine',
  'Missing',
  'Leak',
  'Cost',
  'Behaviour',
]);

/** What an open anomaly is looked up by in runbooks: its kind, signal, direction and what it says, without its numbers. */
export function anomalyQuery({
  kind,
  signal,
  message,
  actual,
  expected,
}: Pick<Anomaly, 'kind' | 'signal' | 'message' | 'actual' | 'expected'>): string {
  const isLow = actual !== undefined && expected !== undefined && actual < expected;
  const lowKind = isLow && !WITHOUT_DIRECTION.has(kind) ? 'unusual drop low' : undefined;
  const words = [lowKind ?? KIND_WORDS[kind], signalWords(signal), withoutNumbers(message)];
  return words.join('. ');
}

/** What runbooks call a signal. */
export function signalWords(signal: string): string {
  return SIGNAL_WORDS[signal] ?? signal;
}

/** A number is of its moment: no runbook was written for 483.2. What is part of a word, as in `5xx`, stays. */
function withoutNumbers(message: string): string {
  return message
    .replace(/(?<![\p{L}\p{N}])[-+]?\d[\d.,:e]*(?!\p{L})/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
