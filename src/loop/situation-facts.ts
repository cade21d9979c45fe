import type { SafetyFacts } from './guard/safety.ts';
import type { ArmInputs } from './plan/arms/arm-inputs.ts';
import type { TickFacts } from './tick-report.ts';

/** What a tick has found out and done, for the windows that are open. */
export interface SituationFacts extends TickFacts {
  /** What every arm decides by; undefined while a source of demand is silent. */
  readonly arms: ArmInputs | undefined;
  readonly safety: SafetyFacts;
  /** All sources of demand are fresh and cover the pods. */
  readonly covered: boolean;
  /** Somebody else has just changed the replicas. */
  readonly overridden: boolean;
  /** A decrease is undone by this tick. */
  readonly rolledBack: boolean;
}
