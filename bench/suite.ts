/** What a figure should be at least or at most. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `ms`, `s`, `MiB`, `1/s`, `×`, … */
  readonly unit: string;
  readonly goal?: Goal;
  /** What the value was taken from: `p99 of 5,760 ticks`. */
  readonly from: string;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Findings {
  readonly figures: readonly Figure[];
  readonly tables?: readonly Table[];
  /** How it was measured, and what the figures do not say. */
  readonly notes: readonly string[];
  /** Nothing was measured, and why. */
  readonly skipped?: string;
}

export interface SuiteOptions {
  /** Equal seeds give equal loads and equal histories. */
  readonly seed: number;
  /** Folder of the measured series. */
  readonly data: string;
  readonly progress: (line: string) => void;
}

export interface Suite {
  readonly name: string;
  readonly title: string;
  /** Too long for a run of everything. */
  readonly onlyByName?: true;
  readonly run: (options: SuiteOptions) => Findings | Promise<Findings>;
}

export function meets({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}
