import { resolve } from 'node:path';
import { prometheusOptionsSchema, type PrometheusOptions } from '../../adapters/prometheus/options.ts';
import { UsageError } from '../verb.ts';
import { parseDuration } from './flag-values.ts';
import type { RawFlags } from './raw-flags.ts';

type PrometheusFlags = Pick<RawFlags, 'prometheus-token-file' | 'prometheus-ca-file' | 'scrape-interval'>;

/** A command may wait longer for an answer than a loop that ticks, and read more. */
const PATIENCE = { deadlineSeconds: 60, maxAnswerBytes: 20_000_000 };

/** @throws UsageError when the address or the interval is wrong */
export function prometheusOptions(values: PrometheusFlags, url: string): PrometheusOptions {
  const { 'prometheus-token-file': token, 'prometheus-ca-file': ca, 'scrape-interval': interval } = values;
  const parsed = prometheusOptionsSchema.safeParse({
    url,
    ...PATIENCE,
    ...(token === undefined ? {} : { bearerTokenFile: resolve(token) }),
    ...(ca === undefined ? {} : { tls: { caFile: resolve(ca) } }),
    ...(interval === undefined
      ? {}
      : { scrapeIntervalSeconds: parseDuration('--scrape-interval', interval, { least: 1, most: 600 }) }),
  });
  if (parsed.success) return parsed.data;
  // Of what is given here, only the address can still be wrong.
  throw new UsageError(`--prometheus ${parsed.error.issues[0]?.message ?? 'is wrong'}`);
}
