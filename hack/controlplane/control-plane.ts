import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { ensureTools, type Tools } from '../tools/tools.ts';
import { Cluster, writeKubeconfig, type ClusterCoordinates } from './cluster.ts';
import {
  apiServerArguments,
  controllerManagerArguments,
  COMPONENTS,
  etcdArguments,
  fakeNode,
  kwokArguments,
  paths,
  schedulerArguments,
  type Component,
  type HpaTimes,
} from './components.ts';
import { withFreePort } from './ports.ts';
import { ApiProbe, etcdAnswers } from './probes.ts';
import { LeashedProcess } from './process.ts';
import { createRunDirectory, type RunDirectory } from './run-directory.ts';
import { stopOnSignal } from './signals.ts';
import { stagesFile, type StartUp } from './stages.ts';
import { untilReady } from './wait.ts';

type OptionalComponent = Exclude<Component, 'etcd' | 'kube-apiserver'>;

export interface ControlPlaneOptions {
  /** Fake nodes of 16 cores, 64 GiB and 110 pods; default 3. */
  readonly nodes?: number;
  /** Parts that this run does not need. Without kwok no node becomes ready, so none is made. */
  readonly without?: readonly OptionalComponent[];
  /** Time from a pod's binding to its readiness; default median 1 s, spread 0.2. */
  readonly startUp?: Partial<StartUp>;
  /** Default: Kubernetes' own (15 s, 300 s, 30 s). */
  readonly hpa?: Partial<HpaTimes>;
  /** Path of the API server's audit policy; default: what the oracle reads. */
  readonly auditPolicy?: string;
  /** More arguments of the API server, such as those of an audit webhook. */
  readonly apiServerArguments?: readonly string[];
  /** Whether SIGINT, SIGTERM and SIGHUP stop it first; a caller with handlers of its own says false. Default true. */
  readonly handleSignals?: boolean;
}

/** Far above what a busy machine needs, so a failure means that something is wrong. */
const READY_TIMEOUT_MS = 120_000;

/** A running control plane with fake nodes. */
export class ControlPlane extends Cluster {
  readonly tools: Tools;
  readonly #run: RunDirectory;
  readonly #processes: Map<Component, Started>;
  readonly #forgetSignals: () => void;
  #stopped: Promise<void> | null = null;

  constructor(parts: Parts) {
    super(parts.coordinates);
    this.tools = parts.tools;
    this.#run = parts.run;
    this.#processes = parts.processes;
    this.#forgetSignals = parts.handleSignals ? stopOnSignal(() => this.stop()) : () => undefined;
  }

  /** Process id of a part that was started. */
  pid(component: Component): number {
    return this.#started(component).process.pid;
  }

  /** For fault tests: SIGSTOP, SIGKILL… */
  signal(component: Component, name: NodeJS.Signals): void {
    this.#started(component).process.signal(name);
  }

  /** Starts a part anew with the same ports and data, stopping it before where it still runs; waits until it answers. */
  async restart(component: Component): Promise<void> {
    const { process, start } = this.#started(component);
    await process.stop();
    this.#processes.set(component, await start());
  }

  /** Ends every program but keeps the directory, so that logs can be read complete. */
  async halt(): Promise<void> {
    // Clients before servers, so that none of them spends its last second on retries.
    for (const component of COMPONENTS.toReversed()) await this.#processes.get(component)?.process.stop();
  }

  /** Ends every program, waits for its exit and removes the directory. */
  async stop(): Promise<void> {
    this.#stopped ??= this.halt()
      .finally(() => this.#run.remove())
      .finally(() => this.#forgetSignals());
    await this.#stopped;
  }

  #started(component: Component): Started {
    const started = this.#processes.get(component);
    if (started === undefined) throw new Error(`${component} was left out of this control plane`);
    return started;
  }
}

interface Started {
  readonly process: LeashedProcess;
  /** Starts it again and waits until it answers. */
  readonly start: () => Promise<Started>;
}

interface Parts {
  readonly coordinates: ClusterCoordinates;
  readonly tools: Tools;
  readonly run: RunDirectory;
  readonly processes: Map<Component, Started>;
  readonly handleSignals: boolean;
}

/**
 * Starts etcd, kube-apiserver, and unless left out the controller manager, the scheduler and KWOK with fake nodes, on
 * free ports; resolves when pods can run. Everything ends with this process, however it ends.
 * @throws Error with the end of the log of the part that did not start.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const tools = await ensureTools();
  const run = await createRunDirectory(tools.keeper);
  const processes = new Map<Component, Started>();
  const cleanUp = async (): Promise<void> => {
    await Promise.all([...processes.values()].map(({ process }) => process.stop()));
    await run.remove();
  };
  const handleSignals = options.handleSignals ?? true;
  const forgetSignals = handleSignals ? stopOnSignal(cleanUp) : (): void => undefined;
  try {
    const coordinates = await new Starter(tools, run.path, processes, options).start();
    return new ControlPlane({ coordinates, tools, run, processes, handleSignals });
  } catch (error) {
    await cleanUp();
    throw error;
  } finally {
    forgetSignals();
  }
}

/** The way from nothing to a ready control plane. */
class Starter {
  readonly #tools: Tools;
  readonly #dir: string;
  readonly #processes: Map<Component, Started>;
  readonly #options: ControlPlaneOptions;

  constructor(tools: Tools, dir: string, processes: Map<Component, Started>, options: ControlPlaneOptions) {
    this.#tools = tools;
    this.#dir = dir;
    this.#processes = processes;
    this.#options = options;
  }

  async start(): Promise<ClusterCoordinates> {
    const dir = this.#dir;
    await mkdir(join(dir, 'log'));
    const [etcdPort] = await Promise.all([
      withFreePort((port) => this.#etcd(port)),
      promisify(execFile)(this.#tools.keeper, ['pki', paths.pki(dir)]),
      this.#writeStages(),
    ]);
    const apiPort = await withFreePort((port) => this.#apiServer(etcdPort, port));
    const coordinates: ClusterCoordinates = {
      dir,
      url: apiUrl(apiPort),
      kubeconfig: paths.kubeconfig(dir, 'admin'),
      caFile: join(paths.pki(dir), 'ca.crt'),
      auditLog: paths.auditLog(dir),
      tools: { kubectl: this.#tools.kubectl, keeper: this.#tools.keeper },
    };
    await this.#writeKubeconfigs(coordinates);
    await this.#clients(new Cluster(coordinates));
    return coordinates;
  }

  async #writeStages(): Promise<void> {
    const startUp = { medianSeconds: 1, spread: 0.2, ...this.#options.startUp };
    await writeFile(paths.stages(this.#dir), await stagesFile(startUp));
  }

  async #writeKubeconfigs(coordinates: ClusterCoordinates): Promise<void> {
    for (const user of ['admin', 'kube-controller-manager', 'kube-scheduler', 'kwok']) {
      const pki = join(paths.pki(this.#dir), user);
      const credentials = { 'client-certificate': `${pki}.crt`, 'client-key': `${pki}.key` };
      await writeKubeconfig(paths.kubeconfig(this.#dir, user), coordinates, credentials);
    }
  }

  async #etcd(port: number): Promise<number> {
    const name = basename(this.#dir);
    await this.#launch('etcd', etcdArguments({ dir: this.#dir, etcdPort: port }, name), () =>
      etcdAnswers(port, name),
    );
    return port;
  }

  async #apiServer(etcdPort: number, apiPort: number): Promise<number> {
    const { auditPolicy = join(import.meta.dirname, 'audit-policy.yaml'), apiServerArguments: more = [] } =
      this.#options;
    const args = [...apiServerArguments({ dir: this.#dir, etcdPort, apiPort }, auditPolicy), ...more];
    await this.#launch('kube-apiserver', args, () => this.#ask(apiUrl(apiPort), (api) => api.isReady()));
    return apiPort;
  }

  async #clients(cluster: Cluster): Promise<void> {
    const dir = this.#dir;
    const { without = [], nodes = 3, hpa } = this.#options;
    const wanted = (component: OptionalComponent): boolean => !without.includes(component);
    const times = {
      syncPeriodSeconds: 15,
      cpuInitializationSeconds: 300,
      initialReadinessDelaySeconds: 30,
      ...hpa,
    };
    const starts: Promise<void>[] = [];
    if (wanted('kube-controller-manager')) {
      const ready = (): Promise<boolean> => this.#ask(cluster.url, (api) => api.hasDefaultServiceAccount());
      starts.push(this.#launch('kube-controller-manager', controllerManagerArguments(dir, times), ready));
    }
    if (wanted('kube-scheduler')) {
      // It serves nothing here; that its process stays alive is seen by whoever waits for pods.
      starts.push(this.#launch('kube-scheduler', schedulerArguments(dir), () => Promise.resolve(true)));
    }
    if (wanted('kwok') && nodes > 0) {
      starts.push(createNodes(cluster, nodes));
      const ready = (): Promise<boolean> => this.#ask(cluster.url, (api) => api.hasReadyNodes(nodes));
      starts.push(this.#launch('kwok', kwokArguments(dir), ready));
    }
    await Promise.all(starts);
  }

  async #ask(url: string, question: (api: ApiProbe) => Promise<boolean>): Promise<boolean> {
    const api = await ApiProbe.create(url, this.#dir);
    try {
      return await question(api);
    } finally {
      await api.close();
    }
  }

  /** Starts a part and waits until `probe` says that it works. */
  async #launch(component: Component, args: readonly string[], probe: () => Promise<boolean>): Promise<void> {
    const launch = async (): Promise<Started> => {
      const process = new LeashedProcess({
        keeper: this.#tools.keeper,
        program: this.#tools[component],
        args,
        logFile: paths.log(this.#dir, component),
      });
      const started = { process, start: launch };
      // Known before it is ready, so that a failure or a signal meanwhile stops it too.
      this.#processes.set(component, started);
      await untilReady(component, probe, { timeoutMs: READY_TIMEOUT_MS, alive: [process] });
      return started;
    };
    await launch();
  }
}

function apiUrl(port: number): string {
  return `https://127.0.0.1:${port}`;
}

async function createNodes(cluster: Cluster, count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, index) => fakeNode(index));
  await cluster.kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}
