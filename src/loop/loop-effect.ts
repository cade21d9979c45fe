import type { Effect } from './execute/effect.ts';
import type { EndedAnomaly } from './knowledge/ended-anomaly.ts';
import type { Situation } from './knowledge/situation.ts';

/** What is to be remembered. Nothing waits for it, and nobody answers. */
type MemoryEffect =
  | { readonly type: 'RecordSituation'; readonly situation: Situation }
  | { readonly type: 'RecordAnomaly'; readonly anomaly: EndedAnomaly };

/** Everything that leaves the loop. */
export type LoopEffect = Effect | MemoryEffect;
