import type { CheckpointStore } from '../../adapters/checkpoint/checkpoint-store.ts';
import type { Journal } from '../../adapters/journal/journal.ts';
import type { Logger } from '../../adapters/log/logger.ts';
import type { PolicyStatusWriter } from '../../adapters/kubernetes/policy-status-writer.ts';
import type { WorkloadRecord } from '../../adapters/kubernetes/records.ts';
import type { TargetWriter } from '../../adapters/kubernetes/target-writer.ts';
import type { Predictions } from '../../api/status/prediction.ts';
import type { ClosedDecision } from '../../loop/execute/effect.ts';
import type { TargetView } from '../../loop/monitor/observation.ts';
import type { ThreatFreeze } from '../../loop/guard/guard.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { LoopReport } from '../../loop/report.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { PolicyMemory } from '../knowledge/policy-memory.ts';
import type { FleetWatch } from './fleet-watch.ts';
import type { Health } from './status/policy-conditions.ts';

/** May this process act, and in which leadership? Asked right before each write. */
export interface Leadership {
  readonly isLeader: () => boolean;
  readonly epoch: () => number;
}

/** What people and dashboards are told; never a part of a decision. */
export interface Telemetry {
  readonly stepped: (seconds: number) => void;
  readonly reported: (policy: PolicyView, report: LoopReport) => void;
  readonly decided: (action: string, state: string) => void;
  readonly closed: (closed: ClosedDecision) => void;
  readonly announce: (policy: PolicyView, announcement: Announcement) => void;
}

export interface Announcement {
  readonly level: 'Normal' | 'Warning';
  readonly reason: string;
  readonly note: string;
}

/** Everything a session needs of the world around it. */
export interface SessionPorts {
  readonly targets: TargetWriter;
  readonly statuses: PolicyStatusWriter;
  readonly journal: Journal;
  readonly checkpoint: Pick<CheckpointStore, 'restore'>;
  readonly leadership: Leadership;
  readonly telemetry: Telemetry;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly health: () => Health;
  /** A workload read live, seen with the pods and rivals of the caches. */
  readonly see: (policy: PolicyView, workload: WorkloadRecord) => TargetView;
  /** The policy by the newest word of the watch; undefined when it is gone. */
  readonly newest: (policy: PolicyView) => PolicyView | undefined;
  readonly fleet: Pick<FleetWatch, 'view' | 'anomalies' | 'cost' | 'observe'>;
  /** What is suspected in a namespace; undefined where nobody looks. */
  readonly threat: (namespace: string) => ThreatFreeze | undefined;
  readonly memory: PolicyMemory;
  /** The newest week ahead, for the status; undefined until it was made. */
  readonly predictions: (policy: PolicyView) => Predictions | undefined;
  readonly tickSeconds: number;
  readonly outcomeWindowSeconds: number;
  readonly situationWindowSeconds: number;
}
