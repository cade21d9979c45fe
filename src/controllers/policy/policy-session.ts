import type { PolicyStatus } from '../../api/policy-status.ts';
import type { ForecastTier } from '../../loop/analyze/peak/tier.ts';
import type { Environment, LoopEvent } from '../../loop/event.ts';
import type { Decision } from '../../loop/execute/decision.ts';
import { inFlight } from '../../loop/execute/intent.ts';
import { recordOf } from '../../loop/execute/journal-record.ts';
import { preflight } from '../../loop/execute/preflight.ts';
import { judgeRecovery, mayStillArrive } from '../../loop/execute/recover.ts';
import type { RecallQuery } from '../../loop/knowledge/recall/nearest.ts';
import type { LoopEffect } from '../../loop/loop-effect.ts';
import type { Observation } from '../../loop/monitor/observation.ts';
import { objectiveTerms } from '../../loop/monitor/objective.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import { recollect, type Recollection } from '../../loop/recollection.ts';
import { withLearned } from '../../loop/learned-state.ts';
import { step } from '../../loop/step.ts';
import { createPolicyState, type PolicyState } from '../../loop/state.ts';
import { withPredictions } from './outlook/outlook-values.ts';
import { policyConditions } from './status/policy-conditions.ts';
import { withRunbooks } from './status/runbook-status.ts';
import { observedStatus, withApplied, withEnding, withIntent, withProposal } from './status/policy-status.ts';
import { readTarget } from './read-target.ts';
import { recover } from './recovery.ts';
import type { SessionPorts } from './session-ports.ts';
import { StatusLost, type StatusKeeper } from './status/status-keeper.ts';

/** What a session has from the checkpoint of an earlier process. */
export interface RestoredDemands {
  /** When the checkpoint was taken, ms since the epoch. */
  readonly at: number;
  /** Keys of the demand series that go on from it. */
  readonly keys: ReadonlySet<string>;
}

/** One policy between the watch and the loop: feeds it events, carries out its effects, keeps its status. */
export class PolicySession {
  readonly #ports: SessionPorts;
  readonly #status: StatusKeeper;
  #policy: PolicyView;
  #state: PolicyState;
  /** What came of situations like the present one, when it was last asked. */
  #recollection: Recollection | undefined;
  /** Undefined when the policy begins anew. */
  readonly restored: RestoredDemands | undefined;

  private constructor(
    ports: SessionPorts,
    status: StatusKeeper,
    { policy, state, restored }: Begun & { readonly policy: PolicyView },
  ) {
    this.#ports = ports;
    this.#status = status;
    this.#policy = policy;
    this.#state = state;
    this.restored = restored;
  }

  /**
   * Takes the policy over from whoever served it before, bringing a decision that was in flight to its one ending.
   * Undefined while that cannot be told: nothing is decided on a guess.
   */
  static async open(
    ports: SessionPorts,
    status: StatusKeeper,
    policy: PolicyView,
    autoTier: ForecastTier,
  ): Promise<PolicySession | undefined> {
    const now = ports.clock.now();
    const stored = await status.refresh();
    const recovery = await recover({
      policy,
      status: stored,
      journal: ports.journal,
      readTarget: () => readTarget(ports, policy),
      now,
    });
    if (recovery === undefined) return undefined;
    status.set(recovery.status);
    const begun = await begin(
      ports,
      policy,
      createPolicyState(policy, now, { ...recovery.remembered, autoTier }),
    );
    const session = new PolicySession(ports, status, { policy, ...begun });
    if (recovery.resumed !== undefined) {
      session.#rememberApplied(recovery.resumed.decision);
      await session.dispatch({ type: 'Resumed', ...recovery.resumed });
    }
    return session;
  }

  get uid(): string {
    return this.#policy.uid;
  }

  get state(): PolicyState {
    return this.#state;
  }

  /** One turn of the loop, with everything that follows from it, and the status written if it is worth it. */
  async tick(policy: PolicyView, observation: Observation): Promise<void> {
    this.#policy = policy;
    await this.#resolveUnknown();
    await this.dispatch({ type: 'Tick', observation });
    await this.#status.flush();
  }

  /** Runs an event and all events that its effects answer with. */
  async dispatch(event: LoopEvent): Promise<void> {
    const events: LoopEvent[] = [event];
    for (let next = events.shift(); next !== undefined; next = events.shift()) {
      const startedAt = this.#ports.clock.monotonic();
      const { state, effects, report } = step(this.#state, next, this.#environment());
      this.#state = state;
      if (next.type === 'Tick')
        this.#ports.telemetry.stepped((this.#ports.clock.monotonic() - startedAt) / 1000);
      if (report !== undefined) {
        const { current } = this.#status;
        const conditions = policyConditions(
          current.conditions ?? [],
          this.#policy,
          report,
          this.#ports.health(),
        );
        const observed = observedStatus(current, this.#policy, report, conditions);
        const explained = withRunbooks(observed, this.#policy, report, this.#ports.memory.runbookFor);
        this.#status.set(withPredictions(explained, current, this.#ports.predictions(this.#policy)));
        this.#ports.fleet.observe(this.#policy, report);
        if (report.features !== undefined)
          this.#ports.memory.rememberFeatures(this.#policy, report.at, report.features);
        this.#ports.telemetry.reported(this.#policy, report);
      }
      for (const effect of effects) {
        const answer = await this.#carryOut(effect);
        if (answer !== undefined) events.push(answer);
      }
    }
  }

  #environment(): Environment {
    const { clock, newId, leadership, fleet, threat } = this.#ports;
    const { tickSeconds, outcomeWindowSeconds, situationWindowSeconds } = this.#ports;
    return {
      now: clock.now(),
      policy: this.#policy,
      decisionId: newId(),
      epoch: leadership.epoch(),
      acting: leadership.isLeader(),
      tickSeconds,
      outcomeWindowSeconds,
      situationWindowSeconds,
      fleet: fleet.view(this.#policy.uid),
      fleetAnomalies: fleet.anomalies(this.#policy.uid),
      unusualCost: fleet.cost(this.#policy.uid),
      threat: threat(this.#policy.namespace),
      recollection: this.#recollection,
    };
  }

  async #carryOut(effect: LoopEffect): Promise<LoopEvent | undefined> {
    switch (effect.type) {
      case 'StoreIntent':
        return this.#storeIntent(effect.decision);
      case 'ApplyReplicas':
        return this.#apply(effect.decision);
      case 'RecordApplied':
        await this.#record({ kind: 'Applied', decisionId: effect.decision.id, at: effect.at });
        this.#rememberApplied(effect.decision);
        this.#ports.telemetry.decided(effect.decision.action, 'Applied');
        this.#status.set(withApplied(this.#status.current, effect.decision));
        return undefined;
      case 'RecordClosed': {
        const { decision, outcome } = effect.closed;
        await this.#record({ kind: 'Closed', decisionId: decision.id, at: outcome.at, outcome });
        this.#ports.telemetry.closed(effect.closed);
        this.#status.set(withEnding(this.#status.current, effect.closed));
        return undefined;
      }
      case 'RecordAborted': {
        const { decision } = effect.closed;
        await this.#record({ kind: 'Aborted', decisionId: decision.id, ...effect.refusal });
        this.#ports.telemetry.decided(decision.action, 'Aborted');
        this.#status.set(withEnding(this.#status.current, effect.closed));
        return undefined;
      }
      case 'RecordProposal':
        await this.#record(recordOf('Proposal', effect.decision));
        this.#ports.telemetry.decided(effect.decision.action, 'Proposed');
        this.#status.set(withProposal(this.#status.current, effect.decision));
        return undefined;
      case 'RecordSituation':
        this.#ports.memory.rememberSituation(effect.situation);
        return undefined;
      case 'RecordAttribution':
        this.#ports.memory.rememberAttribution(effect.attributed);
        return undefined;
      case 'RecordAnomaly':
        this.#ports.memory.rememberAnomaly(effect.anomaly);
        return undefined;
      case 'AskMemory':
        this.#recollection = this.#recollected(effect.query);
        return undefined;
      case 'Announce':
        this.#ports.telemetry.announce(this.#policy, effect);
        return undefined;
    }
  }

  #recollected(query: RecallQuery): Recollection | undefined {
    const recall = this.#ports.memory.recall(query);
    return recall && recollect(recall);
  }

  #rememberApplied(decision: Decision): void {
    this.#ports.memory.rememberApplied(decision, objectiveTerms(this.#policy.spec.objective));
  }

  /** First the journal, then the compare-and-swap that a later leader will find: durable twice before any effect. */
  async #storeIntent(decision: Decision): Promise<LoopEvent> {
    const refused = (reason: string, error: unknown): LoopEvent => ({
      type: 'Refused',
      decisionId: decision.id,
      at: this.#ports.clock.now(),
      reason,
      message: messageOf(error),
    });
    try {
      await this.#ports.journal.append(recordOf('Intent', decision));
    } catch (error) {
      return refused('JournalUnavailable', error);
    }
    this.#ports.telemetry.decided(decision.action, 'Intended');
    try {
      await this.#status.swap(withIntent(this.#status.current, decision, this.#ports.outcomeWindowSeconds));
    } catch (error) {
      // Somebody else's decision stands in the status: writing on would wipe it out. Recovery ends this one.
      if (error instanceof StatusLost) throw error;
      return refused('IntentNotStored', error);
    }
    return { type: 'IntentStored', decisionId: decision.id };
  }

  async #apply(decision: Decision): Promise<LoopEvent | undefined> {
    const { clock, leadership, newest, targets } = this.#ports;
    const target = await readTarget(this.#ports, this.#policy);
    const current = newest(this.#policy);
    const refusal = preflight(decision, {
      now: clock.now(),
      target,
      policy: current && { generation: current.generation, suspended: current.suspendedByAnnotation },
      acting: leadership.isLeader(),
    });
    if (refusal !== undefined) return { type: 'Refused', decisionId: decision.id, ...refusal };
    if ('problem' in target) return undefined;
    const { id: decisionId, from, to } = decision;
    const written = await targets.writeReplicas({ decisionId, from, to, workload: target });
    const at = clock.now();
    if (written.result === 'Applied') return { type: 'Applied', decisionId, at };
    if (written.result === 'Refused') {
      return { type: 'Refused', decisionId, at, reason: written.reason, message: written.message };
    }
    this.#ports.log.warn('Lost the answer to a change; reading the target to find out', { decisionId });
    return undefined;
  }

  /** A change whose answer was lost: the target itself tells what became of it. */
  async #resolveUnknown(): Promise<void> {
    const { execution } = this.#state;
    if (!inFlight(execution)) return;
    const { decision } = execution;
    if (execution.phase === 'Intending') {
      // An error came between the decision and its storing; nothing was sent.
      const message = 'the decision was interrupted before it was stored';
      const at = this.#ports.clock.now();
      return this.dispatch({ type: 'Refused', decisionId: decision.id, at, reason: 'Interrupted', message });
    }
    const pending = {
      decisionId: decision.id,
      targetUid: decision.target.uid,
      previousReplicas: decision.from,
      nextReplicas: decision.to,
    };
    const verdict = judgeRecovery(pending, await readTarget(this.#ports, this.#policy));
    const at = this.#ports.clock.now();
    if (verdict === 'Applied') await this.dispatch({ type: 'Applied', decisionId: decision.id, at });
    if (verdict === 'Unknown' || verdict === 'Applied' || mayStillArrive(decision.at, at)) return;
    const message = 'the answer was lost, and the target does not carry the change';
    await this.dispatch({ type: 'Refused', decisionId: decision.id, at, reason: verdict, message });
  }

  /** Endings are owed: a journal that fails now is reported, and the status still tells how it ended. */
  async #record(record: Parameters<SessionPorts['journal']['append']>[0]): Promise<void> {
    try {
      await this.#ports.journal.append(record);
    } catch (error) {
      this.#ports.log.error('Could not write to the journal', { kind: record.kind, error: messageOf(error) });
    }
  }

  get status(): PolicyStatus {
    return this.#status.current;
  }
}

interface Begun {
  readonly state: PolicyState;
  readonly restored: RestoredDemands | undefined;
}

/** What status, target and journal say, with what was learned before the restart where that is known. */
async function begin({ checkpoint }: SessionPorts, policy: PolicyView, found: PolicyState): Promise<Begun> {
  const stored = await checkpoint.restore(policy.uid);
  if (stored === undefined) return { state: found, restored: undefined };
  const state = withLearned(found, stored.learned, policy);
  const kept = state.demands.filter((demand) => stored.learned.demands.includes(demand));
  return { state, restored: { at: stored.at, keys: new Set(kept.map(({ key }) => key)) } };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
