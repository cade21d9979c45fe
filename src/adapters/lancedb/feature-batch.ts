import { FEATURE_COUNT, FEATURE_SCHEMA } from '../../loop/monitor/features/schema.ts';

/** Whose features they are. */
export interface FeatureOwner {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** The features of one workload in one minute. */
export interface FeatureRow {
  readonly policy: FeatureOwner;
  /** When they were so, ms since the epoch. */
  readonly at: number;
  /** `FEATURE_COUNT` numbers in the order of the feature schema; NaN: not known. */
  readonly values: ArrayLike<number>;
}

/** Rows in columns, all of one feature schema: this is how they cross to the store's process. */
export interface FeatureBatch {
  readonly schemaHash: string;
  readonly policies: readonly FeatureOwner[];
  /** Of each row: its place in `policies`. */
  readonly policy: Uint32Array;
  readonly at: Float64Array;
  /** Row after row, `FEATURE_COUNT` each; NaN: not known. */
  readonly values: Float32Array;
}

/** Collects rows up to a number that is fixed: memory is taken once. */
export class FeatureBatchBuilder {
  readonly #policies: FeatureOwner[] = [];
  readonly #places = new Map<string, number>();
  readonly #policy: Uint32Array;
  readonly #at: Float64Array;
  readonly #values: Float32Array;
  #length = 0;

  constructor(capacity: number) {
    this.#policy = new Uint32Array(capacity);
    this.#at = new Float64Array(capacity);
    this.#values = new Float32Array(capacity * FEATURE_COUNT);
  }

  get length(): number {
    return this.#length;
  }

  get full(): boolean {
    return this.#length === this.#at.length;
  }

  /** @throws RangeError naming the row when it is none. */
  add(row: FeatureRow): void {
    const problem = featureProblem(row);
    if (problem !== undefined) throw new RangeError(`features ${row.policy.uid}/${row.at}: ${problem}`);
    this.#policy[this.#length] = this.#placeOf(row.policy);
    this.#at[this.#length] = row.at;
    this.#values.set(row.values, this.#length * FEATURE_COUNT);
    this.#length += 1;
  }

  batch(): FeatureBatch {
    return {
      schemaHash: FEATURE_SCHEMA.hash,
      policies: this.#policies,
      policy: this.#policy.subarray(0, this.#length),
      at: this.#at.subarray(0, this.#length),
      values: this.#values.subarray(0, this.#length * FEATURE_COUNT),
    };
  }

  #placeOf(policy: FeatureOwner): number {
    const known = this.#places.get(policy.uid);
    if (known !== undefined) return known;
    const { namespace, name, uid } = policy;
    this.#places.set(uid, this.#policies.length);
    return this.#policies.push({ namespace, name, uid }) - 1;
  }
}

function featureProblem({ at, values }: FeatureRow): string | undefined {
  if (!Number.isSafeInteger(at) || at < 0) return `the time is ${at}; it must be whole ms since the epoch`;
  if (values.length !== FEATURE_COUNT)
    return `there are ${values.length} values; there must be ${FEATURE_COUNT}`;
  for (let i = 0; i < FEATURE_COUNT; i += 1) {
    const value = Math.fround(values[i] ?? NaN);
    if (value === Infinity || value === -Infinity)
      return `${FEATURE_SCHEMA.features[i]?.name} is ${values[i]}; it must be a float32, or NaN where it is not known`;
  }
  return undefined;
}
