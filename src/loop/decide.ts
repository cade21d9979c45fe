import { replicaCount } from '../api/replica-count.ts';
import type { Environment } from './event.ts';
import type { Decision } from './execute/decision.ts';
import { explain } from './explain.ts';
import type { ChainResult } from './guard/chain.ts';
import type { TargetView } from './monitor/observation.ts';
import type { Plan } from './plan/plan.ts';
import { rememberedBriefly } from './recollection.ts';

export interface DecideInputs {
  readonly env: Environment;
  readonly target: TargetView;
  readonly planned: Plan;
  readonly chain: ChainResult;
}

/** The recommendation as a value, with everything that led to it. */
export function decide({ env, target, planned, chain }: DecideInputs): Decision {
  const from = replicaCount(target.specReplicas);
  const to = replicaCount(chain.recommended);
  const { policy } = env;
  const { newsvendor, neighbours } = planned;
  const stock = newsvendor && neighbours && { price: newsvendor.price, ...neighbours() };
  const memory = rememberedBriefly(env.recollection, env.now);
  const explained = {
    from,
    to,
    proposals: planned.proposals,
    guards: chain.trace,
    forecast: planned.leading,
    ...(stock === undefined ? {} : { stock }),
    ...(memory === undefined ? {} : { memory }),
  };
  return {
    id: env.decisionId,
    at: env.now,
    policy: {
      namespace: policy.namespace,
      name: policy.name,
      uid: policy.uid,
      generation: policy.generation,
    },
    target: {
      apiVersion: target.apiVersion,
      kind: target.kind,
      namespace: target.namespace,
      name: target.name,
      uid: target.uid,
      resourceVersion: target.resourceVersion,
    },
    mode: policy.spec.mode,
    action: to > from ? 'ScaleUp' : 'ScaleDown',
    from,
    to,
    epoch: env.epoch,
    message: explain(explained),
    proposals: explained.proposals,
    guards: explained.guards,
    forecast: explained.forecast,
    ...(stock === undefined ? {} : { stock }),
    ...(memory === undefined ? {} : { memory }),
  };
}
