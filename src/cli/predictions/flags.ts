import type { PrometheusOptions } from '../../adapters/prometheus/options.ts';
import { OUTLOOK_RESOURCES } from '../../adapters/prometheus/outlook-queries.ts';
import { parseChoice } from '../backtest/flag-values.ts';
import { prometheusOptions } from '../backtest/prometheus-options.ts';
import type { PolicySource } from '../backtest/source-flags.ts';
import { rawFlags } from '../raw-flags.ts';
import { UsageError } from '../verb.ts';

/** In the order in which they are shown. */
export const RESOURCES = [...OUTLOOK_RESOURCES, 'cost'] as const;
export type Resource = (typeof RESOURCES)[number];

const FORMATS = ['table', 'wide', 'json'] as const;

export interface PredictionFlags {
  readonly policy: Extract<PolicySource, { kind: 'cluster' }>;
  readonly prometheus: PrometheusOptions;
  /** Undefined is all. */
  readonly resource?: Resource;
  readonly hourly: boolean;
  readonly format: (typeof FORMATS)[number];
}

const text = { type: 'string' } as const;
const OPTIONS = {
  prometheus: text,
  'prometheus-token-file': text,
  'prometheus-ca-file': text,
  'scrape-interval': text,
  resource: text,
  hourly: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  namespace: { type: 'string', short: 'n' },
  kubeconfig: text,
  context: text,
} as const;

/** @throws UsageError */
export function parseFlags(args: readonly string[]): PredictionFlags {
  const { values, positionals } = rawFlags(args, { options: OPTIONS, allowPositionals: true });
  const [name, extra] = positionals;
  if (name === undefined) throw new UsageError('name an AutonomicPolicy');
  if (extra !== undefined)
    throw new UsageError(`unexpected argument "${extra}" after the name of the policy`);
  const { prometheus, namespace, kubeconfig, context } = values;
  if (prometheus === undefined)
    throw new UsageError('--prometheus is missing: the address of the server that has the past');
  return {
    policy: {
      kind: 'cluster',
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
    },
    prometheus: prometheusOptions(values, prometheus),
    ...(values.resource === undefined
      ? {}
      : { resource: parseChoice('--resource', values.resource, RESOURCES) }),
    hourly: values.hourly ?? false,
    format: parseChoice('--output', values.output ?? 'table', FORMATS),
  };
}
