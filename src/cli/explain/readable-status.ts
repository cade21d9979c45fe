import { policyStatusSchema, type PolicyStatus } from '../../api/policy-status.ts';

export interface ReadableStatus {
  readonly status: PolicyStatus;
  /** Parts that this program does not understand, such as `decisions[2]`; a newer operator may have written them. */
  readonly leftOut: readonly string[];
}

type Path = readonly PropertyKey[];

/** So deep is `workloads[0].anomalies[1]`: one thing among several. */
const DEEPEST_CUT = 4;

/** All of a status that can be understood; what cannot be is left out, and as little else as possible. */
export function readableStatus(object: unknown): ReadableStatus {
  const parsed = policyStatusSchema.safeParse(object ?? {});
  if (parsed.success) return { status: parsed.data, leftOut: [] };
  const wrong = parsed.error.issues.map(({ path }) => path);
  for (let depth = DEEPEST_CUT; depth >= 1; depth -= 1) {
    const cuts = cutsAt(wrong, depth);
    const rest = policyStatusSchema.safeParse(pruned(object, [], cuts));
    if (rest.success) return { status: rest.data, leftOut: [...cuts] };
  }
  return { status: {}, leftOut: ['all of it'] };
}

function cutsAt(paths: readonly Path[], depth: number): ReadonlySet<string> {
  return new Set(paths.map((path) => pathText(path.slice(0, depth))));
}

function pruned(value: unknown, path: Path, cuts: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const kept = (key: PropertyKey): boolean => !cuts.has(pathText([...path, key]));
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) =>
      kept(index) ? [pruned(item, [...path, index], cuts)] : [],
    );
  }
  const entries = Object.entries(value).filter(([key]) => kept(key));
  return Object.fromEntries(entries.map(([key, item]) => [key, pruned(item, [...path, key], cuts)]));
}

/** `decisions[2].stock` */
function pathText(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
