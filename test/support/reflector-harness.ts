import { setTimeout as sleep } from 'node:timers/promises';
import { KubeClient, type KubeClientOptions } from '../../src/adapters/kubernetes/client.ts';
import { Reflector, type ReflectorNote, type ReflectorOptions } from '../../src/runtime/reflector.ts';
import { FakeCollection } from './fake-collection.ts';
import { respond, type Reply } from './http-fixture.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { ManualClock } from './manual-clock.ts';

/** The slim form that the harness keeps of an object. */
export interface Slim {
  readonly name: string;
  readonly value: unknown;
}

/** A reflector on a scripted server: real sockets, a clock that stands still, and a record of all it says. */
export class ReflectorHarness {
  readonly api: FakeCollection;
  readonly clock = new ManualClock();
  readonly stop = new AbortController();
  /** Events as `<type> <key>`. */
  readonly told: string[] = [];
  readonly notes: ReflectorNote[] = [];
  running: Promise<void> | undefined;
  #clients: KubeClient[] = [];

  private constructor(api: FakeCollection) {
    this.api = api;
    this.connect();
  }

  static async start(): Promise<ReflectorHarness> {
    return new ReflectorHarness(await FakeCollection.start());
  }

  /** Reflectors made from now on use a client with these options. */
  connect(options: Partial<KubeClientOptions> = {}): void {
    const kubeconfig = writeKubeconfig(this.api.url);
    this.#clients.push(new KubeClient({ kubeconfig }, { version: 'test', ...options }));
  }

  reflector(options: Partial<ReflectorOptions<Slim>> = {}): Reflector<Slim> {
    const client = this.#clients.at(-1);
    if (client === undefined) throw new Error('not connected');
    return new Reflector<Slim>({
      client,
      collection: { kind: 'Thing', path: this.api.path, labelSelector: 'app=web' },
      transform: (object) => ({ name: object.metadata.name, value: object['value'] }),
      onEvent: ({ type, key }) => this.told.push(`${type} ${key}`),
      clock: this.clock,
      random: () => 0.5,
      observe: (note) => this.notes.push(note),
      ...options,
    });
  }

  start(options: Partial<ReflectorOptions<Slim>> = {}): Reflector<Slim> {
    const reflector = this.reflector(options);
    this.running = reflector.run(this.stop.signal);
    return reflector;
  }

  /** Waits for what real sockets bring; the reflector's own clock stands still meanwhile. */
  async until(holds: () => boolean): Promise<void> {
    const end = performance.now() + 10_000;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`gave up waiting; told: ${this.told.join(', ')}`);
      await sleep(2);
    }
  }

  /** Waits until so many watches have been accepted in all. */
  watching(count: number): Promise<void> {
    return this.until(() => this.api.watches.length === count);
  }

  failures(): ReflectorNote[] {
    return this.notes.filter(({ what }) => what === 'Failed');
  }

  async stopAll(): Promise<void> {
    this.stop.abort();
    await this.running;
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.api.stop();
  }
}

export function values({ objects }: Reflector<Slim>): unknown[] {
  return [...objects.values()].map(({ value }) => value);
}

/** An error answer with a `Status` body. */
export function status(code: number, headers: Record<string, string> = {}): Reply {
  return respond(JSON.stringify({ kind: 'Status', code, message: 'scripted' }), code, headers);
}
