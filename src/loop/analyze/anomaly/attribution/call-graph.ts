/** Who calls whom, as a service mesh or traces tell it. Loops are allowed. */
export interface CallGraph {
  readonly calleesOf: ReadonlyMap<string, readonly string[]>;
  readonly callersOf: ReadonlyMap<string, readonly string[]>;
}

export interface Call {
  readonly caller: string;
  readonly callee: string;
}

export function createCallGraph(calls: readonly Call[]): CallGraph {
  const calleesOf = new Map<string, string[]>();
  const callersOf = new Map<string, string[]>();
  for (const { caller, callee } of calls) {
    if (caller === callee || calleesOf.get(caller)?.includes(callee) === true) continue;
    calleesOf.set(caller, [...(calleesOf.get(caller) ?? []), callee]);
    callersOf.set(callee, [...(callersOf.get(callee) ?? []), caller]);
  }
  return { calleesOf, callersOf };
}

/** Shortest way of calls from `from` to each component that it reaches, itself included: ids, `from` first. */
export function pathsFrom({ calleesOf }: CallGraph, from: string): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>([[from, [from]]]);
  for (const [component, path] of paths) {
    for (const callee of calleesOf.get(component) ?? []) {
      if (!paths.has(callee)) paths.set(callee, [...path, callee]);
    }
  }
  return paths;
}

/**
 * Components among `anomalous` that `from` reaches and that call no anomalous one themselves: where a walk down the
 * calls ends. In a loop of anomalous ones all are ends.
 */
export function anomalousEnds(
  graph: CallGraph,
  from: string,
  anomalous: ReadonlySet<string>,
): readonly string[] {
  const ends = [...pathsFrom(graph, from).keys()].filter((component) => anomalous.has(component));
  return ends.filter((component) =>
    [...pathsFrom(graph, component).keys()].every(
      (reached) => reached === component || !anomalous.has(reached) || reaches(graph, reached, component),
    ),
  );
}

function reaches(graph: CallGraph, from: string, to: string): boolean {
  return pathsFrom(graph, from).has(to);
}
