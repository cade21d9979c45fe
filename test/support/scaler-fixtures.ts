import type { PodView } from '../../src/loop/monitor/observation.ts';
import type { Measurements, ScalerContext, ScalerView } from '../../src/simulate/scaler.ts';

/** A Monday morning. */
export const START = Date.UTC(2026, 4, 4, 9, 0);
const DECISION_MS = 15_000;

/** What is measured, as a constant or by the length of the average; undefined is a blackout. */
type Level = number | undefined | ((seconds: number) => number | undefined);

interface ViewSketch {
  /** Number of the decision. */
  readonly index?: number;
  readonly ready?: number;
  readonly starting?: number;
  /** Requests per second. */
  readonly demand?: Level;
  /** Cores of all replicas together. */
  readonly cpu?: Level;
  /** Counters. */
  readonly requests?: number;
  readonly slowRequests?: number;
  readonly pods?: readonly PodView[];
  /** Counters as the pods themselves tell them. */
  readonly scraped?: { readonly requests?: number; readonly slowRequests?: number };
}

/** What a scaler sees at one decision; its newest measurement is 30 s old, its pods are long ready. */
export function viewFixture(sketch: ViewSketch = {}): ScalerView {
  const { index = 0, ready = 1, starting = 0 } = sketch;
  const now = START + index * DECISION_MS;
  return {
    now,
    index,
    replicas: ready + starting,
    ready,
    starting,
    measured: measurementsFixture(now - 30_000, sketch),
    scraped: measurementsFixture(now - 15_000, { ...sketch, ...sketch.scraped }),
    pods: sketch.pods ?? [
      ...Array.from({ length: ready }, (_, i) => podFixture(`ready-${i}`, START - 3_600_000)),
      ...Array.from({ length: starting }, (_, i) => startingPodFixture(`starting-${i}`)),
    ],
  };
}

function measurementsFixture(until: number, { demand, cpu, ...counters }: ViewSketch): Measurements {
  const at = (level: Level, seconds: number) => (typeof level === 'function' ? level(seconds) : level);
  return {
    until,
    demand: (seconds) => at(demand, seconds),
    cpu: (seconds) => at(cpu, seconds),
    requests: counters.requests ?? 0,
    slowRequests: counters.slowRequests ?? 0,
  };
}

/** A pod that serves since `readyAt`; it was created 20 s before. */
export function podFixture(name: string, readyAt: number): PodView {
  const createdAt = readyAt - 20_000;
  return {
    name,
    phase: 'Running',
    ready: true,
    readyChangedAt: readyAt,
    createdAt,
    startedAt: createdAt,
    deleting: false,
    requests: { cpu: 1 },
  };
}

export function startingPodFixture(name: string, createdAt = START - 5000): PodView {
  return { name, phase: 'Pending', ready: false, createdAt, deleting: false, requests: { cpu: 1 } };
}

/** 10 requests per second for each replica, 1 to 250 of them. */
export function contextFixture(change: Partial<ScalerContext> = {}): ScalerContext {
  return {
    startAt: START,
    decisionSeconds: 15,
    serviceRate: 10,
    objective: { waitSeconds: 0.3, slowShare: 0.01 },
    startupSeconds: 20,
    bounds: { minReplicas: 1, maxReplicas: 250 },
    warmup: new Float64Array(),
    random: () => 0.5,
    ...change,
  };
}
