import type { PrometheusOptions } from '../../adapters/prometheus/options.ts';
import { FEATURE_NAMES } from '../../loop/knowledge/dataset/feature-rows.ts';
import type { FeatureName } from '../../loop/monitor/features/schema.ts';
import { parseChoice, parseDuration } from '../backtest/flag-values.ts';
import { prometheusOptions } from '../backtest/prometheus-options.ts';
import type { PolicySource } from '../backtest/source-flags.ts';
import { parsePastTime } from '../past-time.ts';
import { rawFlags } from '../raw-flags.ts';
import { UsageError } from '../verb.ts';

const FORMATS = ['table', 'json', 'yaml'] as const;

/** Where samples come from. */
export type DataSource =
  | {
      readonly kind: 'files';
      readonly paths: readonly string[];
      readonly skipBadRows: boolean;
      /** Features by the names of the columns that are called otherwise. */
      readonly columns: ReadonlyMap<string, FeatureName>;
      readonly counters: ReadonlySet<FeatureName>;
    }
  | {
      readonly kind: 'prometheus';
      readonly policy: PolicySource;
      readonly options: PrometheusOptions;
      /** ms since the epoch. */
      readonly start: number;
      readonly end: number;
    };

export interface ValidateFlags {
  readonly source: DataSource;
  readonly format: (typeof FORMATS)[number];
  readonly emit?: string;
}

const text = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;
const OPTIONS = {
  input: many,
  map: many,
  counter: many,
  'skip-bad-rows': { type: 'boolean' },
  prometheus: text,
  'prometheus-token-file': text,
  'prometheus-ca-file': text,
  'scrape-interval': text,
  since: text,
  until: text,
  policy: text,
  namespace: { type: 'string', short: 'n' },
  kubeconfig: text,
  context: text,
  emit: text,
  output: { type: 'string', short: 'o' },
} as const;

type Values = ReturnType<typeof rawFlags<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];

const FOR_FILES = ['map', 'counter', 'skip-bad-rows'] as const;
const FOR_PROMETHEUS = [
  'prometheus-token-file',
  'prometheus-ca-file',
  'scrape-interval',
  'since',
  'until',
  'policy',
  'namespace',
  'kubeconfig',
  'context',
] as const;

const HOUR = 3600;
const YEAR = 366 * 24 * HOUR;

/** @throws UsageError */
export function parseValidateFlags(args: readonly string[], now: number): ValidateFlags {
  const { values, positionals } = rawFlags(args, { options: OPTIONS, allowPositionals: true });
  const { emit, output = 'table' } = values;
  if (emit === '') throw new UsageError('--emit is empty: name a file');
  return {
    source: sourceOf(values, positionals, now),
    format: parseChoice('--output', output, FORMATS),
    ...(emit === undefined ? {} : { emit }),
  };
}

function sourceOf(values: Values, positionals: readonly string[], now: number): DataSource {
  const { input: paths = [], prometheus } = values;
  if (paths.length > 0 && prometheus !== undefined) {
    throw new UsageError('--input and --prometheus are two sources of samples: use one of them');
  }
  if (prometheus !== undefined) {
    refuse(values, FOR_FILES, 'goes with --input');
    return prometheusSource(values, positionals, { url: prometheus, now });
  }
  if (paths.length === 0) {
    throw new UsageError('nothing to look at: name a policy and --prometheus, or CSV files with --input');
  }
  if (paths.includes('')) throw new UsageError('--input is empty: name a file or folder');
  const [extra] = positionals;
  if (extra !== undefined) throw new UsageError(`unexpected argument "${extra}" beside --input`);
  refuse(values, FOR_PROMETHEUS, 'goes with --prometheus');
  return {
    kind: 'files',
    paths,
    skipBadRows: values['skip-bad-rows'] ?? false,
    columns: new Map((values.map ?? []).map(parseColumn)),
    counters: new Set((values.counter ?? []).map((name) => parseFeature('--counter', name))),
  };
}

function refuse(values: Values, flags: readonly (keyof Values)[], why: string): void {
  const found = flags.find((flag) => values[flag] !== undefined);
  if (found !== undefined) throw new UsageError(`--${found} ${why}`);
}

function prometheusSource(
  values: Values,
  positionals: readonly string[],
  { url, now }: { readonly url: string; readonly now: number },
): DataSource {
  const since = parseDuration('--since', values.since ?? '14d', { least: HOUR, most: YEAR });
  const end = parsePastTime('--until', values.until, now);
  return {
    kind: 'prometheus',
    policy: policySource(values, positionals),
    options: prometheusOptions(values, url),
    start: end - since * 1000,
    end,
  };
}

function policySource(values: Values, [name, extra]: readonly string[]): PolicySource {
  const { policy: path, namespace, kubeconfig, context } = values;
  if (extra !== undefined)
    throw new UsageError(`unexpected argument "${extra}" after the name of the policy`);
  if (path !== undefined) {
    if (name !== undefined)
      throw new UsageError('--policy names a file, and POLICY one of the cluster: use one of them');
    refuse(values, ['namespace', 'kubeconfig', 'context'], 'goes with a policy of the cluster');
    return { kind: 'file', path };
  }
  if (name === undefined) throw new UsageError('name an AutonomicPolicy, or its manifest with --policy');
  return {
    kind: 'cluster',
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  };
}

function parseColumn(mapping: string): [string, FeatureName] {
  const at = mapping.lastIndexOf('=');
  if (at <= 0)
    throw new UsageError(`--map must be COLUMN=FEATURE such as value=requestRate, found "${mapping}"`);
  return [mapping.slice(0, at), parseFeature('--map', mapping.slice(at + 1))];
}

function parseFeature(flag: string, name: string): FeatureName {
  const found = FEATURE_NAMES.find((feature) => feature === name);
  if (found !== undefined) return found;
  throw new UsageError(`${flag}: "${name}" is no feature; known are: ${FEATURE_NAMES.join(', ')}`);
}
