import { z } from 'zod';

const filePath = z.string().startsWith('/', { error: 'must be an absolute path' }).max(4096);

const receiverSchema = z
  .strictObject({
    host: z.string().min(1).default('0.0.0.0').describe('Address to listen on.'),
    port: z.int().min(0).max(65_535).default(8081).describe('Serves `/audit` and `/falco`.'),
    audit: z
      .boolean()
      .default(true)
      .describe("Takes in what the API server's audit webhook sends to `/audit`."),
    falco: z.boolean().default(false).describe('Takes in what Falco or Falcosidekick sends to `/falco`.'),
    tokenFile: filePath.describe(
      'File with the bearer token that senders must show; read again at most each minute.',
    ),
    tls: z
      .strictObject({
        certFile: filePath.describe('Certificate, PEM, read again each minute.'),
        keyFile: filePath.describe('Its key, PEM.'),
      })
      .optional()
      .describe(
        'The API server sends its token over TLS only: without this something else must end TLS before the operator.',
      ),
    maxBodyBytes: z
      .int()
      .min(1024)
      .max(64 * 1024 * 1024)
      .default(4 * 1024 * 1024)
      .describe('Longest body that is read; a longer one is refused with 413.'),
  })
  .describe('Receiver of audit events and Falco alerts; there is none when this is left out.');

/** What the operator looks at to notice threats. The administrator's, as all of its configuration. */
export const threatOptionsSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Looks for threats at all.'),
    bindings: z
      .boolean()
      .default(true)
      .describe(
        'Watches roles and their bindings in the whole cluster; the chart grants the reading of them only where this is set.',
      ),
    apiServerMetrics: z
      .boolean()
      .default(true)
      .describe(
        "Asks Prometheus once a minute how many requests the API server refused; of use where the API server's own metrics are scraped.",
      ),
    quietSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(300)
      .describe('A finding by counts or alerts is over after so long without evidence.'),
    expireHours: z
      .int()
      .min(1)
      .max(720)
      .default(8)
      .describe(
        'A finding by a binding or a pod is over after so long, when nobody removes or acknowledges it.',
      ),
    lookbackMinutes: z
      .int()
      .min(0)
      .max(1440)
      .default(10)
      .describe(
        'Without a stored state, bindings and pods younger than this are news; what is older is taken for what was always there.',
      ),
    receiver: receiverSchema.optional(),
  })
  .prefault({})
  .describe(
    'Watching for attacks and grave mistakes (see docs/threats.md). It informs and freezes, and never changes anything.',
  );

export type ThreatOptions = z.output<typeof threatOptionsSchema>;
export type ReceiverOptions = z.output<typeof receiverSchema>;
