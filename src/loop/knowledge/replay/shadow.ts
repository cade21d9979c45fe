import { slowShareOf } from '../../plan/capacity/service-model.ts';
import type { Arm } from '../../plan/arms/arm.ts';
import type { ArmInputs } from '../../plan/arms/arm-inputs.ts';
import { armReplicas } from '../../plan/arms/arm-replicas.ts';
import {
  add,
  ARRIVAL_BINS,
  ARRIVING,
  BAD_REQUESTS,
  BIN_MS,
  cell,
  HOLD_BINS,
  MOST_REPLICAS,
  READY,
  REPLICA_SECONDS,
  REPLICAS_CHANGED,
  ROW,
  STARTING,
  SUMS,
  VIOLATED_SECONDS,
  WANTED,
  type Replay,
  type ReplayMoment,
} from './replay-state.ts';

// The replicas of one arm, which nobody sees: what they cost and serve, when they start, and what is ordered next.

/** People set a metric's target at some 80 % of what a replica carries: beyond that share it is overloaded. */
const OVERLOAD = 1 / 0.8;

interface Charge {
  readonly seconds: number;
  readonly inputs: ArmInputs;
}

/** The time since the last look, at the replicas that were there. */
export function charge({ replicas, sums }: Replay, index: number, { seconds, inputs }: Charge): void {
  const base = index * SUMS;
  const serving = cell(replicas, index * ROW + READY);
  const share = badShareOf(serving, inputs);
  add(sums, base + REPLICA_SECONDS, seconds * (serving + cell(replicas, index * ROW + STARTING)));
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

/** Of several metrics, that of the first. */
export function demandOf(inputs: ArmInputs): number {
  return inputs.workloadClass === 'Requests' ? inputs.demand : (inputs.loads[0]?.demand ?? 0);
}

/** What has started by now is ready. */
export function admit({ replicas, at }: Replay, index: number, now: number): void {
  const row = index * ROW;
  const newest = Math.floor(now / BIN_MS);
  for (let bin = Math.floor(at / BIN_MS) + 1; bin <= newest; bin += 1) {
    const slot = row + ARRIVING + (bin % ARRIVAL_BINS);
    add(replicas, row + READY, cell(replicas, slot));
    add(replicas, row + STARTING, -cell(replicas, slot));
    replicas[slot] = 0;
  }
}

interface Order {
  readonly index: number;
  readonly arm: Arm;
  readonly moment: ReplayMoment;
}

/** Decides for the time to come. */
export function order(replay: Replay, { index, arm, moment }: Order): void {
  const { now, startupSeconds, inputs } = moment;
  const { replicas, sums } = replay;
  const row = index * ROW;
  const current = cell(replicas, row + READY) + cell(replicas, row + STARTING);
  const recommended = Math.min(MOST_REPLICAS, armReplicas(arm, inputs, current));
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
  add(replicas, row + ARRIVING + (bin % ARRIVAL_BINS), to - current);
  add(replicas, row + STARTING, to - current);
}

/** Not less than the largest recommendation of the hold, and no small change; as `holdScaleDown`, in bins. */
function held(
  { replicas, at }: Replay,
  { index, arm, moment: { now } }: Order,
  { current, recommended }: { readonly current: number; readonly recommended: number },
): number {
  const newest = Math.floor(now / BIN_MS);
  const base = index * ROW + WANTED;
  // The bins in which nobody looked held what was recommended before.
  const before = cell(replicas, base + (Math.floor(at / BIN_MS) % HOLD_BINS));
  for (let bin = Math.max(Math.floor(at / BIN_MS) + 1, newest - HOLD_BINS + 1); bin <= newest; bin += 1) {
    replicas[base + (bin % HOLD_BINS)] = bin === newest ? 0 : before;
  }
  const slot = base + (newest % HOLD_BINS);
  replicas[slot] = Math.max(cell(replicas, slot), recommended);
  if (recommended >= current) {
    return arm.both && recommended <= current * (1 + arm.deadBand) ? current : recommended;
  }
  let most = recommended;
  const bins = Math.min(HOLD_BINS, Math.ceil((1000 * arm.holdSeconds) / BIN_MS));
  for (let bin = newest - bins + 1; bin <= newest; bin += 1) {
    if (bin >= 0) most = Math.max(most, cell(replicas, base + (bin % HOLD_BINS)));
  }
  return most >= current || most > current * (1 - arm.deadBand) ? current : most;
}

interface Release {
  readonly index: number;
  readonly now: number;
  readonly count: number;
}

/** Kubernetes gives back those first that are not ready yet; of them the ones that would be ready last. */
function giveBack({ replicas }: Replay, { index, now, count }: Release): void {
  const row = index * ROW;
  let left = count;
  const newest = Math.floor(now / BIN_MS);
  for (let bin = newest + ARRIVAL_BINS - 1; left > 0 && bin > newest; bin -= 1) {
    const slot = row + ARRIVING + (bin % ARRIVAL_BINS);
    const taken = Math.min(left, cell(replicas, slot));
    add(replicas, slot, -taken);
    add(replicas, row + STARTING, -taken);
    left -= taken;
  }
  add(replicas, row + READY, -left);
}
