import type { Logger } from '../../adapters/log/logger.ts';
import {
  createFleetAnomalies,
  fleetAnomalyView,
  type FleetAnomalyView,
  forgetMemberAnomalies,
  observeMemberAnomalies,
  surveyAnomalies,
} from '../../loop/analyze/anomaly/fleet/fleet-anomalies.ts';
import type { Call } from '../../loop/analyze/anomaly/attribution/call-graph.ts';
import {
  createFleetState,
  fleetView,
  forgetMember,
  observeMember,
  surveyFleet,
  type FleetReport,
} from '../../loop/guard/fleet-state.ts';
import type { FleetView } from '../../loop/guard/fleet-view.ts';
import type { Evidence } from '../../loop/analyze/anomaly/anomaly.ts';
import {
  createNamespaceCosts,
  forgetMemberCost,
  observeMemberCost,
  surveyCosts,
} from '../../loop/analyze/anomaly/fleet/namespace-costs.ts';
import { SLOT } from '../../loop/monitor/features/schema.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { LoopReport } from '../../loop/report.ts';
import type { Clock } from '../../runtime/clock.ts';

/** All policies of this process looked at together: what each reported, and what that means for the others. */
export class FleetWatch {
  readonly #fleet = createFleetState();
  readonly #anomalies = createFleetAnomalies();
  readonly #costs = createNamespaceCosts();
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #calls: (namespace: string) => readonly Call[];

  /** @param calls who calls whom in a namespace; empty when nobody knows */
  constructor(clock: Clock, log: Logger, calls: (namespace: string) => readonly Call[]) {
    this.#clock = clock;
    this.#log = log;
    this.#calls = calls;
  }

  /** Called before each round, when all have reported the one before. */
  survey(): void {
    for (const { message, until } of surveyFleet(this.#fleet, this.#clock.now())) {
      this.#log.warn('Holds decreases of many workloads', {
        why: message,
        until: new Date(until).toISOString(),
      });
    }
    surveyCosts(this.#costs, this.#clock.now());
    for (const { kind, workloads } of surveyAnomalies(this.#anomalies, this.#clock.now(), this.#calls)) {
      this.#log.warn('Many workloads show the same anomaly at once', { kind, workloads: workloads.length });
    }
  }

  /** What the whole fleet shows, one number for each kind. */
  get fleetWide(): readonly { readonly kind: string; readonly workloads: number }[] {
    return this.#anomalies.fleetWide.map(({ kind, workloads }) => ({ kind, workloads: workloads.length }));
  }

  view(uid: string): FleetView | undefined {
    return fleetView(this.#fleet, uid, this.#clock.now());
  }

  /** What is unusual about the cost of the namespace, where this policy is the one to tell of it. */
  cost(uid: string): Evidence | undefined {
    return this.#costs.found.get(uid);
  }

  anomalies(uid: string): FleetAnomalyView | undefined {
    return fleetAnomalyView(this.#anomalies, uid);
  }

  observe(policy: PolicyView, report: LoopReport): void {
    const seen = fleetReport(policy, report);
    if (seen !== undefined) observeMember(this.#fleet, report.at, seen);
    const { uid, namespace } = policy;
    const rate = report.features?.[SLOT.costRate] ?? NaN;
    observeMemberCost(this.#costs, { uid, namespace, rate, at: report.at });
    const { anomalies } = report;
    if (anomalies === undefined) return;
    const { ladder, open, surprises, measured } = anomalies;
    observeMemberAnomalies(this.#anomalies, report.at, {
      uid: policy.uid,
      namespace: policy.namespace,
      workload: policy.spec.targetRef.name,
      ladder,
      open: open.map(({ kind, signal, openedAt }) => ({ kind, signal, since: openedAt })),
      surprises: surprises.map(({ surprise }) => surprise),
      measured,
    });
  }

  forget(uid: string): void {
    forgetMember(this.#fleet, uid);
    forgetMemberAnomalies(this.#anomalies, uid);
    forgetMemberCost(this.#costs, uid);
  }
}

/** What of a tick concerns the others; undefined when nothing was measured. */
export function fleetReport(
  { uid, namespace, spec }: PolicyView,
  { target, planning, monitoring, execution }: LoopReport,
): FleetReport | undefined {
  if ('problem' in target || planning === undefined) return undefined;
  const { minReplicas, maxReplicas } = spec.horizontal;
  const { proposed, recommended, results, reactive } = planning;
  const measured = (monitoring?.metrics ?? []).flatMap(({ name, type }, index) => {
    const result = results[index];
    if (type === 'Requests')
      return reactive === undefined ? [] : [{ source: 'requests', replicas: reactive }];
    if (result?.usable !== true) return [];
    return [{ source: type === 'Resource' ? name : 'queries', replicas: result.replicas }];
  });
  return {
    uid,
    namespace,
    current: target.specReplicas,
    wanted: proposed === undefined ? undefined : Math.min(Math.max(proposed, minReplicas), maxReplicas),
    needs: measured,
    decided: execution.phase === 'Intending' ? recommended : undefined,
  };
}
