/**
 * The conditions of a policy and every reason they can have. A reason belongs to one status, so that the two
 * cannot contradict each other; the texts are the reference page's.
 */
export const CONDITIONS = {
  Ready: {
    meaning: 'The policy is understood, and its decisions rest on a target and on metrics that are there.',
    True: {
      Operating: 'Decisions are made and carried out.',
      Previewing: "Decisions are made and recorded; `mode` is 'Preview', so nothing is written.",
      Observing: 'Decisions are made and recorded; the observation time is not over yet.',
      Suspended:
        'Decisions are made and recorded; see the condition ActionSuspended for why none is carried out.',
    },
    False: {
      InvalidSpec:
        'The specification has an error that the schema cannot express, such as PromQL that does not parse.',
      TargetUnavailable: 'The target cannot be used; see the condition TargetResolved.',
      MetricsUnavailable:
        'The replicas are held, because metrics are missing; see the condition MetricsAvailable.',
    },
    Unknown: { NotYetEvaluated: 'The operator has not looked at this generation yet.' },
  },
  TargetResolved: {
    meaning: 'The workload named by `targetRef` exists and can be read and scaled.',
    True: { Resolved: 'The workload was found.' },
    False: {
      NotFound: 'No such workload in this namespace.',
      Forbidden: 'The operator may not read or scale the workload.',
      UnsupportedKind: 'The workload is of a kind that cannot be scaled by this policy.',
      Replaced:
        'Another workload of the same name took the place of the one observed so far; observation starts anew.',
      Deleting: 'The workload is being deleted.',
    },
    Unknown: {
      Unreachable: 'The API server does not answer for it.',
      NotYetEvaluated: 'The operator has not looked at this generation yet.',
    },
  },
  MetricsAvailable: {
    meaning: 'Every metric of the policy has a value that is fresh enough to act on.',
    True: { Fresh: 'All metrics are fresh.' },
    False: {
      Stale: 'The newest sample is too old.',
      NoData: 'A query answered with no series.',
      NotANumber: 'A query answered with NaN, an infinity or a negative number.',
      QueryFailed: 'A query was refused, timed out or was too large.',
      PartialAnswer: 'Prometheus warned that some of the data is not there.',
      ClockSkew: "The sample's time, Prometheus's and the operator's disagree.",
      LowCoverage: 'Too few of the ready pods report.',
      NoRequest: 'Utilization is asked for, but a container requests nothing of the resource.',
      NoCapacity: 'What one replica can carry is neither said in the policy nor learned yet.',
      PrometheusUnreachable: 'Prometheus does not answer.',
    },
    Unknown: {
      TargetUnavailable: 'Without a target there is nothing to measure.',
      NotYetEvaluated: 'The operator has not looked at this generation yet.',
    },
  },
  ObservationComplete: {
    meaning: 'The workload was watched for `observationSeconds`.',
    True: { Observed: 'The observation time is over.' },
    False: { Observing: 'The observation time is running; the message says until when.' },
    Unknown: { NotYetEvaluated: 'The operator has not looked at this generation yet.' },
  },
  ForecastReliable: {
    meaning:
      'Past forecasts covered what came about as often as they promised, so new ones may order replicas.',
    True: { Reliable: 'Measured coverage is as promised.' },
    False: {
      ColdStart: 'Too little history yet.',
      Unreliable:
        'Measured coverage is below what was promised; the measured load alone decides until it recovers.',
      Disabled: "`forecast.mode` is 'Disabled'.",
    },
    Unknown: {
      MetricsUnavailable: 'There is nothing to forecast from.',
      NotYetEvaluated: 'The operator has not looked at this generation yet.',
    },
  },
  ObjectiveMeasured: {
    meaning:
      'Bad requests are counted, so that the number of spare replicas follows how well requests are served.',
    True: { Measured: 'Bad requests are counted, and the price of spare replicas follows them.' },
    False: {
      NoRequests: 'The policy has no `objective.requests`; the message says what is looked at instead.',
      NoQuery: '`objective.requests` has no `badQuery`; the message says what is looked at instead.',
      NotFresh:
        'A query of `objective.requests` has no fresh value; the message says what is looked at instead.',
    },
    Unknown: {
      NoObjective: 'The policy has no `objective`.',
      TargetUnavailable: 'Without a target there is nothing to measure.',
      NotYetEvaluated: 'The operator has not looked at this generation yet.',
    },
  },
  ObjectiveAttainable: {
    meaning: 'The objective can be met at a sane cost.',
    True: { Attainable: 'The price of bad requests has not been extreme for a day.' },
    False: {
      StrainedBudget:
        'Too many requests were bad for a day and longer, although they have been counted at twenty times their usual price and ' +
        'more: load comes faster than replicas start. The message names the standing replicas or the start-up time that would do.',
    },
    Unknown: {
      NotCounted: 'Without `objective.requests` and its `badQuery` nobody can tell.',
      TargetUnavailable: 'Without a target there is nothing to measure.',
      NotYetEvaluated: 'The operator has not looked at this generation yet.',
    },
  },
  ReplayTrusted: {
    meaning: 'What past windows promised of the selected policies, by replay, has come true.',
    True: { AsReplayed: 'Windows brought about what their replay says.' },
    False: {
      OtherwiseThanReplayed:
        'Windows brought something else than their replay says. Selection corrects for it, policy by policy; the message says how much.',
    },
    Unknown: {
      NotSelecting: 'The policy has no `selection`.',
      TooFewWindows: 'Too few windows have ended in which a selected policy was in force.',
      TargetUnavailable: 'Without a target there is nothing to measure.',
      NotYetEvaluated: 'The operator has not looked at this generation yet.',
    },
  },
  ActionSuspended: {
    meaning: 'Decisions are not carried out at present.',
    True: {
      SuspendedBySpec: '`suspend` is set.',
      SuspendedByAnnotation: "The annotation autonomic.dev/suspend is 'true'.",
      PreviewMode: "`mode` is 'Preview'.",
      Observing: 'The observation time is not over yet.',
      ConflictingAutoscaler: 'A HorizontalPodAutoscaler or ScaledObject scales the same workload.',
      ConflictingPolicy: 'Another AutonomicPolicy has the same target; neither acts.',
      ManualChange: 'Somebody else changed the replicas lately; that change is respected for a while.',
      RolloutInProgress: 'Pods of the workload are being replaced.',
      TargetPaused: 'The rollout of the workload is paused.',
      ChangesRefused: 'The API server refused several changes in a row; the next try waits.',
      TargetUnavailable: 'The target cannot be used.',
      MetricsUnavailable: 'Metrics are missing or stale.',
      InvalidSpec: 'The specification has an error.',
      JournalUnavailable: 'An intention cannot be made durable, so nothing is begun.',
    },
    False: { Acting: 'Decisions are carried out.' },
    Unknown: { NotYetEvaluated: 'The operator has not looked at this generation yet.' },
  },
  ScaleDownHeld: {
    meaning:
      'The replicas are not lowered at present, whether or not the load asks for fewer; they may be raised.',
    True: {
      ThreatFreeze:
        'An attack on the namespace is suspected: nothing is lowered, and nothing ordered that the measured load does not need.',
      CorrelatedDrop:
        'Many workloads of the cluster, the namespace or the same source of metrics dropped at once: taken for a failure of the measuring for up to 30 minutes.',
      RolledBack: 'The last decrease hurt the objective and was undone; the next one waits.',
      RollbackBreaker: 'Three decreases within a day hurt the objective and were undone.',
      SuddenDrop:
        'Demand fell at once to a level that it has not been at before; it must last three minutes.',
      SuddenDropPace: 'The same for the hour that follows: at most 10 % fewer replicas in five minutes.',
      ObjectiveViolated: 'An indicator or the share of bad requests is beyond its bound now.',
      ErrorBudgetBurning: 'The error budget of the objective is being spent too fast.',
      AnomalyHold:
        'The workload does what it does not usually do; `status.workloads[].anomalies` says what and since when.',
      DataSettling: 'Metrics were missing a moment ago; three good evaluations in a row are needed.',
      WarmingUp: 'Demand has been known without a gap for too short a time.',
    },
    False: { Free: 'A decrease that the load asks for would be carried out.' },
    Unknown: {
      TargetUnavailable: 'Without a target there is nothing to lower.',
      NotYetEvaluated: 'The operator has not looked at this generation yet.',
    },
  },
  ThreatSuspected: {
    meaning: 'An attack on the namespace of the policy is suspected.',
    True: {
      Frozen:
        'The suspicion is strong enough that nothing is lowered, and nothing ordered that the measured load does not need.',
      Noticed: 'There is evidence, too weak to freeze anything; see the events of the operator.',
    },
    False: { NothingSuspected: 'There is no evidence in what is watched.' },
    Unknown: {
      NotWatched: 'Nobody looks for threats: `threats` of the chart is switched off.',
      NotYetEvaluated: 'The operator has not looked at this generation yet.',
    },
  },
  BaselineKnown: {
    meaning: 'It is known what is usual for the workload, so that an anomaly can be told from it.',
    True: { Known: 'A day of the workload, or more, has been seen.' },
    False: {
      Learning:
        'Less than a day of the workload has been seen, live or in the history of Prometheus: only what is missing or leaks is told of.',
    },
    Unknown: {
      Disabled: "`anomaly.mode` is 'Disabled'.",
      TargetUnavailable: 'Without a target there is nothing to learn.',
      NotYetEvaluated: 'The operator has not looked at this generation yet.',
    },
  },
  Degraded: {
    meaning: 'Something that the policy could have is missing; it works with less.',
    True: {
      KnowledgeStoreUnavailable:
        'Decisions and outcomes cannot be stored for later; they wait in the journal.',
      JournalUnavailable: 'The journal cannot be written.',
      PrometheusUnreachable:
        'Prometheus does not answer; the replicas are held where nothing else measures the load.',
      ScrapeFailing:
        'Too few pods have answered `objective.requests.scrape` for a while; the requests come from Prometheus, later. The message says why.',
      ForecastFailed: 'The forecaster failed; the measured load alone decides.',
      NoHeadroom:
        'Replicas that were ordered do not come: no node has room, or a quota or webhook refuses their pods.',
      StatusRefused:
        'The API server refuses the status, mostly because the installed CustomResourceDefinition is older than the operator; decisions alone are written.',
    },
    False: { AsExpected: 'Everything is there.' },
    Unknown: { NotYetEvaluated: 'The operator has not looked at this generation yet.' },
  },
} as const;

export type ConditionType = keyof typeof CONDITIONS;
export type ConditionStatus = 'True' | 'False' | 'Unknown';
export const CONDITION_STATUSES = ['True', 'False', 'Unknown'] as const satisfies readonly ConditionStatus[];
export const CONDITION_TYPES = Object.keys(CONDITIONS) as ConditionType[];

type ReasonsOf<Type extends ConditionType> = {
  [Status in ConditionStatus]: keyof (typeof CONDITIONS)[Type][Status];
}[ConditionStatus];

/** Every reason that a condition of this type can have. */
export type ConditionReason<Type extends ConditionType = ConditionType> = Type extends ConditionType
  ? ReasonsOf<Type>
  : never;

/** The one status that a reason stands for. */
export function statusOf<Type extends ConditionType>(
  type: Type,
  reason: ConditionReason<Type>,
): ConditionStatus {
  const catalogue = CONDITIONS[type];
  const status = CONDITION_STATUSES.find((candidate) => Object.hasOwn(catalogue[candidate], reason));
  if (status === undefined) throw new RangeError(`condition ${type} has no reason '${reason}'`);
  return status;
}
