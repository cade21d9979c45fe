/** Of one container: cores and bytes. */
export interface Resources {
  readonly cpu: number;
  readonly memory: number;
}

/** What was measured of a container. */
export interface UsageSample extends Resources {
  /** Ms since the epoch; it stands for the `seconds` after it. */
  readonly at: number;
  readonly seconds: number;
}

/** A way to choose a container's requests, with its memory. It hears of everything in the order of time. */
export interface Sizer {
  /** CPU at most its limit, memory at most the request: more is not measured of a container that has no more. */
  observe(sample: UsageSample): void;
  /** The container wanted more memory than its request, which is its limit too, and was killed. */
  outOfMemory(at: number, request: Resources): void;
  /** The requests from `at` on; `current` itself to leave them as they are. */
  recommend(at: number, current: Resources): Resources;
}

export interface SizingContender {
  /** As in `--contenders`: lower case with hyphens. */
  readonly name: string;
  /** For people: `VPA 1.8.1`. */
  readonly title: string;
  /** Where its rules and defaults are written down, with the version. */
  readonly source: string;
  /** It is asked this often. */
  readonly decisionSeconds: number;
  /** Whether it sets a CPU limit at the request: then it never measures more CPU than it asked for. */
  readonly limitsCpu: boolean;
  create(): Sizer;
}
