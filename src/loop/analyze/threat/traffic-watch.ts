import { severityOf } from '../anomaly/surprise/p-value.ts';
import { posteriorOf } from './posterior.ts';
import { studentTail } from './tail-probability.ts';
import type { OpenThreat } from './threat.ts';

/** What a workload sent and what it was asked, at the same time. */
export interface TrafficSample {
  readonly namespace: string;
  readonly workload: string;
  /** When it was measured, ms since the epoch: the same sample counts once. */
  readonly at: number;
  readonly bytesPerSecond: number;
  readonly requestsPerSecond: number;
}

/** Fading mean and variance of ln(bytes a request), and the episode. */
interface Traffic {
  weight: number;
  mean: number;
  squares: number;
  samples: number;
  sampledAt: number;
  heardAt: number;
  suspicious: boolean;
  open: { since: number; seenAt: number; p: number; bytes: number; usual: number } | undefined;
}

export type TrafficState = Map<string, Traffic>;

export function createTrafficState(): TrafficState {
  return new Map();
}

/** A quarter of an hour at one sample in fifteen seconds, in which what is there is taken for usual. */
const LEARNING_SAMPLES = 60;
/** Some 5,760 samples, a day of them. */
const MEMORY = 5760;
/** Bytes a request vary by a tenth in the steadiest service: less would make alarms of nothing. */
const LEAST_DEVIATION = 0.1;
/** Heavy tails: what a service answers changes more often than a normal distribution would have it. */
const DEGREES = 6;
/** Less than 1 MiB/s beyond the usual is not worth an alarm: a gigabyte would take a quarter of an hour. */
const LEAST_EXCESS = 1024 * 1024;
const AT_ONCE = 1e-7;
const TWICE = 1e-4;
const USUAL = 1e-2;
/** Share of such jumps that are no new feature, backup or export. */
const CEILING = 0.65;
const MAX_WORKLOADS = 20_000;
const FORGET_MS = 7 * 86_400_000;

/** Takes in a sample of each workload. Whoever is not in `samples` is not known now, and nothing is concluded from it. */
export function surveyTraffic(
  state: TrafficState,
  samples: readonly TrafficSample[],
  { now, quietMs }: { readonly now: number; readonly quietMs: number },
): OpenThreat[] {
  for (const sample of samples) {
    const traffic = trafficOf(state, `${sample.namespace}/${sample.workload}`);
    if (traffic === undefined || sample.at <= traffic.sampledAt) continue;
    traffic.heardAt = now;
    traffic.sampledAt = sample.at;
    take(traffic, sample, { now, questions: samples.length });
  }
  const found: OpenThreat[] = [];
  for (const [key, traffic] of state) {
    if (traffic.open !== undefined && now - traffic.open.seenAt >= quietMs) traffic.open = undefined;
    if (traffic.open !== undefined) found.push(finding(key, traffic.open));
    else if (now - traffic.heardAt > FORGET_MS) state.delete(key);
  }
  return found;
}

function trafficOf(state: TrafficState, key: string): Traffic | undefined {
  const known = state.get(key);
  if (known !== undefined || state.size >= MAX_WORKLOADS) return known;
  const traffic: Traffic = {
    weight: 0,
    mean: 0,
    squares: 0,
    samples: 0,
    sampledAt: 0,
    heardAt: 0,
    suspicious: false,
    open: undefined,
  };
  state.set(key, traffic);
  return traffic;
}

function take(
  traffic: Traffic,
  { bytesPerSecond, requestsPerSecond }: TrafficSample,
  { now, questions }: { readonly now: number; readonly questions: number },
): void {
  // One more of each: a service that nobody asks still speaks to its neighbours.
  const value = Math.log((bytesPerSecond + 1) / (requestsPerSecond + 1));
  if (!Number.isFinite(value)) return;
  const deviation = Math.max(LEAST_DEVIATION, Math.sqrt(traffic.squares / Math.max(traffic.weight, 1)));
  const usual = (requestsPerSecond + 1) * Math.exp(traffic.mean);
  const isLearning = traffic.samples < LEARNING_SAMPLES;
  const isLarge = !isLearning && bytesPerSecond - usual >= LEAST_EXCESS;
  const t = (value - traffic.mean) / deviation;
  const p = isLarge ? Math.min(1, questions * studentTail(t, DEGREES)) : 1;
  judge(traffic, { p, now, bytes: bytesPerSecond, usual });
  // What is far out must not become usual at once.
  const learnt = isLearning ? value : traffic.mean + deviation * Math.max(-3, Math.min(3, t));
  learn(traffic, learnt);
}

function judge(
  traffic: Traffic,
  seen: { readonly p: number; readonly now: number; readonly bytes: number; readonly usual: number },
): void {
  const { p, now, bytes, usual } = seen;
  const wasSuspicious = traffic.suspicious;
  traffic.suspicious = p <= TWICE;
  if (traffic.open !== undefined) {
    if (p > USUAL) return;
    traffic.open.seenAt = now;
    if (p < traffic.open.p) Object.assign(traffic.open, { p, bytes, usual });
  } else if (p <= AT_ONCE || (traffic.suspicious && wasSuspicious)) {
    traffic.open = { since: now, seenAt: now, p, bytes, usual };
  }
}

/** West's incremental mean and variance, fading. */
function learn(traffic: Traffic, value: number): void {
  const keep = 1 - 1 / MEMORY;
  traffic.weight = keep * traffic.weight + 1;
  const step = value - traffic.mean;
  traffic.mean += step / traffic.weight;
  traffic.squares = keep * traffic.squares + step * (value - traffic.mean);
  traffic.samples += 1;
}

function finding(key: string, { since, p, bytes, usual }: NonNullable<Traffic['open']>): OpenThreat {
  const message = `${key} sends ${inMebibytes(bytes)} MiB/s, for these requests ${inMebibytes(usual)} MiB/s are usual`;
  return {
    id: `Traffic/${key}`,
    kind: 'Exfiltration',
    severity: severityOf(-Math.log10(p)),
    probability: CEILING * posteriorOf(p),
    p,
    since,
    message,
    evidence: [message],
    namespaces: new Map([[key.slice(0, key.indexOf('/')), 1]]),
    elsewhere: 0,
  };
}

function inMebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toPrecision(2);
}
