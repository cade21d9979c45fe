import { slowShareOf } from '../../plan/capacity/service-model.ts';
import { ARMS, BASELINE_ARM, MAX_ARMS, type Arm, type WorkloadClass } from '../../plan/arms/arm.ts';
import type { ArmInputs } from '../../plan/arms/arm-inputs.ts';
import { armReplicas } from '../../plan/arms/arm-replicas.ts';
import type { ArmOutcome } from '../situation.ts';

/**
 * Every arm scales replicas of its own on the demand that really comes: demand hardly depends on what is done about it,
 * so that what was not done can be scored as well (Sinclair et al., "Hindsight Learning for MDPs with Exogenous
 * Inputs", ICML 2023). Plain data, one row of each array for an arm.
 */
export interface Replay {
  workloadClass: WorkloadClass | undefined;
  /** Time of the last look, ms since the epoch; NaN before the first. */
  at: number;
  readonly ready: Uint32Array;
  readonly starting: Uint32Array;
  /** Replicas that become ready, by the bin of 15 s in which they do. */
  readonly arriving: Uint32Array;
  /** The last recommendations, by the bin in which they were made. */
  readonly wanted: Uint32Array;
  /** What each arm has come to since the window began. */
  readonly sums: Float64Array;
  /** Of the window: seconds looked at, replica-seconds of a clairvoyant, demand × seconds. */
  seconds: number;
  oracleReplicaSeconds: number;
  demand: number;
}

const BIN_MS = 15_000;

/** A quarter of an hour: a longer start counts as one of that length. */
const ARRIVAL_BINS = 60;

/** Five minutes: the longest hold of an arm. */
const HOLD_BINS = 20;

const REPLICA_SECONDS = 0;
const BAD_REQUESTS = 1;
const VIOLATED_SECONDS = 2;
const REPLICAS_CHANGED = 3;
const SUMS = 4;

/** A look that comes much later than the last says nothing about the time between: count at most this much. */
const MAX_GAP_MS = 60_000;

/** After so long without a look the arms begin anew with the replicas that are there. */
const SILENCE_MS = 600_000;

/** People set a metric's target at some 80 % of what a replica carries: beyond that share it is overloaded. */
const OVERLOAD = 1 / 0.8;

export function createReplay(): Replay {
  return {
    workloadClass: undefined,
    at: NaN,
    ready: new Uint32Array(MAX_ARMS),
    starting: new Uint32Array(MAX_ARMS),
    arriving: new Uint32Array(MAX_ARMS * ARRIVAL_BINS),
    wanted: new Uint32Array(MAX_ARMS * HOLD_BINS),
    sums: new Float64Array(MAX_ARMS * SUMS),
    seconds: 0,
    oracleReplicaSeconds: 0,
    demand: 0,
  };
}

export interface ReplayMoment {
  readonly now: number;
  /** Replicas that really are there. */
  readonly replicas: number;
  readonly startupSeconds: number;
  readonly inputs: ArmInputs;
}

/**
 * The time since the last look is charged to every arm, then each decides for the time to come. Returns what the baseline
 * has come to since; undefined when the arms begin anew.
 */
export function observeReplay(replay: Replay, moment: ReplayMoment): ArmOutcome | undefined {
  const { now, inputs } = moment;
  const { workloadClass } = inputs;
  const elapsedMs = now - replay.at;
  if (replay.workloadClass !== workloadClass || !(elapsedMs >= 0 && elapsedMs <= SILENCE_MS)) {
    begin(replay, moment);
    return undefined;
  }
  const before = outcomeOf(replay, baselineOf(workloadClass));
  const seconds = Math.min(elapsedMs, MAX_GAP_MS) / 1000;
  replay.seconds += seconds;
  replay.oracleReplicaSeconds += seconds * clamp(inputs.floor, inputs);
  replay.demand += seconds * demandOf(inputs);
  for (const [index, arm] of ARMS[workloadClass].entries()) {
    charge(replay, index, { seconds, inputs });
    admit(replay, index, now);
    order(replay, { index, arm, moment });
  }
  replay.at = now;
  return difference(before, outcomeOf(replay, baselineOf(workloadClass)));
}

const PLACES = {
  Requests: ARMS.Requests.findIndex(({ id }) => id === BASELINE_ARM.Requests),
  Metrics: ARMS.Metrics.findIndex(({ id }) => id === BASELINE_ARM.Metrics),
};

function baselineOf(workloadClass: WorkloadClass): { readonly index: number; readonly arm: string } {
  return { index: PLACES[workloadClass], arm: BASELINE_ARM[workloadClass] };
}

function difference(from: ArmOutcome, to: ArmOutcome): ArmOutcome {
  return {
    arm: to.arm,
    replicaSeconds: to.replicaSeconds - from.replicaSeconds,
    badRequests: to.badRequests - from.badRequests,
    violatedSeconds: to.violatedSeconds - from.violatedSeconds,
    replicasChanged: to.replicasChanged - from.replicasChanged,
  };
}

function begin(replay: Replay, { now, replicas, inputs }: ReplayMoment): void {
  // What other arms have come to says nothing about these.
  if (replay.workloadClass !== inputs.workloadClass) clearSums(replay);
  replay.workloadClass = inputs.workloadClass;
  replay.at = now;
  replay.starting.fill(0);
  replay.arriving.fill(0);
  replay.ready.fill(clamp(replicas, inputs));
  replay.wanted.fill(clamp(replicas, inputs));
}

type Row = Uint32Array | Float64Array;

function cell(row: Row, index: number): number {
  return row[index] ?? 0;
}

function add(row: Row, index: number, amount: number): void {
  row[index] = cell(row, index) + amount;
}

interface Charge {
  readonly seconds: number;
  readonly inputs: ArmInputs;
}

function charge({ ready, starting, sums }: Replay, index: number, { seconds, inputs }: Charge): void {
  const base = index * SUMS;
  const serving = cell(ready, index);
  const share = badShareOf(serving, inputs);
  add(sums, base + REPLICA_SECONDS, seconds * (serving + cell(starting, index)));
  add(sums, base + BAD_REQUESTS, seconds * share.bad * demandOf(inputs));
  if (share.bad > share.allowed) add(sums, base + VIOLATED_SECONDS, seconds);
}

/** Share of the demand that so many replicas serve badly, 0 … 1, and how much of it is allowed. */
function badShareOf(replicas: number, inputs: ArmInputs): { bad: number; allowed: number } {
  if (inputs.workloadClass === 'Requests') {
    const { demand, service, slowShare } = inputs;
    if (demand === 0) return { bad: 0, allowed: slowShare };
    return { bad: replicas === 0 ? 1 : slowShareOf(replicas, demand, service), allowed: slowShare };
  }
  let bad = 0;
  for (const { demand, target } of inputs.loads) {
    const capacity = replicas * target * OVERLOAD;
    if (demand > capacity) bad = Math.max(bad, 1 - capacity / demand);
  }
  return { bad, allowed: 0 };
}

function demandOf(inputs: ArmInputs): number {
  return inputs.workloadClass === 'Requests' ? inputs.demand : (inputs.loads[0]?.demand ?? 0);
}

/** What has started by now is ready. */
function admit({ ready, starting, arriving, at }: Replay, index: number, now: number): void {
  const newest = Math.floor(now / BIN_MS);
  for (let bin = Math.floor(at / BIN_MS) + 1; bin <= newest; bin += 1) {
    const slot = index * ARRIVAL_BINS + (bin % ARRIVAL_BINS);
    add(ready, index, cell(arriving, slot));
    add(starting, index, -cell(arriving, slot));
    arriving[slot] = 0;
  }
}

interface Order {
  readonly index: number;
  readonly arm: Arm;
  readonly moment: ReplayMoment;
}

function order(replay: Replay, { index, arm, moment }: Order): void {
  const { now, startupSeconds, inputs } = moment;
  const { ready, starting, arriving, sums } = replay;
  const current = cell(ready, index) + cell(starting, index);
  const recommended = armReplicas(arm, inputs, current);
  const to = held(replay, { index, arm, moment }, { current, recommended });
  if (to === current) return;
  add(sums, index * SUMS + REPLICAS_CHANGED, Math.abs(to - current));
  if (to < current) {
    giveBack(replay, { index, now, count: current - to });
    return;
  }
  // At least one bin later: what is ordered in a bin is not ready in it.
  const bins = Math.ceil((now + 1000 * startupSeconds) / BIN_MS) - Math.floor(now / BIN_MS);
  const bin = Math.floor(now / BIN_MS) + Math.min(ARRIVAL_BINS - 1, Math.max(1, bins));
  add(arriving, index * ARRIVAL_BINS + (bin % ARRIVAL_BINS), to - current);
  add(starting, index, to - current);
}

/** Not less than the largest recommendation of the hold, and no small change; as `holdScaleDown`, in bins. */
function held(
  { wanted, at }: Replay,
  { index, arm, moment: { now } }: Order,
  { current, recommended }: { readonly current: number; readonly recommended: number },
): number {
  const newest = Math.floor(now / BIN_MS);
  const base = index * HOLD_BINS;
  // The bins in which nobody looked held what was recommended before.
  const before = cell(wanted, base + (Math.floor(at / BIN_MS) % HOLD_BINS));
  for (let bin = Math.max(Math.floor(at / BIN_MS) + 1, newest - HOLD_BINS + 1); bin <= newest; bin += 1) {
    wanted[base + (bin % HOLD_BINS)] = bin === newest ? 0 : before;
  }
  const slot = base + (newest % HOLD_BINS);
  wanted[slot] = Math.max(cell(wanted, slot), recommended);
  if (recommended >= current) {
    return arm.both && recommended <= current * (1 + arm.deadBand) ? current : recommended;
  }
  let most = recommended;
  const bins = Math.min(HOLD_BINS, Math.ceil((1000 * arm.holdSeconds) / BIN_MS));
  for (let bin = newest - bins + 1; bin <= newest; bin += 1) {
    if (bin >= 0) most = Math.max(most, cell(wanted, base + (bin % HOLD_BINS)));
  }
  return most >= current || most > current * (1 - arm.deadBand) ? current : most;
}

interface Release {
  readonly index: number;
  readonly now: number;
  readonly count: number;
}

/** Kubernetes gives back those first that are not ready yet; of them the ones that would be ready last. */
function giveBack({ ready, starting, arriving }: Replay, { index, now, count }: Release): void {
  let left = count;
  const newest = Math.floor(now / BIN_MS);
  for (let bin = newest + ARRIVAL_BINS - 1; left > 0 && bin > newest; bin -= 1) {
    const slot = index * ARRIVAL_BINS + (bin % ARRIVAL_BINS);
    const taken = Math.min(left, cell(arriving, slot));
    add(arriving, slot, -taken);
    add(starting, index, -taken);
    left -= taken;
  }
  add(ready, index, -left);
}

function clamp(replicas: number, { minReplicas, maxReplicas }: ArmInputs): number {
  return Math.min(maxReplicas, Math.max(minReplicas, replicas));
}

/** What every arm has come to in the window, and what a clairvoyant would have: replicas in the moment they are needed. */
export interface ReplayedWindow {
  readonly arms: readonly ArmOutcome[];
  readonly oracleReplicaSeconds: number;
  readonly demand: number;
  readonly seconds: number;
}

/** Ends the window: its sums, and zero from here on. The arms' replicas go on. */
export function closeReplay(replay: Replay): ReplayedWindow {
  const { workloadClass, seconds, oracleReplicaSeconds, demand } = replay;
  const arms = workloadClass === undefined ? [] : ARMS[workloadClass];
  const outcomes = arms.map(({ id: arm }, index) => outcomeOf(replay, { arm, index }));
  clearSums(replay);
  return { arms: outcomes, oracleReplicaSeconds, demand, seconds };
}

function clearSums(replay: Replay): void {
  replay.sums.fill(0);
  replay.seconds = 0;
  replay.oracleReplicaSeconds = 0;
  replay.demand = 0;
}

function outcomeOf(
  { sums }: Replay,
  { arm, index }: { readonly arm: string; readonly index: number },
): ArmOutcome {
  const base = index * SUMS;
  return {
    arm,
    replicaSeconds: cell(sums, base + REPLICA_SECONDS),
    badRequests: cell(sums, base + BAD_REQUESTS),
    violatedSeconds: cell(sums, base + VIOLATED_SECONDS),
    replicasChanged: cell(sums, base + REPLICAS_CHANGED),
  };
}
