import { startExporter } from '../../hack/world/exporter.ts';
import { exposition, type Family, type Sample } from '../../hack/world/exposition.ts';
import { beginFault, faulty, type ActiveFault, type Fault } from '../../hack/world/faults.ts';

const DEMAND: Family = {
  name: 'demand',
  type: 'gauge',
  help: 'What a test says that a workload has to bear.',
};

/** Demand on one replica at which it is neither too much nor too little. */
export const PER_REPLICA = 10;

/** PromQL for what the dial says of `app`; the operator confines it to the policy's namespace. */
export function demandQuery(app: string): string {
  return `demand{app="${app}"}`;
}

/** A metrics endpoint that says of each workload what a test wants it to say. Keyed by namespace and app. */
export class Dial {
  readonly #exporter: Awaited<ReturnType<typeof startExporter>>;
  readonly #series: Series;

  private constructor(exporter: Awaited<ReturnType<typeof startExporter>>, series: Series) {
    this.#exporter = exporter;
    this.#series = series;
  }

  static async start(): Promise<Dial> {
    const series: Series = new Map();
    const shown = (): Sample[] =>
      [...series.values()].flatMap(({ sample, fault }) => [...faulty([sample], fault)]);
    return new Dial(await startExporter(() => exposition(shown())), series);
  }

  get port(): number {
    return this.#exporter.port;
  }

  /**
   * From the next scrape on the demand is such that `replicas` are wanted.
   * @param at time of the sample, ms since the epoch; the scrape's when left out
   */
  want(namespace: string, app: string, replicas: number, at?: number): void {
    const key = `${namespace}/${app}`;
    const sample = { family: DEMAND, labels: { namespace, app }, value: replicas * PER_REPLICA };
    this.#series.set(key, {
      sample: at === undefined ? sample : { ...sample, at },
      fault: this.#series.get(key)?.fault,
    });
  }

  inject(namespace: string, app: string, fault: Fault): void {
    const known = this.#known(namespace, app);
    known.fault = beginFault(fault, [known.sample]);
  }

  /** Ends the fault. */
  clear(namespace: string, app: string): void {
    this.#known(namespace, app).fault = undefined;
  }

  stop(): Promise<void> {
    return this.#exporter.stop();
  }

  #known(namespace: string, app: string): Shown {
    const known = this.#series.get(`${namespace}/${app}`);
    if (known === undefined) throw new RangeError(`the dial says nothing of ${namespace}/${app} yet`);
    return known;
  }
}

interface Shown {
  readonly sample: Sample;
  fault: ActiveFault | undefined;
}

type Series = Map<string, Shown>;
