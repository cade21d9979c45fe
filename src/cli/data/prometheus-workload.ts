import { PrometheusClient } from '../../adapters/prometheus/client.ts';
import { featureHistory } from '../../adapters/prometheus/feature-history.ts';
import type { RawWorkload } from '../../loop/knowledge/dataset/raw-series.ts';
import { readPolicy } from '../backtest/read-policy.ts';
import { readVersion } from '../version.ts';
import type { DataSource } from './validate-flags.ts';

type PrometheusSource = Extract<DataSource, { kind: 'prometheus' }>;

/** What to do about each way to fail, where the message does not say it already. */
const REMEDIES: Readonly<Record<string, string>> = {
  Unreachable: 'check the address and that this machine may reach it (kubectl port-forward helps)',
  Timeout: 'ask for a shorter --since',
  Unauthorized: 'give a token with --prometheus-token-file',
  BadAnswer: 'check that the address is that of a Prometheus, with its path prefix',
};

/** The past of a policy's features. @throws InputError for the policy; Error when the server does not answer */
export async function prometheusWorkload(
  { policy: source, options, start, end }: PrometheusSource,
  warn: (message: string) => void,
): Promise<RawWorkload> {
  const policy = await readPolicy(source, readVersion());
  const { namespace, name = '', uid = '', spec } = policy;
  const client = new PrometheusClient(options, { now: Date.now, random: Math.random });
  try {
    const history = await featureHistory(client, options, { policy: { namespace, spec }, start, end });
    if (!history.ok) {
      const { code, message } = history.error;
      const remedy = REMEDIES[code];
      throw new Error(`--prometheus ${options.url}: ${message}${remedy === undefined ? '' : `; ${remedy}`}`);
    }
    const { warnings, ...raw } = history.value;
    for (const warning of warnings) warn(`Prometheus warns: ${warning}; that part is left out as a gap`);
    const policyUid = source.kind === 'cluster' ? uid : `file/${name}`;
    return { policyUid, namespace, policy: name, ...raw };
  } finally {
    await client.close();
  }
}
