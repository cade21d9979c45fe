import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { TraceError } from '../../src/adapters/csv/trace-error.ts';
import type { Accounts } from '../world/workload.ts';
import { freePort } from '../controlplane/ports.ts';
import { ForecastWatch } from './forecast-watch.ts';
import { deployment, horizontalPodAutoscaler, namespaces, OURS, policy, TWIN } from './manifests.ts';
import { installChart, RELEASE, runHelm, startOperatorProcess } from './operator-process.ts';
import { saleScenario, traceScenario, type Scenario } from './scenario.ts';
import { manifest, openStage, type Stage } from './stage.ts';
import { accountsSince, forecastSummary, summary } from './summary.ts';
import { HEADER, look, row, slowSince } from './view.ts';

// One command, from nothing to a Deployment that is scaled ahead of its load, beside a twin that the real HPA scales.

const ROOT = join(import.meta.dirname, '../..');
const OURS_KEY = `${OURS.namespace}/${OURS.name}`;
const TWIN_KEY = `${TWIN.namespace}/${TWIN.name}`;
const ROW_MS = 15_000;

/** Ten minutes by default: here the changes follow each other faster, and each deserves a verdict. */
const OUTCOME_WINDOW_SECONDS = 60;

/** Half an hour by default: a demonstration of a quarter of one remembers its minutes. */
const SITUATION_WINDOW_SECONDS = 60;

/** Long enough for the first measurements, short enough for a quarter of an hour. */
const OBSERVATION_SECONDS = 30;

/** Events tell a decision with all that led to it; whoever reads twenty of them wants how they begin. */
const EVENT_WIDTH = 230;

type AllAccounts = ReadonlyMap<string, Accounts>;

const started = Date.now();

function say(line: string): void {
  console.log(`[${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s] ${line}`);
}

function chooseScenario(): Scenario {
  const { values } = parseArgs({
    options: { trace: { type: 'string' }, minutes: { type: 'string', default: '15' } },
  });
  const minutes = Number.parseFloat(values.minutes);
  if (!(minutes >= 4 && minutes <= 60))
    throw new TraceError(`--minutes must be between 4 and 60, found ${values.minutes}`);
  // The operator, the chart and the pods need this long before the load begins to move.
  const begin = Date.now() + 60_000;
  return values.trace === undefined ? saleScenario(begin, minutes) : traceScenario(values.trace, begin);
}

async function prepare(scenario: Scenario): Promise<Stage> {
  const { demand, from, initialReplicas } = scenario;
  return openStage({
    workloads: [OURS, TWIN].map((target) => ({ ...target, demand, cpuRequestCores: 1 })),
    from,
    startUpSeconds: 25,
    scrapeIntervalSeconds: 15,
    objects: [...namespaces(), deployment(OURS, initialReplicas), deployment(TWIN, initialReplicas)],
    progress: say,
  });
}

async function watch(
  { cluster, world }: Stage,
  { demand, minutes }: Scenario,
  forecasts: ForecastWatch,
  signal: AbortSignal,
): Promise<void> {
  const begin = Date.now();
  let before: AllAccounts = new Map(world.accounts());
  console.log(`\n${HEADER}`);
  for (let next = begin + ROW_MS; next <= begin + minutes * 60_000; next += ROW_MS) {
    await sleep(Math.max(0, next - Date.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const { ours, twin, horizonSeconds } = await look(cluster);
    const at = Date.now();
    const now = new Map(world.accounts());
    const slow = {
      ours: slowSince(before.get(OURS_KEY), now.get(OURS_KEY)),
      twin: slowSince(before.get(TWIN_KEY), now.get(TWIN_KEY)),
    };
    const foreseen = await forecasts.foreseen(at, horizonSeconds ?? Infinity);
    console.log(row({ at, demand: demand(at), ours, twin, forecasts: foreseen, slow }, begin));
    before = now;
  }
}

function cutLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.slice(0, EVENT_WIDTH))
    .join('\n');
}

interface Played {
  readonly stateDirectory: string;
  readonly since: AllAccounts;
  readonly forecasts: ForecastWatch;
}

async function autonomicCli(args: readonly string[]): Promise<string> {
  const cli = join(ROOT, 'src/cli/kubectl-autonomic.ts');
  return (await promisify(execFile)(process.execPath, [cli, ...args])).stdout;
}

async function tell({ cluster, world }: Stage, { stateDirectory, since, forecasts }: Played): Promise<void> {
  const inOurs = ['--namespace', OURS.namespace];
  const show = async (title: string, output: Promise<string>): Promise<void> => {
    console.log(`\n$ ${title}\n${(await output).trimEnd()}`);
  };
  await show('kubectl get apol', cluster.kubectl(['get', 'apol', ...inOurs]));
  const events = cluster.kubectl(['events', '--for', 'autonomicpolicy/shop', ...inOurs]);
  await show(`kubectl events --for autonomicpolicy/shop | cut -c -${EVENT_WIDTH}`, events.then(cutLines));
  const store = join(stateDirectory, 'knowledge');
  await show('kubectl autonomic decisions --store knowledge', autonomicCli(['decisions', '--store', store]));
  const explain = ['explain', OURS.name, ...inOurs, '--kubeconfig', cluster.kubeconfig];
  await show(`kubectl autonomic explain ${OURS.name}`, autonomicCli(explain));
  const accounts = world.accounts();
  const [ours, twin] = [OURS_KEY, TWIN_KEY].map((key) => accountsSince(since.get(key), accounts.get(key)));
  if (ours === undefined || twin === undefined) return;
  console.log(`\nWhat it came to, under the same load:\n\n${summary(ours, twin)}\n`);
  console.log(`${forecastSummary(forecasts.log.judged)}\n`);
}

async function play(stage: Stage, scenario: Scenario, signal: AbortSignal): Promise<void> {
  const { cluster, prometheus } = stage;
  const { helm, keeper } = cluster.tools;
  say('waiting for both Deployments to be ready');
  for (const { namespace, name } of [OURS, TWIN]) {
    await cluster.kubectl([
      'rollout',
      'status',
      `deployment/${name}`,
      '--namespace',
      namespace,
      '--timeout=120s',
    ]);
  }
  say('installing the chart');
  await installChart(cluster, {
    helm,
    prometheusUrl: prometheus.url,
    config: {
      outcomeWindowSeconds: OUTCOME_WINDOW_SECONDS,
      knowledge: { windowSeconds: SITUATION_WINDOW_SECONDS },
    },
  });
  say("starting the operator as the chart's ServiceAccount");
  const stateDirectory = join(cluster.dir, 'operator');
  const httpPort = await freePort();
  const operator = await startOperatorProcess(cluster, { keeper, stateDirectory, httpPort });
  say('applying the policy, and a HorizontalPodAutoscaler to the twin');
  await cluster.kubectl(
    ['apply', '--filename', '-'],
    manifest([policy(OBSERVATION_SECONDS), horizontalPodAutoscaler()]),
  );
  const since = new Map(stage.world.accounts());
  const operatorUrl = `http://127.0.0.1:${httpPort}/metrics`;
  const forecasts = new ForecastWatch({ operatorUrl, prometheusUrl: prometheus.url });
  try {
    await watch(stage, scenario, forecasts, signal);
  } finally {
    forecasts.stop();
  }
  say('stopping the operator: what it knows goes to LanceDB');
  await operator.stop();
  await tell(stage, { stateDirectory, since, forecasts });
  await runHelm(cluster, helm, ['uninstall', RELEASE.name, '--namespace', RELEASE.namespace]);
}

async function main(): Promise<number> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (interrupted.signal.aborted) process.exit(130);
      say('stopping; once more to leave at once');
      interrupted.abort();
    });
  }
  const scenario = chooseScenario();
  say(`the load: ${scenario.title}`);
  const stage = await prepare(scenario);
  try {
    await play(stage, scenario, interrupted.signal);
  } finally {
    say('taking everything down');
    await stage.stop();
  }
  say('done; nothing is left running');
  return interrupted.signal.aborted ? 130 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof TraceError ? 2 : 1;
}
