import { createRestartWatch, type RestartWatch } from '../../monitor/features/restarts.ts';
import { createReplay, type Replay } from '../replay/replay-state.ts';
import { createDecisionAttribution, type DecisionAttribution } from '../reward/decision-attribution.ts';
import { createNodeWatch, type NodeWatch } from '../reward/node-loss.ts';
import { createOutcomeMeter, type OutcomeMeter } from '../reward/outcome-slice.ts';
import type { OutcomeTally } from '../reward/outcome-tally.ts';
import type { Situation, WindowChoice } from '../situation.ts';

/** A window that is not over: how it began, and what has come so far. */
export interface OpenSituation {
  readonly began: Pick<
    Situation,
    'id' | 'at' | 'policy' | 'workload' | 'workloadClass' | 'embeddingVersion' | 'embedding' | 'summary'
  > & { readonly from: number; readonly arm: string; readonly choice: WindowChoice | undefined };
  /** End by the grid of windows, ms since the epoch. */
  readonly until: number;
  peak: number;
  readonly tally: OutcomeTally;
}

/** What a policy's windows are made from. Plain data, mutated in place. */
export interface SituationMemory {
  readonly replay: Replay;
  readonly meter: OutcomeMeter;
  readonly nodes: NodeWatch;
  readonly restarts: RestartWatch;
  /** What comes is put down to the decisions whose windows are open. */
  readonly attribution: DecisionAttribution;
  /** When the past was last asked about situations like the present one, ms since the epoch; NaN before. */
  askedAt: number;
  open: OpenSituation | undefined;
}

export function createSituationMemory(): SituationMemory {
  return {
    replay: createReplay(),
    meter: createOutcomeMeter(),
    nodes: createNodeWatch(),
    restarts: createRestartWatch(),
    attribution: createDecisionAttribution(),
    askedAt: NaN,
    open: undefined,
  };
}
