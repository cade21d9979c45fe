import { FeatureBackfill } from '../controllers/knowledge/feature-backfill.ts';
import { operatorMemory } from '../controllers/knowledge/operator-memory.ts';
import type { PolicyMemory } from '../controllers/knowledge/policy-memory.ts';
import { SituationIndex } from '../controllers/knowledge/situation-index.ts';
import type { ClusterMirror } from '../controllers/policy/cluster-mirror.ts';
import type { DecisionReward } from '../loop/knowledge/reward/decision-reward.ts';
import { createRunbooks } from './runbooks.ts';
import type { Frame } from './wiring.ts';

/** What the operator remembers of its policies. */
export interface Memory {
  readonly policies: PolicyMemory;
  /** Of the leader: stores, reads what earlier processes have stored, and follows runbooks until the signal aborts. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** When the signal has aborted: waits for what is under way. */
  readonly close: () => Promise<void>;
  /** Deletes what is remembered of a policy, here and in the store. */
  readonly forget: (policyUid: string) => void;
}

/** As long as the store keeps features. */
const FEATURE_DAYS = 7;

/** So long past situations wait for a store that is filled; then they are read from the journal alone. */
const STORE_DEADLINE_MS = 60_000;

export function createMemory(frame: Frame, mirror: ClusterMirror): Memory {
  const { config, around, parts } = frame;
  const { journal, knowledge, metrics } = parts;
  const { log, clock } = around;
  const onProblem = (problem: string): void => {
    metrics.memory.problems.inc();
    log.warn('Has trouble with the memory', { problem });
  };
  const index = new SituationIndex({
    capacity: config.knowledge.situations,
    store: knowledge,
    journal,
    consenting: () => consenting(mirror),
    monotonic: () => clock.monotonic(),
    onRecall: (seconds, found) => {
      metrics.memory.recallSeconds.observe(seconds);
      metrics.memory.recalled.inc({ result: found > 0 ? 'found' : 'nothing' });
    },
    onProblem,
  });
  metrics.watch('autonomic_situations', 'Past situations in memory.', () => index.size);
  const onReward = ({ action, reward, succeeded }: DecisionReward): void => {
    if (reward !== null) metrics.memory.decisionReward.observe({ action }, reward);
    metrics.memory.decisions.inc({ result: RESULTS[String(succeeded)] ?? 'unknown' });
  };
  const runbooks = createRunbooks(frame);
  const runbookFor = runbooks?.find ?? ((): undefined => undefined);
  const backfill = new FeatureBackfill({
    client: parts.prometheus,
    prometheus: config.prometheus,
    store: knowledge,
    policies: () => [...mirror.policies.values()].flatMap((entry) => (entry.valid ? [entry.view] : [])),
    clock,
    log,
    days: Math.min(FEATURE_DAYS, config.historyDays),
  });
  return {
    policies: operatorMemory({ index, journal, store: knowledge, log, onReward, runbookFor }),
    run: async (signal) => {
      knowledge.start();
      // A store that is new, or that lacks what the journal has, is filled first.
      void knowledge.drain(STORE_DEADLINE_MS).then(async () => {
        await index.load();
        log.info('Read past situations', { situations: index.size });
      });
      await Promise.all([runbooks?.run(signal), backfill.run(signal)]);
    },
    close: async () => runbooks?.close(),
    forget: (policyUid) => {
      index.forget(policyUid);
      journal.append({ kind: 'Forget', at: clock.now(), policyUid }).catch((error: unknown) => {
        onProblem(`what is remembered of policy ${policyUid} is not deleted: ${String(error)}`);
      });
    },
  };
}

const RESULTS: Readonly<Record<string, string>> = { true: 'succeeded', false: 'failed' };

/** Policies that let other namespaces look at their past. */
function consenting({ policies }: ClusterMirror): ReadonlySet<string> {
  const uids = new Set<string>();
  for (const entry of policies.values()) {
    if (entry.valid && entry.view.spec.knowledge.sharing === 'Cluster') uids.add(entry.uid);
  }
  return uids;
}
