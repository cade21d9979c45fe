import type { BurstState } from './burst-state.ts';
import { createBurstState } from './burst-watch.ts';
import type { PastThreat } from './past-threat.ts';
import { createAlertState, type AlertState } from './runtime-alerts.ts';
import { createStructuralState, type StructuralState } from './structural-watch.ts';
import type { OpenThreat } from './threat.ts';
import { createTrafficState, type TrafficState } from './traffic-watch.ts';

/** All that is remembered about threats. Plain data: it is stored, so that a restart is no reason to begin anew. */
export interface ThreatState {
  /** By the API server's audit events, and by its own metrics. */
  readonly audit: BurstState;
  readonly server: BurstState;
  readonly grants: StructuralState;
  readonly pods: StructuralState;
  readonly traffic: TrafficState;
  readonly alerts: AlertState;
  /** What the last survey found, by id. */
  open: Map<string, OpenThreat>;
  /** Namespaces that are frozen now. */
  frozen: Map<string, boolean>;
  /** What is over, the newest last; bounded. */
  readonly history: PastThreat[];
}

/** Raised whenever what a stored state looks like changes. */
export const THREAT_STATE_VERSION = 1;

export function createThreatState(): ThreatState {
  return {
    audit: createBurstState(),
    server: createBurstState(),
    grants: createStructuralState(),
    pods: createStructuralState(),
    traffic: createTrafficState(),
    alerts: createAlertState(),
    open: new Map(),
    frozen: new Map(),
    history: [],
  };
}
