import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deployment } from '../hack/demo/manifests.ts';
import { installChart, startOperatorProcess } from '../hack/demo/operator-process.ts';
import { manifest, openStage, type Stage } from '../hack/demo/stage.ts';
import type { KubeClient } from '../src/adapters/kubernetes/client.ts';
import { generateDemand } from '../src/simulate/demand.ts';
import { seededRandom } from '../src/simulate/random.ts';
import { WORLD_CONFIG } from '../src/simulate/world-config.ts';
import { administrator, untilAll, type OperatorProcess, type PolicyObject } from './operator-run.ts';
import { CROWD_SIZE, joinCrowd } from './process-crowd.ts';
import { findings, GOAL_SECONDS, type Start } from './process-findings.ts';
import { watchMemory } from './process-memory.ts';
import {
  HISTORY_SAMPLES,
  namespaceOf,
  NAMESPACE,
  SHOP,
  shopPolicy,
  TOO_FEW_REPLICAS,
} from './process-objects.ts';
import type { Findings, Suite } from './suite.ts';

const STARTS = 5;
const HISTORY_MS = 14 * 86_400_000;

/** The usual 70 % of a replica's capacity. */
const PER_REPLICA = 0.7 * WORLD_CONFIG.requestsPerCoreSecond;
const BASE_RATE = 80;

/** The real operator, as the chart's ServiceAccount, on a real control plane and a real Prometheus with a past. */
export const processSuite: Suite = {
  name: 'process',
  title: 'The operator as a process, on a real control plane',
  run: async ({ seed, progress }): Promise<Findings> => {
    const stage = await openBenchStage(seed, progress);
    const client = await administrator(stage);
    const stopStage = async (): Promise<void> => {
      await client.close();
      await stage.stop();
    };
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        void stopStage().finally(() => process.exit(130));
      });
    }
    try {
      await installChart(stage.cluster, {
        helm: stage.cluster.tools.helm,
        prometheusUrl: stage.prometheus.url,
      });
      const starts: Start[] = [];
      let operator: OperatorProcess | undefined;
      for (let run = 1; run <= STARTS; run += 1) {
        await operator?.stop();
        await reset(stage);
        progress(`start ${run} of ${STARTS}`);
        const started = await start(stage, client, run);
        operator = started.operator;
        starts.push(started.milestones);
        if (started.milestones.decided > 1000 * GOAL_SECONDS) progress(await operator.tail());
      }
      if (operator === undefined) throw new Error('no operator was started');
      progress('waiting for quiet');
      const idle = await watchMemory(operator);
      progress(`${CROWD_SIZE} policies`);
      const crowded = await joinCrowd(stage, client, operator);
      await operator.stop();
      return findings(starts, idle, crowded);
    } finally {
      await stopStage();
    }
  },
};

async function openBenchStage(seed: number, progress: (line: string) => void): Promise<Stage> {
  const from = Date.now() - HISTORY_MS;
  const shape = {
    baseRate: BASE_RATE,
    dailySwing: 0.3,
    peakHour: 14,
    weekendFactor: 0.8,
    noise: 0.05,
    burstsPerDay: 1,
    burstFactor: 0.4,
  };
  const demand = generateDemand(shape, { from, to: Date.now() + 86_400_000 }, seededRandom(seed));
  return openStage({
    workloads: [{ ...SHOP, demand, cpuRequestCores: 1 }],
    from,
    startUpSeconds: 2,
    scrapeIntervalSeconds: 15,
    objects: [namespaceOf(NAMESPACE), deployment(SHOP, TOO_FEW_REPLICAS)],
    progress,
  });
}

/** As before the operator was ever there: too few replicas, and a policy that nobody has looked at. */
async function reset({ cluster, prometheus }: Stage): Promise<void> {
  const inNamespace = ['--namespace', NAMESPACE];
  await cluster.kubectl(['delete', 'autonomicpolicy', SHOP.name, '--ignore-not-found', ...inNamespace]);
  await cluster.kubectl([
    'scale',
    `deployment/${SHOP.name}`,
    `--replicas=${TOO_FEW_REPLICAS}`,
    ...inNamespace,
  ]);
  const settled = `{.status.readyReplicas}=${TOO_FEW_REPLICAS}`;
  await cluster.kubectl([
    'wait',
    `deployment/${SHOP.name}`,
    `--for=jsonpath=${settled}`,
    '--timeout=120s',
    ...inNamespace,
  ]);
  await untilMeasured(prometheus.url);
  await cluster.kubectl(['apply', '--filename', '-'], manifest([shopPolicy(PER_REPLICA)]));
}

/**
 * The load must be in Prometheus before a decision about it can be expected, and must stay there: a rate needs two
 * samples of each pod, and those that the reset has left may be young. Pods that went leave the window after a minute.
 */
async function untilMeasured(url: string): Promise<void> {
  const requests = `http_requests_total{namespace="${NAMESPACE}"}[1m]`;
  const query = [
    `sum(rate(${requests})) > ${BASE_RATE / 4}`,
    `count(count by (pod) (count_over_time(${requests}))) == ${TOO_FEW_REPLICAS}`,
    `min(count_over_time(${requests})) >= 3`,
  ].join(' and on() ');
  const deadline = performance.now() + 180_000;
  while (performance.now() < deadline) {
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
    const { data } = (await response.json()) as { data: { result: readonly unknown[] } };
    if (data.result.length > 0) return;
    await sleep(1000);
  }
  throw new Error('Prometheus has not measured the load of the benchmark within 180 s');
}

type Holds = (policies: readonly PolicyObject[]) => boolean;

const MILESTONES: Record<keyof Start, Holds> = {
  recommended: ([shop]) => shop?.status?.workloads?.[0]?.recommendedReplicas !== undefined,
  decided: ([shop]) => shop?.status?.decisions?.some(({ state }) => state === 'Applied') === true,
  learned: ([shop]) => (shop?.status?.workloads?.[0]?.forecast?.samples ?? 0) > HISTORY_SAMPLES,
};

async function start(
  stage: Stage,
  client: KubeClient,
  run: number,
): Promise<{ operator: OperatorProcess; milestones: Start }> {
  const stateDirectory = join(stage.cluster.dir, `operator-${run}`);
  const operator = await startOperatorProcess(stage.cluster, {
    keeper: stage.cluster.tools.keeper,
    stateDirectory,
  });
  const watch = { client, namespace: NAMESPACE, operator, timeoutMs: 120_000, pollMs: 50 };
  return { operator, milestones: await untilAll(watch, MILESTONES) };
}
