import type { Contender, Scaler, ScalerContext } from '../scaler.ts';
import { erlangReplicas } from './erlang-replicas.ts';

/**
 * Replicas that somebody set once, after a look at the load of the warm-up: what is done without an autoscaler. Sized
 * so that its 99.9th percentile would be served within the objective (Erlang C); the knob is how much above or below.
 */
export const fixed: Contender = {
  name: 'static',
  title: 'Static',
  source: 'provisioning for a percentile of the past load: AlwaysOn in Gandhi et al., AutoScale, TOCS 2012',
  knob: {
    name: 'replicas, % of those for the 99.9th percentile',
    values: [50, 60, 70, 80, 90, 100, 110, 120, 130, 150, 200, 300],
  },
  create: (percent, context) => constant(Math.ceil((percent / 100) * replicasForPeak(context))),
};

/** The same for exactly that percentile, tuned by nobody. */
export const staticUntuned: Contender = {
  ...fixed,
  name: 'static-p999',
  title: 'Static, 99.9th percentile',
  knob: { name: 'percentile of the warm-up', values: [99.9] },
  create: (_, context) => constant(replicasForPeak(context)),
};

function constant(replicas: number): Scaler {
  return { decide: () => replicas };
}

function replicasForPeak(context: ScalerContext): number {
  const { warmup } = context;
  if (warmup.length === 0) throw new RangeError('a static number of replicas needs a warm-up to be sized on');
  const sorted = warmup.slice().sort();
  return erlangReplicas(sorted[Math.round(0.999 * (sorted.length - 1))] ?? 0, context);
}
