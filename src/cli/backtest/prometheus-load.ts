import { PrometheusClient } from '../../adapters/prometheus/client.ts';
import { workloadTotal } from '../../adapters/prometheus/history.ts';
import { scopeToNamespace } from '../../adapters/prometheus/promql.ts';
import type { PromqlProblem } from '../../adapters/prometheus/promql-problem.ts';
import { rangeTrace } from '../../adapters/prometheus/range-trace.ts';
import type { Result } from '../../adapters/prometheus/result.ts';
import { InputError } from '../verb.ts';
import type { Load } from './load.ts';
import type { LoadSource, Workload } from './source-flags.ts';

type PrometheusSource = Extract<LoadSource, { kind: 'prometheus' }>;

/** What to do about each way to fail, where the message does not say it already. */
const REMEDIES: Readonly<Record<string, string>> = {
  Unreachable: 'check the address and that this machine may reach it (kubectl port-forward helps)',
  Timeout: 'ask for a shorter --since or a longer --step',
  Unauthorized: 'give a token with --prometheus-token-file',
  BadAnswer: 'check that the address is that of a Prometheus, with its path prefix',
};

/**
 * The past load of a workload from Prometheus: of a query, or else the CPU cores that its pods used together.
 * @throws InputError
 */
export async function prometheusLoad(
  source: PrometheusSource,
  warn: (message: string) => void,
): Promise<Load> {
  const { options, start, end, stepSeconds, workload } = source;
  const where = `--prometheus ${options.url}`;
  const query = queryOf(source);
  if (!query.ok) throw new InputError(`--query: ${query.error.message}`);
  const client = new PrometheusClient(options, { now: Date.now, random: Math.random });
  try {
    const answer = await rangeTrace(client, options, { query: query.value, start, end, stepSeconds });
    if (!answer.ok) {
      const { code, message } = answer.error;
      throw new InputError(`${where}: ${message}; ${REMEDIES[code] ?? remedyFor(message, source)}`);
    }
    const { times, values, warnings } = answer.value;
    if (warnings.length > 0)
      warn(`Prometheus warns: ${warnings.join(', ')}; those parts are left out as gaps`);
    const name = workload === undefined ? 'query' : `${workload.namespace}/${workload.name}`;
    return { name, group: name, source: `${where}: ${query.value.text}`, times, values, skippedRows: 0 };
  } finally {
    await client.close();
  }
}

/** Confined to the workload's namespace, as a policy's queries are; as it was written where no workload is named. */
function queryOf({ query, workload, options }: PrometheusSource): Result<{ text: string }, PromqlProblem> {
  if (workload === undefined) return { ok: true, value: { text: query ?? '' } };
  return query === undefined
    ? workloadTotal(options, 'cpu', workload)
    : scopeToNamespace(query, workload.namespace);
}

function remedyFor(message: string, { workload, query }: PrometheusSource): string {
  if (message.startsWith('no data before')) return 'ask for less with --since';
  if (message.startsWith('no data after')) return 'end the range earlier with --until';
  if (!message.startsWith('no data')) return 'correct the query';
  return query === undefined && workload !== undefined
    ? noPods(workload)
    : 'check the query in the web page of Prometheus';
}

function noPods({ namespace, kind, name }: Workload): string {
  return (
    `check that there is a ${kind} ${name} in namespace ${namespace} and that its containers are scraped ` +
    '(container_cpu_usage_seconds_total), or give a --query of your own'
  );
}
