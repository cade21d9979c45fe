import { normal, type Random } from './random.ts';

/** Requests per second at a time in ms since the epoch. */
export type Demand = (timeMs: number) => number;

/** A made-up load with the habits of a real one. Factors multiply the base rate. */
export interface DemandShape {
  /** Mean rate of an ordinary weekday, requests per second. */
  readonly baseRate: number;
  /** Half the distance between the day's peak and trough, as a part of the base rate, 0 … 1. */
  readonly dailySwing: number;
  /** Hour of the day (UTC, 0 … 24) with the most load. */
  readonly peakHour: number;
  /** Load of Saturday and Sunday (UTC) as a part of a weekday's. */
  readonly weekendFactor: number;
  /** Standard deviation of the slow wandering around the rhythm, as a part of it. */
  readonly noise: number;
  /** Mean number of bursts a day; they come as a Poisson process. */
  readonly burstsPerDay: number;
  /** Largest burst, in base rates on top of the rhythm; sizes are uniform between 30 % and 100 % of it. */
  readonly burstFactor: number;
  readonly launch?: LaunchEvent;
}

/** A release or a campaign: load climbs in a straight line, then decays to a plateau above what it was. */
export interface LaunchEvent {
  /** Start, ms since the epoch. */
  readonly at: number;
  readonly rampSeconds: number;
  /** Height of the peak in base rates on top of the rhythm. */
  readonly peakFactor: number;
  /** What stays for good, in base rates; at most the peak. */
  readonly plateauFactor: number;
  /** Time constant of the decay from peak to plateau. */
  readonly decaySeconds: number;
}

interface Burst {
  readonly at: number;
  readonly factor: number;
  readonly rampMs: number;
  readonly decayMs: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The wandering has a new direction every ten minutes: slower than a decision, faster than the hour. */
const WANDER_MS = 600_000;
/** Midnight of a Monday, UTC (5 January 1970): weeks are counted from it. */
const MONDAY_MS = 4 * DAY_MS;
/** After eight time constants 0.03 % of a burst is left. */
const BURST_LIFE = 8;

/**
 * Draws a load for the time `from` … `to` (ms since the epoch). All randomness is drawn here, so the answer is a
 * plain function: equal arguments and generator give equal loads, in any order of asking.
 */
export function generateDemand(
  shape: DemandShape,
  span: { from: number; to: number },
  random: Random,
): Demand {
  const wander = drawWander(shape.noise, span, random);
  const bursts = drawBursts(shape, span, random);
  return (timeMs) => {
    const rhythm = dailyRhythm(shape, timeMs) * weeklyRhythm(shape, timeMs) * (1 + wander(timeMs));
    let extra = launchFactor(shape.launch, timeMs);
    for (const burst of bursts) extra += burstFactor(burst, timeMs);
    return shape.baseRate * Math.max(0, rhythm + extra);
  };
}

function dailyRhythm({ dailySwing, peakHour }: DemandShape, timeMs: number): number {
  const angle = (2 * Math.PI * (timeMs - peakHour * HOUR_MS)) / DAY_MS;
  // The second harmonic makes nights longer than peaks, as in most request logs.
  return 1 + dailySwing * (0.85 * Math.cos(angle) + 0.15 * Math.cos(2 * angle));
}

function weeklyRhythm({ weekendFactor }: DemandShape, timeMs: number): number {
  const day = (((timeMs - MONDAY_MS) / DAY_MS) % 7) + (timeMs < MONDAY_MS ? 7 : 0);
  // Days to the middle of the weekend, Sunday 00:00, the shorter way round the week.
  const distance = Math.min(Math.abs(day - 6), 7 - Math.abs(day - 6));
  // Six hours of passage around the two midnights; a step would be an event and not a rhythm.
  const weekend = Math.min(1, Math.max(0, (1 - distance) / 0.25 + 0.5));
  return 1 - (1 - weekendFactor) * weekend;
}

function launchFactor(launch: LaunchEvent | undefined, timeMs: number): number {
  if (launch === undefined || timeMs < launch.at) return 0;
  const seconds = (timeMs - launch.at) / 1000;
  if (seconds < launch.rampSeconds) return (launch.peakFactor * seconds) / launch.rampSeconds;
  const decay = Math.exp(-(seconds - launch.rampSeconds) / launch.decaySeconds);
  return launch.plateauFactor + (launch.peakFactor - launch.plateauFactor) * decay;
}

function burstFactor(burst: Burst, timeMs: number): number {
  const age = timeMs - burst.at;
  if (age < 0 || age > burst.rampMs + BURST_LIFE * burst.decayMs) return 0;
  if (age < burst.rampMs) return (burst.factor * age) / burst.rampMs;
  return burst.factor * Math.exp(-(age - burst.rampMs) / burst.decayMs);
}

function drawBursts(shape: DemandShape, span: { from: number; to: number }, random: Random): Burst[] {
  const bursts: Burst[] = [];
  if (shape.burstsPerDay <= 0) return bursts;
  const gap = (): number => (-Math.log(1 - random()) * DAY_MS) / shape.burstsPerDay;
  for (let at = span.from + gap(); at < span.to; at += gap()) {
    bursts.push({
      at,
      factor: shape.burstFactor * (0.3 + 0.7 * random()),
      // One to four minutes up and two to ten down: about the flash crowds that autoscaling papers replay.
      rampMs: 60_000 * (1 + 3 * random()),
      decayMs: 60_000 * (2 + 8 * random()),
    });
  }
  return bursts;
}

/** Straight lines between normal knots; constant outside the span. */
function drawWander(noise: number, span: { from: number; to: number }, random: Random): Demand {
  const count = Math.max(1, Math.ceil((span.to - span.from) / WANDER_MS)) + 1;
  const knots = Array.from({ length: count }, () => noise * normal(random));
  return (timeMs) => {
    const position = Math.min(count - 1, Math.max(0, (timeMs - span.from) / WANDER_MS));
    const left = Math.floor(position);
    const before = knots[left] ?? 0;
    const after = knots[left + 1] ?? before;
    return before + (after - before) * (position - left);
  };
}
