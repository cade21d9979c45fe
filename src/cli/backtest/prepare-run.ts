import type { PolicySpec } from '../../api/policy-spec.ts';
import { parseQuantity } from '../../api/quantity.ts';
import type { BacktestConfig } from '../../simulate/backtest-result.ts';
import type { SimulationConfig } from '../../simulate/simulation-config.ts';
import type { Terminal } from '../verb.ts';
import { chosenContenders } from './chosen-contenders.ts';
import { simulationConfig } from './config.ts';
import { configHash } from './digests.ts';
import { fileLoads } from './file-loads.ts';
import type { BacktestFlags } from './flags.ts';
import { firstDays, type Load } from './load.ts';
import { planJobs, type Plan } from './plan.ts';
import { readPolicy } from './read-policy.ts';
import { capacityFor, simplificationsOf, simulatedSpec, type TriedPolicy } from './simulated-policy.ts';
import type { LoadSource } from './source-flags.ts';

/** What is to be replayed, and the configuration as the result shows it. */
export interface PreparedRun {
  readonly plan: Plan;
  readonly config: BacktestConfig;
}

/** Reads all that a backtest needs, and checks it. @throws UsageError, InputError */
export async function prepareRun(
  flags: BacktestFlags,
  version: string,
  terminal: Terminal,
): Promise<PreparedRun> {
  const contenders = chosenContenders(flags.rivals);
  const policy = flags.source.policy && (await readPolicy(flags.source.policy, version));
  const config = simulationConfig(flags.world, policy);
  const loads = await readLoads(withTarget(flags.source.load, policy), terminal);
  const followed = policy && followedBy(policy, flags, config);
  const plan = planJobs(
    loads.map((load) => firstDays(load, flags.days)),
    contenders,
    {
      config,
      warmupSeconds: flags.warmupSeconds,
      frontier: flags.frontier,
      record: flags.format === 'html',
      ...(followed === undefined ? {} : { policy: followed }),
    },
  );
  const price = flags.world.replicaHourPrice ?? priceOf(policy);
  const simplifications = policy === undefined ? [] : simplificationsOf(policy);
  const shown = {
    ...config,
    warmupSeconds: flags.warmupSeconds,
    contenders: contenders.map(({ name }) => name),
    ...(followed === undefined ? {} : { policy: followed }),
    ...(simplifications.length === 0 ? {} : { simplifications }),
    ...(price === undefined ? {} : { replicaHourPrice: price }),
  };
  return { plan, config: { ...shown, version, hash: configHash(shown) } };
}

function followedBy(
  policy: TriedPolicy,
  { world }: BacktestFlags,
  { service }: SimulationConfig,
): PolicySpec {
  return simulatedSpec(policy, capacityFor(policy, world.replicaCapacity), service.requestsPerSecond);
}

function priceOf(policy: TriedPolicy | undefined): number | undefined {
  const price = policy?.spec.objective?.replicaHourPrice;
  return price === undefined ? undefined : parseQuantity(price);
}

/** Where a policy's load comes from: its target, and its requests or else its first metric. */
function withTarget(load: LoadSource, policy: TriedPolicy | undefined): LoadSource {
  if (load.kind === 'files' || policy === undefined) return load;
  const { targetRef, objective, metrics } = policy.spec;
  const { kind, name } = targetRef;
  const query = load.query ?? objective?.requests?.totalQuery ?? metrics[0]?.prometheus?.query;
  return {
    ...load,
    workload: load.workload ?? { namespace: policy.namespace, kind, name },
    ...(query === undefined ? {} : { query }),
  };
}

async function readLoads(source: LoadSource, terminal: Terminal): Promise<Load[]> {
  const warn = (message: string): void => terminal.err(`warning: ${message}\n`);
  if (source.kind === 'files') return fileLoads(source, warn);
  const { prometheusLoad } = await import('./prometheus-load.ts');
  return [await prometheusLoad(source, warn)];
}
