import type { PrometheusOptions } from '../../adapters/prometheus/options.ts';
import { parsePastTime } from '../past-time.ts';
import { UsageError } from '../verb.ts';
import { parseDuration } from './flag-values.ts';
import { prometheusOptions } from './prometheus-options.ts';
import type { RawFlags } from './raw-flags.ts';

/** Where the load comes from. */
export type LoadSource =
  | {
      readonly kind: 'files';
      readonly paths: readonly string[];
      readonly column?: string;
      readonly skipBadRows: boolean;
    }
  | {
      readonly kind: 'prometheus';
      readonly options: PrometheusOptions;
      /** ms since the epoch. */
      readonly start: number;
      readonly end: number;
      readonly stepSeconds: number;
      readonly workload?: Workload;
      readonly query?: string;
    };

export interface Workload {
  readonly namespace: string;
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly name: string;
}

/** Where the policy comes from that is to be tried. */
export type PolicySource =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'cluster';
      readonly name: string;
      readonly namespace?: string;
      readonly kubeconfig?: string;
      readonly context?: string;
    };

export interface Source {
  readonly load: LoadSource;
  readonly policy?: PolicySource;
}

const DAY = 86_400;
const DEFAULT_SINCE = '14d';
const DEFAULT_STEP = '60s';

/** Flags that mean something for one kind of source only. */
const FOR_FILES = ['column', 'skip-bad-rows'] as const;
const FOR_PROMETHEUS = [
  'prometheus-token-file',
  'prometheus-ca-file',
  'scrape-interval',
  'workload',
  'query',
  'since',
  'until',
  'step',
] as const;
const FOR_CLUSTER = ['namespace', 'kubeconfig', 'context'] as const;

/** @throws UsageError */
export function parseSource(values: RawFlags, positionals: readonly string[], now: number): Source {
  const policy = parsePolicySource(values, positionals);
  const load = parseLoad(values, policy, now);
  return policy === undefined ? { load } : { load, policy };
}

function parsePolicySource(values: RawFlags, positionals: readonly string[]): PolicySource | undefined {
  const [subject, name, extra] = positionals;
  if (subject === undefined) {
    refuse(values, FOR_CLUSTER, 'goes with "backtest policy NAME"');
    return values.policy === undefined ? undefined : { kind: 'file', path: values.policy };
  }
  if (subject !== 'policy')
    throw new UsageError(`unexpected argument "${subject}"; known are: policy NAME, sizing`);
  if (name === undefined) throw new UsageError('"backtest policy" needs the name of an AutonomicPolicy');
  if (extra !== undefined)
    throw new UsageError(`unexpected argument "${extra}" after the name of the policy`);
  if (values.policy !== undefined) {
    throw new UsageError('--policy names a file, and "backtest policy" one of the cluster: use one of them');
  }
  const { namespace, kubeconfig, context } = values;
  return {
    kind: 'cluster',
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  };
}

function parseLoad(values: RawFlags, policy: PolicySource | undefined, now: number): LoadSource {
  const { input: paths = [], prometheus } = values;
  if (paths.length > 0 && prometheus !== undefined) {
    throw new UsageError('--input and --prometheus are two sources of the load: use one of them');
  }
  if (prometheus !== undefined) {
    refuse(values, FOR_FILES, 'goes with --input');
    return parsePrometheus(values, prometheus, { policy, now });
  }
  if (paths.length === 0) {
    throw new UsageError(
      'nothing to replay: name CSV files or folders with --input, or a server with --prometheus',
    );
  }
  if (paths.includes('')) throw new UsageError('--input is empty: name a file or folder');
  refuse(values, FOR_PROMETHEUS, 'goes with --prometheus');
  return {
    kind: 'files',
    paths,
    skipBadRows: values['skip-bad-rows'] ?? false,
    ...(values.column === undefined ? {} : { column: values.column }),
  };
}

function refuse(values: RawFlags, flags: readonly (keyof RawFlags)[], why: string): void {
  const found = flags.find((flag) => values[flag] !== undefined);
  if (found !== undefined) throw new UsageError(`--${found} ${why}`);
}

function parsePrometheus(
  values: RawFlags,
  url: string,
  { policy, now }: { readonly policy: PolicySource | undefined; readonly now: number },
): LoadSource {
  const { query, workload } = values;
  if (policy?.kind === 'cluster') {
    const found = [query, workload].find((flag) => flag !== undefined);
    if (found !== undefined) throw new UsageError("workload and query are the policy's own: leave them out");
  } else if (query === undefined && workload === undefined) {
    throw new UsageError('--prometheus needs --workload NAMESPACE/NAME, or a --query of your own');
  }
  const stepSeconds = parseDuration('--step', values.step ?? DEFAULT_STEP, { least: 1, most: 3600 });
  if (!Number.isInteger(stepSeconds))
    throw new UsageError(`--step must be whole seconds, found "${values.step ?? ''}"`);
  const since = parseDuration('--since', values.since ?? DEFAULT_SINCE, { least: 3600, most: 366 * DAY });
  const end = parsePastTime('--until', values.until, now);
  return {
    kind: 'prometheus',
    options: prometheusOptions(values, url),
    start: end - since * 1000,
    end,
    stepSeconds,
    ...(workload === undefined ? {} : { workload: parseWorkload(workload) }),
    ...(query === undefined ? {} : { query }),
  };
}

/** @throws UsageError */
export function parseWorkload(text: string): Workload {
  const parts = text.split('/');
  const [namespace = '', name = ''] = [parts[0], parts.at(-1)];
  const kind = parts.length === 2 ? 'deployment' : (parts[1] ?? '').toLowerCase();
  const known = kind === 'deployment' || kind === 'statefulset';
  const valid = known && (parts.length === 2 || parts.length === 3) && namespace !== '' && name !== '';
  if (!valid) {
    throw new UsageError(
      `--workload must be NAMESPACE/NAME of a Deployment or NAMESPACE/statefulset/NAME, found "${text}"`,
    );
  }
  return { namespace, kind: kind === 'deployment' ? 'Deployment' : 'StatefulSet', name };
}
