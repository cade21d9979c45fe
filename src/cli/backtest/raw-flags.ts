import { rawFlags } from '../raw-flags.ts';

const text = { type: 'string' } as const;
const yes = { type: 'boolean' } as const;
const OPTIONS = {
  input: { type: 'string', multiple: true },
  column: text,
  'skip-bad-rows': yes,
  prometheus: text,
  'prometheus-token-file': text,
  'prometheus-ca-file': text,
  'scrape-interval': text,
  workload: text,
  query: text,
  since: text,
  until: text,
  step: text,
  policy: text,
  namespace: { type: 'string', short: 'n' },
  kubeconfig: text,
  context: text,
  warmup: text,
  settle: text,
  days: text,
  startup: text,
  'slo-wait': text,
  'slo-target': text,
  'metric-age': text,
  arrivals: text,
  queues: text,
  'service-variation': text,
  faults: yes,
  seed: text,
  'replica-capacity': text,
  'min-replicas': text,
  'max-replicas': text,
  price: text,
  rivals: text,
  frontier: yes,
  jobs: text,
  output: { type: 'string', short: 'o' },
  'output-file': text,
  progress: yes,
} as const;

type Raw = ReturnType<typeof rawFlags<{ options: typeof OPTIONS; allowPositionals: true }>>;

/** Each flag as it was written, by its name. */
export type RawFlags = Raw['values'];

/** Flags and other words of a command line, not yet looked at. @throws UsageError for flags that there are not */
export function parseRaw(args: readonly string[]): Raw {
  return rawFlags(args, { options: OPTIONS, allowPositionals: true });
}
