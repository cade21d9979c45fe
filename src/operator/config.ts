import { z } from 'zod';
import { threatOptionsSchema } from '../adapters/audit/options.ts';
import { embeddingsOptionsSchema } from '../adapters/embeddings/options.ts';
import { prometheusOptionsSchema } from '../adapters/prometheus/options.ts';

/** What the administrator decides once for the whole operator; policies cannot change any of it. */
export const operatorConfigSchema = z
  .strictObject({
    prometheus: prometheusOptionsSchema,
    tickSeconds: z
      .int()
      .min(1)
      .max(300)
      .default(15)
      .describe('Seconds between two evaluations of a policy, as HPA.'),
    outcomeWindowSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(600)
      .describe('How long the effect of an action is measured before the verdict.'),
    historyDays: z
      .int()
      .min(0)
      .max(60)
      .default(14)
      .describe('Days of history read from Prometheus for a new policy.'),
    fullForecasts: z
      .int()
      .min(0)
      .max(100_000)
      .default(1000)
      .describe(
        "Policies whose `forecast.tier` is 'Auto' and that get the full forecaster, about 64 KB for each of their metrics; those " +
          'beyond get the light one of about 8 KB.',
      ),
    signals: z
      .boolean()
      .default(true)
      .describe(
        'Reads CPU, throttling, memory and network traffic of all workloads with a policy, also where no metric of a policy ' +
          'asks for them: five queries a tick, one after the other, for which no decision waits.',
      ),
    workers: z.int().min(1).max(64).default(8).describe('Policies evaluated at the same time.'),
    leaderElection: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Without it this process must be the only one.'),
        namespace: z.string().min(1).max(63).default('autonomic-system').describe('Namespace of the Lease.'),
        name: z.string().min(1).max(253).default('autonomic-operator').describe('Name of the Lease.'),
      })
      .prefault({})
      .describe('One replica leads: lease 15 s, renewed every 2 s, given up after 10 s without renewal.'),
    stateDirectory: z
      .string()
      .min(1)
      .default('/var/lib/autonomic')
      .describe('Folder of the journal and of the checkpoint.'),
    checkpointSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(60)
      .describe(
        'Seconds between two checkpoints of what was learned about the policies: a crash loses so much at most.',
      ),
    knowledge: z
      .strictObject({
        uri: z
          .string()
          .min(1)
          .optional()
          .describe(
            'Folder or object storage URI of the LanceDB store; a folder beside the journal by default.',
          ),
        windowSeconds: z
          .int()
          .min(30)
          .max(86_400)
          .default(1800)
          .describe(
            'Length of the windows in which what happened to a workload is remembered: how it looked, what was done, what came of it.',
          ),
        situations: z
          .int()
          .min(100)
          .max(100_000)
          .default(20_000)
          .describe(
            'Past windows of workloads that are kept in memory and searched for similar ones, about 750 bytes each; of more, the oldest ' +
              'are only in the store.',
          ),
        runbooks: z
          .strictObject({
            enabled: z
              .boolean()
              .default(false)
              .describe(
                'Reads ConfigMaps with the label `autonomic.dev/runbook: "true"`, for which the operator needs the right to read ' +
                  'ConfigMaps of the whole cluster.',
              ),
          })
          .prefault({})
          .describe('Shows the passage of a runbook that fits an open anomaly.'),
        embeddings: embeddingsOptionsSchema
          .optional()
          .describe(
            'Endpoint that runbooks and descriptions of anomalies are sent to, so that they are also compared by their meaning; none by default.',
          ),
      })
      .prefault({})
      .describe('Where decisions and outcomes are stored for later.'),
    threats: threatOptionsSchema,
    http: z
      .strictObject({
        host: z.string().min(1).default('0.0.0.0').describe('Address to listen on.'),
        port: z.int().min(0).max(65_535).default(8080).describe('Serves /metrics, /healthz and /readyz.'),
      })
      .prefault({})
      .describe('What dashboards and probes ask.'),
    log: z
      .strictObject({
        level: z
          .enum(['error', 'warn', 'info', 'debug'])
          .default('info')
          .describe('Least severity that is logged.'),
      })
      .prefault({})
      .describe('JSON lines on standard error.'),
  })
  .describe('Configuration of the operator');

export type OperatorConfig = z.output<typeof operatorConfigSchema>;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const REFERENCE = 'docs/reference/configuration.md';

/**
 * Checks what was read from the configuration file. Values are not quoted: an address may carry a password.
 * @param source what the user calls the file
 * @throws ConfigError naming every field that is wrong, on one line
 */
export function parseOperatorConfig(value: unknown, source: string): OperatorConfig {
  const result = operatorConfigSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(problemsOf);
  throw new ConfigError(`${source}: ${problems.join('; ')} (see ${REFERENCE})`);
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== 'unrecognized_keys') return [`${pathText(issue.path)}: ${issue.message}`];
  return issue.keys.map((key) => `${pathText([...issue.path, key])}: there is no such field, remove it`);
}

function pathText(path: readonly PropertyKey[]): string {
  return path.join('.') || '(top level)';
}
