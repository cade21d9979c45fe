import type { Blackout } from './metric-path.ts';
import { poisson, randomStream, type Random } from './random.ts';
import type { SimulationConfig } from './simulation-config.ts';

/** A node dies at the beginning of a tick; `which`, in [0, 1), says which of those that exist. */
export interface NodeLoss {
  readonly tick: number;
  readonly which: number;
}

/** All that will fail, drawn ahead and the same for each contender. */
export interface FaultPlan {
  readonly blackouts: readonly Blackout[];
  /** In order of time. */
  readonly nodeLosses: readonly NodeLoss[];
  /** Whether the API server refuses writes, by the decision's index. */
  readonly refusesWrite: (decision: number) => boolean;
}

const DAY_SECONDS = 86_400;
const NOTHING: FaultPlan = { blackouts: [], nodeLosses: [], refusesWrite: () => false };

/** @throws RangeError when nodes should be lost and there are none. */
export function planFaults(config: SimulationConfig, ticks: number, seed: number): FaultPlan {
  const { faults, tickSeconds, decisionSeconds } = config;
  if (faults === undefined) return NOTHING;
  if (faults.nodeLossesPerWeek > 0 && config.nodes === undefined) {
    throw new RangeError('faults.nodeLossesPerWeek needs nodes that can be lost: configure nodes too');
  }
  const refusals = randomStream(seed, 'refusals');
  const refused = new Uint8Array(Math.ceil((ticks * tickSeconds) / decisionSeconds));
  for (let i = 0; i < refused.length; i += 1) refused[i] = refusals() < faults.refusedWriteShare ? 1 : 0;
  const losses = (ticks * tickSeconds * faults.nodeLossesPerWeek) / (7 * DAY_SECONDS);
  return {
    blackouts: drawBlackouts(
      faults.blackoutSecondsPerDay / tickSeconds,
      { ticks, dayTicks: DAY_SECONDS / tickSeconds },
      randomStream(seed, 'blackouts'),
    ),
    nodeLosses: drawLosses(losses, ticks, randomStream(seed, 'node losses')),
    refusesWrite: (decision) => refused[decision] === 1,
  };
}

/** One in each day, within the day. */
function drawBlackouts(
  length: number,
  { ticks, dayTicks }: { ticks: number; dayTicks: number },
  random: Random,
): Blackout[] {
  if (length === 0) return [];
  return Array.from({ length: Math.ceil(ticks / dayTicks) }, (_, day) => {
    const fromTick = Math.floor(day * dayTicks + random() * Math.max(0, dayTicks - length));
    return { fromTick, toTick: fromTick + Math.round(length) };
  });
}

function drawLosses(mean: number, ticks: number, random: Random): NodeLoss[] {
  return Array.from({ length: poisson(mean, random) }, () => ({
    tick: Math.floor(random() * ticks),
    which: random(),
  })).sort((a, b) => a.tick - b.tick);
}
