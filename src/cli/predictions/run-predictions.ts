import { PrometheusClient } from '../../adapters/prometheus/client.ts';
import { outlookHistory, type HourlyHistory } from '../../adapters/prometheus/outlook-history.ts';
import {
  OUTLOOK_RESOURCES,
  OUTLOOK_SERIES,
  type OutlookResource,
} from '../../adapters/prometheus/outlook-queries.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { HISTORY_HOURS, knownHours } from '../../loop/analyze/outlook/hourly-series.ts';
import { outlook } from '../../loop/analyze/outlook/outlook.ts';
import { clusterPolicy } from '../backtest/cluster-policy.ts';
import type { TriedPolicy } from '../backtest/simulated-policy.ts';
import { InputError, type Terminal } from '../verb.ts';
import { readVersion } from '../version.ts';
import { parseFlags, type PredictionFlags, type Resource } from './flags.ts';
import type { Prediction } from './prediction.ts';
import { predictionDocument } from './prediction-document.ts';
import { predictionTable } from './prediction-table.ts';
import { costView, resourceView, type AbsentResource, type ResourceView } from './resource-view.ts';

const HOUR_MS = 3_600_000;

/** What to do about each way to fail, where the message does not say it already. */
const REMEDIES: Readonly<Record<string, string>> = {
  Unreachable: 'check the address and that this machine may reach it (kubectl port-forward helps)',
  Unauthorized: 'give a token with --prometheus-token-file',
  BadAnswer: 'check that the address is that of a Prometheus, with its path prefix',
};

/** @throws UsageError, InputError */
export async function runPredictions(args: readonly string[], terminal: Terminal): Promise<void> {
  const flags = parseFlags(args);
  const policy = await clusterPolicy(flags.policy, readVersion());
  const prediction = await predict(flags, policy, terminal);
  const { hourly, format } = flags;
  terminal.out(
    format === 'json'
      ? `${JSON.stringify(predictionDocument(prediction), null, 2)}\n`
      : predictionTable(prediction, { hourly, wide: format === 'wide' }),
  );
}

async function predict(flags: PredictionFlags, policy: TriedPolicy, terminal: Terminal): Promise<Prediction> {
  const { kind, name } = policy.spec.targetRef;
  const hour = Math.floor(Date.now() / HOUR_MS);
  const pasts = await readPasts(flags, policy, { hour, terminal });
  const resources = [...pasts].flatMap(([resource, past]) =>
    viewsOf(resource, past, { flags, policy, hour }),
  );
  const absent = resources.filter((each) => 'absent' in each);
  if (absent.length === resources.length) {
    const reasons = absent.map((each) => `${each.resource}: ${each.absent}`).join('; ');
    throw new InputError(`no forecast for ${kind} ${name} in namespace ${policy.namespace}: ${reasons}`);
  }
  const hours = Math.max(
    ...[...pasts.values()].map(({ firstHour, means }) => knownHours({ firstHour, values: means })),
  );
  return {
    policy: `${policy.namespace}/${flags.policy.name}`,
    target: `${kind} ${name}`,
    from: hour * HOUR_MS,
    historyDays: Math.round(hours / 24),
    resources,
  };
}

async function readPasts(
  { prometheus, resource }: PredictionFlags,
  { namespace, spec: { targetRef } }: TriedPolicy,
  { hour, terminal }: { readonly hour: number; readonly terminal: Terminal },
): Promise<ReadonlyMap<OutlookResource, HourlyHistory>> {
  const wanted = OUTLOOK_RESOURCES.filter(
    (each) => resource === undefined || each === (resource === 'cost' ? 'replicas' : resource),
  );
  const workload = { namespace, kind: targetRef.kind, name: targetRef.name };
  const span = { firstHour: hour - HISTORY_HOURS, endHour: hour };
  const client = new PrometheusClient(prometheus, { now: Date.now, random: Math.random });
  const pasts = new Map<OutlookResource, HourlyHistory>();
  try {
    for (const each of wanted) {
      const history = await outlookHistory(client, prometheus, { resource: each, workload, ...span });
      if (!history.ok) throw new InputError(problemText(prometheus.url, history.error));
      for (const warning of history.value.warnings)
        terminal.err(`warning: ${each}: Prometheus warns: ${warning}\n`);
      pasts.set(each, history.value);
    }
  } finally {
    await client.close();
  }
  return pasts;
}

function problemText(url: string, error: { readonly message: string; readonly code?: string }): string {
  const remedy = REMEDIES[error.code ?? ''];
  return `--prometheus ${url}: ${error.message}${remedy === undefined ? '' : `; ${remedy}`}`;
}

interface Context {
  readonly flags: PredictionFlags;
  readonly policy: TriedPolicy;
  readonly hour: number;
}

/** The resource, and with the replicas what they cost; of the two, those that are asked for. */
function viewsOf(
  resource: OutlookResource,
  { firstHour, means, maxima }: HourlyHistory,
  { flags, policy, hour }: Context,
): readonly (ResourceView | AbsentResource)[] {
  const names: readonly Resource[] = resource === 'replicas' ? ['replicas', 'cost'] : [resource];
  const asked = names.filter((name) => flags.resource === undefined || flags.resource === name);
  const seen = outlook({ means: { firstHour, values: means }, maxima: { firstHour, values: maxima } }, hour);
  const price = policy.spec.objective?.replicaHourPrice;
  return asked.map((name) => {
    if ('absent' in seen) {
      return { resource: name, absent: `${seen.absent}; it is read from ${OUTLOOK_SERIES[resource]}` };
    }
    if (name !== 'cost') return resourceView(name, seen, hour);
    if (price === undefined)
      return { resource: name, absent: 'the policy has no spec.objective.replicaHourPrice' };
    return costView(seen, parseQuantity(price), hour);
  });
}
