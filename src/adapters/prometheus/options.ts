import { z } from 'zod';

const filePath = z.string().startsWith('/', { error: 'must be an absolute path' }).max(4096);

/** Headers that the client writes itself, or that carry a secret that belongs in a file. */
const RESERVED_HEADERS: ReadonlyMap<string, string> = new Map([
  ['authorization', 'put the token in bearerTokenFile'],
  ['proxy-authorization', 'secrets belong in files'],
  ['cookie', 'secrets belong in files'],
  ['host', 'it follows from url'],
  ['content-type', 'the client sets it'],
  ['content-length', 'the client sets it'],
  ['transfer-encoding', 'the client sets it'],
  ['accept-encoding', 'answers are counted in bytes and must not be compressed'],
  ['connection', 'the client sets it'],
]);

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, { error: 'is not a header name' })
  .superRefine((name, context) => {
    const reason = RESERVED_HEADERS.get(name.toLowerCase());
    if (reason !== undefined)
      context.addIssue({ code: 'custom', message: `${name} cannot be set: ${reason}` });
  });
const headerValue = z
  .string()
  .max(4096)
  .regex(/^[\x20-\x7e]*$/, { error: 'must be printable ASCII on one line' });

const address = z.string().superRefine((text, context) => {
  const problem = addressProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

function addressProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return 'must be a URL such as http://prometheus.monitoring:9090';
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `must begin with http:// or https://, found ${url.protocol}//`;
  if (url.username !== '' || url.password !== '')
    return 'must not carry a user or password: use bearerTokenFile';
  if (url.search !== '' || url.hash !== '') return 'must not carry a query or fragment';
  return undefined;
}

const seconds = (least: number, most: number): z.ZodNumber => z.number().min(least).max(most);

/**
 * How to reach Prometheus or a compatible engine. The administrator's, never a policy's: whoever chooses the
 * address decides where the credentials go.
 */
export const prometheusOptionsSchema = z
  .strictObject({
    url: address.describe('Base address; a path such as /prometheus in it is kept.'),
    bearerTokenFile: filePath
      .optional()
      .describe('File with a bearer token, read again at most each minute.'),
    tls: z
      .strictObject({
        caFile: filePath.optional().describe("PEM bundle that replaces the system's authorities."),
        certFile: filePath
          .optional()
          .describe(
            'Client certificate, PEM, together with keyFile. Files are read again at most each minute.',
          ),
        keyFile: filePath.optional().describe('Key of the client certificate, PEM.'),
        serverName: z
          .string()
          .min(1)
          .max(253)
          .optional()
          .describe("Name to check the server's certificate against, where it differs from the URL's host."),
      })
      .refine((tls) => (tls.certFile === undefined) === (tls.keyFile === undefined), {
        error: 'certFile and keyFile go together: set both or none',
      })
      .optional()
      .describe('Certificates; without it the system decides whom to trust.'),
    headers: z
      .record(headerName, headerValue)
      .default({})
      .describe('Further request headers, for example X-Scope-OrgID of Mimir. Not for secrets.'),
    deadlineSeconds: seconds(0.1, 120).default(5).describe("Until a query's answer must be complete."),
    // Parsing 5 MB holds the event loop for less than 200 ms, 50 MB for 1.7 s.
    maxAnswerBytes: z
      .int()
      .min(1000)
      .max(100_000_000)
      .default(5_000_000)
      .describe('Longest answer that is read.'),
    // Prometheus itself runs 20 (`--query.max-concurrency`) for everybody.
    maxConcurrentQueries: z.int().min(1).max(100).default(8).describe('Queries at the same time.'),
    scrapeIntervalSeconds: seconds(1, 600)
      .default(30)
      .describe(
        'How often Prometheus scrapes what policies read. Samples older than three of these, and at least 90 s, are stale.',
      ),
    rateWindowSeconds: seconds(5, 3600)
      .optional()
      .describe(
        'Window of rate() for pod and node CPU; by default four scrape intervals, and at least 60 s.',
      ),
    maxClockSkewSeconds: seconds(1, 600)
      .default(30)
      .describe(
        "Largest disagreement between Prometheus's clock and the operator's before samples count as unknown.",
      ),
    nodeLabel: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'is not a label name' })
      .default('node')
      .describe("Label of cAdvisor's series that holds the node's name."),
    breaker: z
      .strictObject({
        failures: z
          .int()
          .min(1)
          .max(1000)
          .default(5)
          .describe('Failures in a row, without a success between them, that open the breaker.'),
        pauseSeconds: seconds(0.1, 600)
          .default(5)
          .describe('First pause; it doubles with each failed trial, up to maxPauseSeconds.'),
        maxPauseSeconds: seconds(0.1, 3600).default(60).describe('Longest pause.'),
      })
      .prefault({})
      .describe('When to leave a Prometheus alone that does not answer.'),
  })
  .describe('How to reach Prometheus or a compatible engine.');

export type PrometheusOptions = z.output<typeof prometheusOptionsSchema>;

/** ms after which a sample is stale: three missed scrapes, but never less than 90 s. */
export function staleAfterMs(options: Pick<PrometheusOptions, 'scrapeIntervalSeconds'>): number {
  return Math.max(3 * options.scrapeIntervalSeconds, 90) * 1000;
}

/** Seconds of the `rate()` window for pod and node CPU. */
export function rateWindowSeconds(
  options: Pick<PrometheusOptions, 'scrapeIntervalSeconds' | 'rateWindowSeconds'>,
): number {
  return Math.ceil(options.rateWindowSeconds ?? Math.max(4 * options.scrapeIntervalSeconds, 60));
}
