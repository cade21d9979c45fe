import {
  DEFAULT_SIMULATION,
  FAULTY_CLUSTER,
  type SimulationConfig,
} from '../../simulate/simulation-config.ts';
import { allowedBadShare } from '../../loop/monitor/requests.ts';
import { UsageError } from '../verb.ts';
import type { WorldFlags } from './flags.ts';
import { capacityFor, waitSecondsOf, type TriedPolicy } from './simulated-policy.ts';

/** The smallest share of slow requests that a simulation can tell from none. */
const LEAST_SLOW_SHARE = 0.0001;
const DAY_SECONDS = 86_400;

/**
 * The configuration of the world: what the command line says, else what the policy says, else the published protocol.
 * @throws UsageError, InputError
 */
export function simulationConfig(given: WorldFlags, policy?: TriedPolicy): SimulationConfig {
  const base = DEFAULT_SIMULATION;
  const capacity = policy === undefined ? given.replicaCapacity : capacityFor(policy, given.replicaCapacity);
  const flags =
    policy === undefined ? given : { ...flagsOf(policy), ...requestFlagsOf(policy, capacity), ...given };
  return {
    ...base,
    seed: flags.seed ?? base.seed,
    arrivals: { ...base.arrivals, process: flags.arrivals ?? base.arrivals.process },
    demand: { ...base.demand, ...(typeof capacity === 'number' ? { replicaCapacity: capacity } : {}) },
    service: { ...serviceOf(flags), ...rateOf(policy, capacity) },
    startup: { ...base.startup, medianSeconds: flags.startupSeconds ?? base.startup.medianSeconds },
    metrics: { ageSeconds: flags.metricAgeSeconds ?? base.metrics.ageSeconds },
    objective: {
      waitSeconds: flags.waitSeconds ?? base.objective.waitSeconds,
      slowShare: flags.slowShare ?? base.objective.slowShare,
    },
    bounds: boundsOf(flags),
    settleDays: flags.settleSeconds === undefined ? base.settleDays : flags.settleSeconds / DAY_SECONDS,
    ...(flags.faults === true ? FAULTY_CLUSTER : {}),
  };
}

/** What a policy says of the world around it. */
function flagsOf({ spec }: TriedPolicy): WorldFlags {
  const { minReplicas, maxReplicas } = spec.horizontal;
  const { startupSeconds } = spec.forecast;
  return {
    minReplicas,
    maxReplicas,
    ...(startupSeconds === undefined ? {} : { startupSeconds }),
    ...(spec.objective === undefined ? {} : { slowShare: slowShareOf(spec.objective.targetPercent) }),
  };
}

type Capacity = number | 'auto' | undefined;

/** What an objective about requests says of them. */
function requestFlagsOf(policy: TriedPolicy, capacity: Capacity): WorldFlags {
  const requests = policy.spec.objective?.requests;
  if (requests === undefined || typeof capacity !== 'number') return {};
  return {
    slowShare: Math.max(LEAST_SLOW_SHARE, allowedBadShare(requests)),
    waitSeconds: waitSecondsOf(requests, policy, capacity),
  };
}

/** Requests are simulated as they are; other loads are scaled to the requests of the protocol's replicas. */
function rateOf(
  policy: TriedPolicy | undefined,
  capacity: Capacity,
): { readonly requestsPerSecond?: number } {
  const aboutRequests = policy?.spec.objective?.requests !== undefined;
  return aboutRequests && typeof capacity === 'number' ? { requestsPerSecond: capacity } : {};
}

function serviceOf({ discipline, squaredVariation }: WorldFlags): SimulationConfig['service'] {
  const { service } = DEFAULT_SIMULATION;
  return {
    ...service,
    discipline: discipline ?? service.discipline,
    squaredVariation: squaredVariation ?? service.squaredVariation,
  };
}

function boundsOf(flags: WorldFlags): SimulationConfig['bounds'] {
  const { minReplicas, maxReplicas } = { ...DEFAULT_SIMULATION.bounds, ...flags };
  if (minReplicas <= maxReplicas) return { minReplicas, maxReplicas };
  throw new UsageError(
    `--min-replicas must not be above --max-replicas, found ${minReplicas} and ${maxReplicas}`,
  );
}

/** A policy wants its indicators within bounds for a share of time; here the same share of the requests is meant. */
function slowShareOf(targetPercent: number): number {
  return Math.max(LEAST_SLOW_SHARE, (100 - targetPercent) / 100);
}
