import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { ClusterAccessError } from './adapters/kubernetes/kubeconfig.ts';
import { createLogger } from './adapters/log/logger.ts';
import { ConfigError, parseOperatorConfig, type OperatorConfig } from './operator/config.ts';
import { startOperator } from './operator/operator.ts';
import { systemClock } from './runtime/clock.ts';

// The composition root: the only reader of arguments, environment, signals, clock and chance.

const USAGE = `autonomic-operator --config FILE [--kubeconfig FILE] [--context NAME]

  --config FILE      configuration (YAML); see docs/reference/configuration.md
  --kubeconfig FILE  the cluster; without it, the pod's own service account, or $KUBECONFIG
  --context NAME     a context of the kubeconfig; its current one by default
  --version          print the version and exit`;

/** Exit code of a wrong call or configuration, as of most command line tools. */
const EXIT_USAGE = 2;

interface Arguments {
  readonly config: OperatorConfig;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** @throws ConfigError with one line that says what is wrong. */
function readArguments(argv: readonly string[]): Arguments | 'version' | 'help' {
  const { values } = parseCommandLine(argv);
  if (values.version === true) return 'version';
  if (values.help === true) return 'help';
  if (values.config === undefined) throw new ConfigError('--config is missing: name the configuration file');
  const config = parseOperatorConfig(readYaml(values.config), `--config ${values.config}`);
  return { config, kubeconfig: values.kubeconfig ?? process.env['KUBECONFIG'], context: values.context };
}

function parseCommandLine(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        config: { type: 'string' },
        kubeconfig: { type: 'string' },
        context: { type: 'string' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Node explains some mistakes on several lines.
    throw new ConfigError(`${firstLine(error)}; see --help for what there is`, { cause: error });
  }
}

function readYaml(path: string): unknown {
  const text = readText(path);
  try {
    // By default warnings go to standard error, beside the one line that says what is wrong.
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    throw new ConfigError(`--config ${path}: is not valid YAML: ${firstLine(error)}`, { cause: error });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`--config ${path}: name a file that can be read, found ${firstLine(error)}`, {
      cause: error,
    });
  }
}

function firstLine(error: unknown): string {
  return ((error as Error).message.split('\n', 1)[0] ?? '').replace(/[.:]$/, '');
}

async function run({ config, kubeconfig, context }: Arguments): Promise<number> {
  const version = readVersion();
  const log = createLogger(config.log.level);
  const host = process.env['KUBERNETES_SERVICE_HOST'];
  const port = process.env['KUBERNETES_SERVICE_PORT'];
  log.info('Started the operator', { version, node: process.version });
  const operator = await startOperator(config, {
    access: {
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
      ...(host === undefined || port === undefined ? {} : { inCluster: { host, port } }),
    },
    version,
    identity: `${process.env['POD_NAME'] ?? hostname()}_${randomBytes(4).toString('hex')}`,
    clock: systemClock,
    random: Math.random,
    newId: () => randomBytes(8).toString('hex'),
    environment: process.env,
    log,
    exitNow: () => process.exit(1),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info('Was told to stop', { signal });
      void operator.stop();
    });
  }
  const why = await operator.done;
  log.info('Ended', { why });
  return why === 'stopped' ? 0 : 1;
}

async function main(): Promise<number> {
  try {
    const given = readArguments(process.argv.slice(2));
    if (given === 'version' || given === 'help') {
      process.stdout.write(`${given === 'version' ? readVersion() : USAGE}\n`);
      return 0;
    }
    return await run(given);
  } catch (error) {
    // One line, whatever the text: a key of the configuration may hold a line break.
    const message = (error as Error).message.replaceAll(/\s*\n\s*/g, ' ');
    process.stderr.write(`autonomic-operator: ${message}\n`);
    return error instanceof ConfigError || error instanceof ClusterAccessError ? EXIT_USAGE : 1;
  }
}

process.exit(await main());
