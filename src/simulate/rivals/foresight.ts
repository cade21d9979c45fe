import type { Contender, ScalerContext } from '../scaler.ts';

/**
 * Of a lognormal start-up time with the reference's σ = 0.4, 99 % are within this many medians: e^(2.326 · 0.4). One
 * who knows the future orders early enough for the slow ones too.
 */
const LEAD_MEDIANS = 2.54;

/**
 * The clairvoyant reference: at each decision the largest n*(t) from now until a pod that is ordered one decision
 * later would serve. Not a rival, but what foresight alone would buy on this trace.
 * @param needed n* of each decision's interval: the least replicas that meet the objective all through it.
 */
export function oracleContender(needed: ArrayLike<number>): Contender {
  return {
    name: 'oracle',
    title: 'Oracle with foresight',
    source: 'n*(t) = least c with P(W > t) within the objective (Erlang C), started ahead',
    knob: { name: 'none', values: [0] },
    create: (_, context) => {
      const ahead = maximumAhead(needed, leadIntervals(context));
      return { decide: ({ index, replicas }) => ahead[index] ?? replicas };
    },
  };
}

function leadIntervals({ startupSeconds, decisionSeconds }: ScalerContext): number {
  return Math.ceil((LEAD_MEDIANS * startupSeconds) / decisionSeconds) + 1;
}

/** max needed[i … i + lead] for each i. */
function maximumAhead(needed: ArrayLike<number>, lead: number): Uint16Array {
  const ahead = new Uint16Array(needed.length);
  for (let i = 0; i < needed.length; i += 1) {
    let most = 0;
    for (let j = i; j <= i + lead && j < needed.length; j += 1) most = Math.max(most, needed[j] ?? 0);
    ahead[i] = most;
  }
  return ahead;
}
