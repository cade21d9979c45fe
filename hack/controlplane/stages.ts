import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export interface StartUp {
  /** Median time from the binding of a pod to its readiness, in seconds. */
  readonly medianSeconds: number;
  /** Standard deviation of the logarithm of that time; 0 makes every pod take the median. */
  readonly spread: number;
}

/** What the code below needs to know of a KWOK stage; the rest passes through. */
export interface Stage {
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Standard normal quantiles at 2, 10, 30, 50, 70, 90 and 98 percent: the edges of the bands below. */
const EDGES = [-2.054, -1.282, -0.524, 0, 0.524, 1.282, 2.054];
/** Percent of pods in each band between two edges; what lies beyond the outer edges goes to the outer bands. */
const WEIGHTS = [10, 20, 20, 20, 20, 10];

export interface StartUpBand {
  readonly weight: number;
  readonly lowMilliseconds: number;
  readonly highMilliseconds: number;
}

/**
 * A lognormal start-up time as bands that KWOK can express: it draws one of several matching stages by weight, and a
 * delay evenly between a stage's two bounds.
 */
export function startUpBands({ medianSeconds, spread }: StartUp): StartUpBand[] {
  if (!(medianSeconds >= 0) || !(spread >= 0)) {
    throw new RangeError(
      `start-up median and spread must not be negative, found ${medianSeconds} s and ${spread}`,
    );
  }
  const at = (quantile: number): number => Math.round(1000 * medianSeconds * Math.exp(spread * quantile));
  if (spread === 0) return [{ weight: 100, lowMilliseconds: at(0), highMilliseconds: at(0) }];
  return WEIGHTS.map((weight, index) => ({
    weight,
    lowMilliseconds: at(EDGES[index] ?? 0),
    highMilliseconds: at(EDGES[index + 1] ?? 0),
  }));
}

/** The stages of stages.yaml with `pod-ready` replaced by one for each band of the start-up time. */
function withStartUp(stages: readonly Stage[], startUp: StartUp): Stage[] {
  return stages.flatMap((stage) => {
    if (stage.metadata.name !== 'pod-ready') return [stage];
    return startUpBands(startUp).map((band, index) => ({
      ...stage,
      metadata: { name: `pod-ready-${index}` },
      spec: {
        ...stage.spec,
        weight: band.weight,
        delay: {
          durationMilliseconds: band.lowMilliseconds,
          jitterDurationMilliseconds: band.highMilliseconds,
        },
      },
    }));
  });
}

/** KWOK's configuration file as text. */
export async function stagesFile(startUp: StartUp): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'stages.yaml'), 'utf8');
  const stages = parseAllDocuments(text).map((document) => document.toJS() as Stage);
  return withStartUp(stages, startUp)
    .map((stage) => JSON.stringify(stage))
    .join('\n---\n');
}
