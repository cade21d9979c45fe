import type { ContenderResult, DayResult } from '../backtest-result.ts';
import type { PhaseTotals, SimulationRun } from '../simulation-run.ts';

const SECONDS_PER_DAY = 86_400;

/** What the run itself does not know about its contender. */
export interface Played {
  readonly name: string;
  /** Absent where nothing was chosen. */
  readonly knob?: { readonly name: string; readonly value: number };
  /** V*: the accepted share of slow requests. */
  readonly slowShare: number;
}

/** The scores of one contender on the scored part of one trace. */
export function contenderResult(run: SimulationRun, played: Played): ContenderResult {
  const { test } = run;
  const badRequestShare = slowShareOf(test);
  return {
    name: played.name,
    ...(played.knob === undefined ? {} : { knob: played.knob.value, knobName: played.knob.name }),
    replicaSeconds: test.replicaSeconds,
    costOverOracle: costOverOracle(test),
    badRequestShare,
    badWindowShare: badWindowShare(test),
    actionsPerDay: test.actions / (test.seconds / SECONDS_PER_DAY),
    meetsTarget: badRequestShare <= played.slowShare,
    elasticity: elasticityOf(test),
    daily: dailyOf(run.days),
    warmupDaily: dailyOf(run.warmupDays),
    hourly: {
      replicaSeconds: run.hours.replicaSeconds,
      // Hundredths of a request say nothing, and would be most of the document.
      slowRequests: run.hours.slowRequests.map((slow) => Math.round(10 * slow) / 10),
    },
    ...(run.series === undefined ? {} : { series: run.series }),
    ...(run.changes === undefined ? {} : { changes: run.changes }),
  };
}

/**
 * The elasticity metrics of the SPEC cloud group: accuracy θ and time share τ of under- and over-provisioning
 * (N. Herbst et al., "Quantifying Cloud Performance and Dependability", ACM TOMPECS 3(4), 2018; A. Ilyushkin et al.,
 * "An Experimental Performance Evaluation of Autoscalers for Complex Workflows", ACM TOMPECS 3(2), 2018), with supply
 * s(t) = serving replicas and demand d(t) = n*(t).
 *
 * Theirs is θ_U = 1/T · Σ max(d − s, 0)/d · Δt. Here it is Σ max(d − s, 0) Δt ÷ Σ d Δt, the same mean with each moment
 * weighted by its demand: a missing replica counts alike by night and by day, and the days of a run add up.
 */
function elasticityOf(totals: PhaseTotals): ContenderResult['elasticity'] {
  return {
    underAccuracy: totals.shortReplicaSeconds / totals.neededReplicaSeconds,
    overAccuracy: totals.spareReplicaSeconds / totals.neededReplicaSeconds,
    underTimeShare: totals.shortSeconds / totals.seconds,
    overTimeShare: totals.spareSeconds / totals.seconds,
  };
}

/** Whole days only: a rest of some hours would be compared with days that have a night. */
function dailyOf(days: readonly PhaseTotals[]): DayResult[] {
  return days
    .filter((day) => day.seconds >= SECONDS_PER_DAY)
    .map((day) => ({ costOverOracle: costOverOracle(day), badRequestShare: slowShareOf(day) }));
}

function costOverOracle({ replicaSeconds, neededReplicaSeconds }: PhaseTotals): number {
  if (!(neededReplicaSeconds > 0))
    throw new RangeError(
      `neededReplicaSeconds must be positive for a cost over the oracle, found ${neededReplicaSeconds}`,
    );
  return replicaSeconds / neededReplicaSeconds;
}

/** Where nobody asked, nobody waited. */
export function slowShareOf({ slowRequests, requests }: PhaseTotals): number {
  return requests === 0 ? 0 : slowRequests / requests;
}

function badWindowShare({ badWindows, windows }: PhaseTotals): number {
  if (!(windows > 0))
    throw new RangeError('the scored part of a trace must have at least one five-minute window, found none');
  return badWindows / windows;
}
