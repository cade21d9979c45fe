import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { request } from 'undici';
import { ensureTools } from '../tools/tools.ts';
import { withFreePort } from './ports.ts';
import { LeashedProcess } from './process.ts';
import { stopOnSignal } from './signals.ts';
import { untilReady } from './wait.ts';

interface ScrapeTarget {
  readonly job: string;
  /** On 127.0.0.1. */
  readonly port: number;
  /** Default `/metrics`. */
  readonly path?: string;
}

export interface PrometheusOptions {
  /** Where data, configuration and log go; made when missing, removed by whoever owns it. */
  readonly dir: string;
  readonly scrape: readonly ScrapeTarget[];
  readonly scrapeIntervalSeconds: number;
  /** OpenMetrics files with time stamps (and `# EOF`) that are there before the first scrape. */
  readonly history?: readonly string[];
  /** Whether SIGINT, SIGTERM and SIGHUP stop it first; a caller with handlers of its own says false. Default true. */
  readonly handleSignals?: boolean;
}

const READY_TIMEOUT_MS = 60_000;

/** A running Prometheus. */
export class PrometheusServer {
  readonly url: string;
  readonly #start: () => Promise<LeashedProcess>;
  readonly #forgetSignals: () => void;
  #process: LeashedProcess;

  constructor(parts: {
    readonly url: string;
    readonly process: LeashedProcess;
    readonly start: () => Promise<LeashedProcess>;
    readonly handleSignals: boolean;
  }) {
    this.url = parts.url;
    this.#process = parts.process;
    this.#start = parts.start;
    this.#forgetSignals = parts.handleSignals ? stopOnSignal(() => this.stop()) : (): void => undefined;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** For fault tests: SIGSTOP, SIGKILL… */
  signal(name: NodeJS.Signals): void {
    this.#process.signal(name);
  }

  /** Starts it again on the same port with the same data; waits until it answers. */
  async restart(): Promise<void> {
    await this.#process.stop();
    this.#process = await this.#start();
  }

  async stop(): Promise<void> {
    await this.#process.stop();
    this.#forgetSignals();
  }
}

/**
 * Starts the real Prometheus on a free port; resolves when it answers queries. It dies with this process.
 * @throws Error with the end of its log when it does not start, or with promtool's message for a bad history.
 */
export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusServer> {
  const tools = await ensureTools();
  const data = join(options.dir, 'data');
  await mkdir(data, { recursive: true });
  for (const file of options.history ?? []) await importHistory(tools.promtool, file, data);
  const configuration = join(options.dir, 'prometheus.yaml');
  await writeFile(configuration, scrapeConfiguration(options));

  return withFreePort(async (port) => {
    const url = `http://127.0.0.1:${port}`;
    const start = async (): Promise<LeashedProcess> => {
      const process = new LeashedProcess({
        keeper: tools.keeper,
        program: tools.prometheus,
        args: prometheusArguments(configuration, data, port),
        logFile: join(options.dir, 'prometheus.log'),
      });
      try {
        await untilReady('prometheus', () => answers(url), { timeoutMs: READY_TIMEOUT_MS, alive: [process] });
      } catch (error) {
        await process.stop();
        throw error;
      }
      return process;
    };
    return new PrometheusServer({
      url,
      process: await start(),
      start,
      handleSignals: options.handleSignals ?? true,
    });
  });
}

/** Prometheus' configuration file as text; JSON is YAML. */
function scrapeConfiguration(options: Pick<PrometheusOptions, 'scrape' | 'scrapeIntervalSeconds'>): string {
  const interval = `${options.scrapeIntervalSeconds}s`;
  return JSON.stringify({
    global: { scrape_interval: interval, scrape_timeout: interval },
    scrape_configs: options.scrape.map(({ job, port, path }) => ({
      job_name: job,
      metrics_path: path ?? '/metrics',
      // Series that speak for other programs keep their own labels, as with kube-state-metrics.
      honor_labels: true,
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    })),
  });
}

function prometheusArguments(configuration: string, data: string, port: number): string[] {
  return [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${data}`,
    // Longer than any history that is imported; the default is 15 days.
    '--storage.tsdb.retention.time=90d',
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-lifecycle',
    // Default 5 s, which would be the time until the first scrape.
    '--scrape.discovery-reload-interval=1s',
    '--log.level=warn',
  ];
}

/** Writes the samples as blocks; blocks of a day instead of two hours make 14 days a dozen files instead of 168. */
async function importHistory(promtool: string, file: string, data: string): Promise<void> {
  const args = [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--max-block-duration=24h',
    '--quiet',
    file,
    data,
  ];
  await promisify(execFile)(promtool, args, { maxBuffer: 64 * 1024 * 1024 });
}

async function answers(url: string): Promise<boolean> {
  const { statusCode, body } = await request(`${url}/-/ready`);
  await body.dump();
  return statusCode === 200;
}
