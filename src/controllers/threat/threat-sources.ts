import type { ThreatOptions } from '../../adapters/audit/options.ts';
import type { RefusalsAnswer } from '../../adapters/audit/server-refusals.ts';
import { isLearning } from '../../loop/analyze/threat/burst-watch.ts';
import type { ThreatState } from '../../loop/analyze/threat/threat-state.ts';
import type { ThreatSource } from '../../loop/analyze/threat/threat-view.ts';

/** What the watch knows of its sources at one moment. Times in ms since the epoch. */
export interface SourceFacts {
  readonly now: number;
  readonly options: ThreatOptions;
  readonly state: ThreatState;
  readonly bindingsProblem: string | undefined;
  readonly lastAt: { readonly audit: number | undefined; readonly alert: number | undefined };
  readonly refusals: RefusalsAnswer | undefined;
  /** Workloads of which both bytes and requests are known. */
  readonly traffic: number;
}

/** An API server is never silent for so long when its audit policy is the one in docs/threats.md: leases are renewed. */
export const SILENT_MS = 600_000;

/** Each source of evidence and whether it says anything now. Missing is said, and never taken for quiet. */
export function threatSources(facts: SourceFacts): readonly ThreatSource[] {
  return [bindings(facts), pods(), audit(facts), falco(facts), server(facts), traffic(facts)];
}

function bindings({ options, bindingsProblem }: SourceFacts): ThreatSource {
  const name = 'Bindings';
  if (!options.bindings) return { name, state: 'Off', message: 'switched off: threats.bindings' };
  if (bindingsProblem !== undefined) return { name, state: 'Unknown', message: bindingsProblem };
  return { name, state: 'Active', message: 'all roles and bindings are watched' };
}

/** Their list is complete before the first round. */
function pods(): ThreatSource {
  return { name: 'Pods', state: 'Active', message: 'all pods are watched' };
}

function audit({ options, lastAt, now, state }: SourceFacts): ThreatSource {
  const name = 'Audit';
  if (options.receiver?.audit !== true) {
    return { name, state: 'Off', message: 'no receiver of audit events is configured: threats.receiver' };
  }
  if (lastAt.audit === undefined) return { name, state: 'Unknown', message: 'no audit events have come yet' };
  const silentMs = now - lastAt.audit;
  if (silentMs > SILENT_MS) {
    return { name, state: 'Unknown', message: `no audit events for ${Math.round(silentMs / 60_000)} min` };
  }
  if (isLearning(state.audit)) return { name, state: 'Learning', message: 'what is usual is being learnt' };
  return { name, state: 'Active', message: 'audit events come in' };
}

/** Falco is silent while nothing happens: of an alert that never came nothing can be said. */
function falco({ options, lastAt }: SourceFacts): ThreatSource {
  const name = 'Falco';
  if (options.receiver?.falco !== true) {
    return { name, state: 'Off', message: 'no receiver of alerts is configured: threats.receiver.falco' };
  }
  if (lastAt.alert === undefined) {
    return {
      name,
      state: 'Unknown',
      message: 'no alert has come yet: nothing happened, or nobody sends them',
    };
  }
  return { name, state: 'Active', message: 'alerts have come in' };
}

function server({ options, refusals, state }: SourceFacts): ThreatSource {
  const name = 'ApiServerMetrics';
  if (!options.apiServerMetrics)
    return { name, state: 'Off', message: 'switched off: threats.apiServerMetrics' };
  if (refusals === undefined) return { name, state: 'Unknown', message: 'not asked yet' };
  if ('missing' in refusals) return { name, state: 'Unknown', message: refusals.missing };
  if (isLearning(state.server)) return { name, state: 'Learning', message: 'what is usual is being learnt' };
  return { name, state: 'Active', message: 'refused requests are counted, without users and addresses' };
}

function traffic({ traffic: workloads }: SourceFacts): ThreatSource {
  const name = 'Traffic';
  return workloads === 0
    ? { name, state: 'Unknown', message: 'of no workload are both the bytes sent and the requests known' }
    : { name, state: 'Active', message: `bytes and requests of ${workloads} workloads are known` };
}
