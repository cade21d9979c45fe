/** One decision as stored. Times in ms since the epoch; null where the decision did not say. */
export interface DecisionRow {
  readonly decision_id: string;
  readonly at: number;
  readonly namespace: string;
  readonly policy: string;
  readonly policy_uid: string;
  readonly policy_generation: number;
  /** Kind and name: "Deployment/web". */
  readonly workload: string;
  readonly workload_uid: string;
  /** `Intent`: to be carried out. `Proposal`: decided, and not carried out (Preview, or a guard objected). */
  readonly kind: string;
  readonly mode: string | null;
  readonly action: string | null;
  readonly from_replicas: number;
  readonly to_replicas: number;
  readonly message: string | null;
  readonly forecast_metric: string | null;
  /** In the unit of the metric, as is `forecast_upper`. */
  readonly forecast_peak: number | null;
  readonly forecast_upper: number | null;
  readonly forecast_confidence_percent: number | null;
  readonly forecast_horizon_seconds: number | null;
  /** JSON arrays. */
  readonly proposals: string | null;
  readonly guards: string | null;
  /** JSON: everything else that the decision says. */
  readonly trace: string;
  readonly checksum: number;
}

/** The ending of one decision. Durations in seconds, `cost` in the policy's currency. */
export interface OutcomeRow {
  readonly decision_id: string;
  readonly at: number;
  /** `Closed`: measured. `Aborted`: the target was not changed. */
  readonly ending: string;
  /** `Met`, `Violated`, `Unmeasured`, `Superseded`, `UndoneByPerson`, `Aborted`. */
  readonly result: string | null;
  readonly reason: string | null;
  readonly message: string | null;
  readonly observed_seconds: number | null;
  readonly measured_seconds: number | null;
  readonly violated_seconds: number | null;
  readonly replica_seconds: number | null;
  readonly cost: number | null;
  /** JSON: the whole outcome. */
  readonly outcome: string | null;
  readonly checksum: number;
}

/** A `Situation` in columns; the lists of its arms have one entry for each arm, in the order of `arms`. */
export interface SituationRow extends OwnerColumns, OutcomeColumns {
  readonly situation_id: string;
  readonly at: number;
  readonly workload_class: string;
  readonly embedding_version: number;
  readonly embedding: Float32Array;
  readonly summary: string;
  readonly action_from: number;
  readonly action_to: number;
  readonly action_peak: number;
  readonly action_arm: string;
  readonly arms: readonly string[];
  readonly arm_replica_seconds: readonly number[];
  readonly arm_bad_requests: readonly number[];
  readonly arm_violated_seconds: readonly number[];
  readonly arm_replicas_changed: readonly number[];
  readonly oracle_replica_seconds: number;
  readonly demand: number;
  readonly censored: readonly string[];
  /** 1 yes, 0 no. A column of truth values that are all null is written so that LanceDB cannot read it. */
  readonly succeeded: number | null;
  /** JSON: which arm was chosen, and how likely each was. Null where the policy says how to scale. */
  readonly choice: string | null;
  readonly checksum: number;
}

/** An `EndedAnomaly` in columns; `at` is when it was over. */
export interface AnomalyRow extends OwnerColumns {
  readonly anomaly_id: string;
  readonly at: number;
  readonly kind: string;
  readonly signal: string;
  readonly severity: string;
  readonly opened_at: number;
  readonly surprise: number;
  readonly message: string;
  readonly ending: string;
  readonly held: boolean;
  readonly checksum: number;
}

/** A `DecisionReward` in columns; `at` is when the decision's window was over. */
export interface RewardRow extends OwnerColumns, OutcomeColumns {
  readonly decision_id: string;
  readonly at: number;
  readonly action: string;
  readonly from_replicas: number;
  readonly to_replicas: number;
  readonly ending: string;
  readonly share: number;
  readonly baseline_arm: string | null;
  readonly baseline_replica_seconds: number | null;
  readonly baseline_bad_requests: number | null;
  readonly baseline_violated_seconds: number | null;
  readonly censored: readonly string[];
  readonly reward: number | null;
  readonly advantage: number | null;
  /** 1 yes, 0 no. A column of truth values that are all null is written so that LanceDB cannot read it. */
  readonly succeeded: number | null;
  readonly checksum: number;
}

/** One revision of a `KnowledgeDocument`; the newest of a document counts. */
export interface DocumentRow {
  /** `<document_id>@<at>` */
  readonly revision_id: string;
  readonly document_id: string;
  readonly at: number;
  readonly source: string;
  readonly namespace: string | null;
  readonly title: string;
  readonly text: string;
  readonly removed: boolean;
  readonly checksum: number;
}

/** Whose a row is. */
export interface OwnerColumns {
  readonly namespace: string;
  readonly policy: string;
  readonly policy_uid: string;
  readonly workload_kind: string;
  readonly workload: string;
  readonly workload_uid: string;
}

/** A `RawOutcome` in columns. */
export interface OutcomeColumns {
  readonly window_seconds: number;
  readonly measured_seconds: number;
  readonly violated_seconds: number | null;
  readonly replica_seconds: number;
  readonly requests: number | null;
  readonly bad_requests: number | null;
  readonly replicas_changed: number;
  readonly changes: number;
  readonly rollbacks: number;
  readonly restarts: number | null;
  readonly throttled_share: number | null;
  readonly cost: number | null;
}
