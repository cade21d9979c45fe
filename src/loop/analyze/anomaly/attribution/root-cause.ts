import { createCallGraph, pathsFrom, type Call, type CallGraph } from './call-graph.ts';
import { deviationOf, UNUSUAL, type ComponentSignal, type Deviation, type SignalKind } from './deviation.ts';
import { LARGEST_SURPRISE } from '../surprise/p-value.ts';

export interface ComponentSeries {
  readonly id: string;
  /**
   * `Caller`: nobody measures the component itself, only its callers tell of it (an address, a host outside). What it
   * shows is what something behind it does.
   */
  readonly measuredBy: 'Itself' | 'Caller';
  readonly signals: readonly ComponentSignal[];
}

export interface Incident {
  readonly components: readonly ComponentSeries[];
  /** Without any, the call graph is taken as unknown. */
  readonly calls: readonly Call[];
  readonly target: { readonly component: string; readonly kind: SignalKind };
  /** The anomaly's points in every signal's `recent`. */
  readonly from: number;
  readonly to: number;
}

export interface RootCause {
  readonly component: string;
  /** 0 … 1, and comparable within the incident only. */
  readonly score: number;
  /** Its most telling signal, and when that began: a point of `recent`, NaN when it is not unusual. */
  readonly kind: SignalKind;
  readonly surprise: number;
  readonly onset: number;
  /** Points by which it began before the target did; negative: after. NaN when one of them is not unusual. */
  readonly lead: number;
  /** Share of the component's excess that does not come from those whom it calls; of requests, from those who call it. */
  readonly own: number;
  /** Its excess as a share of the target's; of another signal, its requests as a share of the target's. NaN = unknown. */
  readonly impact: number;
  /** Calls from the target to it, both included; undefined when there is none. */
  readonly path: readonly string[] | undefined;
}

export interface RootCauseWeights {
  /** What remains of the score of a component whose excess comes from others, that is too small to explain the target, … */
  readonly explained: number;
  readonly negligible: number;
  /** … that the target does not reach by calls, that only its callers measure, that moved later than the target, … */
  readonly unreached: number;
  readonly calledOnly: number;
  readonly late: number;
  /** … or that shows something else than the target does. */
  readonly otherSignal: number;
}

const DEFAULT_WEIGHTS: RootCauseWeights = {
  explained: 0.2,
  negligible: 0.3,
  unreached: 0.3,
  calledOnly: 0.4,
  late: 0.6,
  otherSignal: 0.6,
};

interface Suspect {
  readonly component: ComponentSeries;
  readonly deviations: readonly Deviation[];
  /** Of requests, while the anomaly lasted: how often its excess counts. */
  readonly requests: number;
}

/**
 * Components in the order in which they are to be suspected: what is unusual of them (by its rank in a normal time),
 * whether a callee shows it too, whether it is large enough to be what the target shows, and who moved first.
 * Components without anything unusual are left out. Shares of one cause by several signals are not added.
 */
export function rankRootCauses(incident: Incident, weights: RootCauseWeights = DEFAULT_WEIGHTS): RootCause[] {
  const graph = createCallGraph(incident.calls);
  const suspects = new Map(
    incident.components.map((component) => [component.id, suspectOf(component, incident)]),
  );
  const paths = pathsFrom(graph, incident.target.component);
  const target = targetOf(suspects.get(incident.target.component), incident.target.kind);
  const ranked: RootCause[] = [];
  for (const suspect of suspects.values()) {
    let best: RootCause | undefined;
    for (const deviation of suspect.deviations) {
      const cause = judge({ incident, weights, graph, suspects, paths, target }, suspect, deviation);
      if (cause.score > (best?.score ?? 0)) best = cause;
    }
    if (best !== undefined) ranked.push(best);
  }
  return ranked.sort((a, b) => b.score - a.score);
}

interface Case {
  readonly incident: Incident;
  readonly weights: RootCauseWeights;
  readonly graph: CallGraph;
  readonly suspects: ReadonlyMap<string, Suspect>;
  readonly paths: ReadonlyMap<string, readonly string[]>;
  readonly target: Target;
}

function judge(of: Case, suspect: Suspect, deviation: Deviation): RootCause {
  const { incident, weights, graph, suspects, paths, target } = of;
  const { component } = suspect;
  const same = deviation.kind === incident.target.kind;
  const excess = weightOf(suspect, deviation);
  const others = sourcesOf(graph, component.id, deviation.kind).flatMap((id) => suspects.get(id) ?? []);
  const passed = others.reduce((sum, other) => sum + excessOf(other, deviation.kind), 0);
  const own = excess > 0 ? Math.max(0, 1 - passed / excess) : 0;
  const impact = same ? excess / target.excess : suspect.requests / target.requests;
  const cause: RootCause = {
    component: component.id,
    score: 0,
    kind: deviation.kind,
    surprise: deviation.surprise,
    onset: deviation.onset,
    lead: target.onset - deviation.onset,
    own,
    impact: impact >= 0 ? Math.min(1, impact) : NaN,
    path: paths.get(component.id),
  };
  const suspicions = [
    deviation.surprise / LARGEST_SURPRISE,
    mix(own, weights.explained),
    Number.isNaN(cause.impact) ? 1 : mix(cause.impact, weights.negligible),
    cause.path === undefined && incident.calls.length > 0 ? weights.unreached : 1,
    component.measuredBy === 'Caller' ? weights.calledOnly : 1,
    cause.lead < 0 ? weights.late : 1,
    same ? 1 : weights.otherSignal,
  ];
  return { ...cause, score: suspicions.reduce((product, factor) => product * factor, 1) };
}

/** What is to be explained; NaN where it is not unusual by its own signals. */
interface Target {
  readonly excess: number;
  readonly onset: number;
  readonly requests: number;
}

function targetOf(suspect: Suspect | undefined, kind: SignalKind): Target {
  const deviation = suspect?.deviations.find((one) => one.kind === kind);
  const requests = suspect?.requests ?? NaN;
  if (suspect === undefined || deviation === undefined) return { excess: NaN, onset: NaN, requests };
  return { excess: weightOf(suspect, deviation), onset: deviation.onset, requests };
}

/** Waiting and failures come from those that are called, requests from those that call. */
function sourcesOf({ calleesOf, callersOf }: CallGraph, id: string, kind: SignalKind): readonly string[] {
  return (kind === 'Requests' ? callersOf : calleesOf).get(id) ?? [];
}

function mix(share: number, floor: number): number {
  return floor + (1 - floor) * share;
}

function suspectOf(component: ComponentSeries, { from, to }: Incident): Suspect {
  const requests = component.signals.find(({ kind }) => kind === 'Requests');
  const during = requests?.recent.subarray(from, to).filter(Number.isFinite) ?? new Float64Array();
  return {
    component,
    deviations: component.signals.flatMap((signal) => {
      const deviation = deviationOf(signal, from, to);
      return deviation !== undefined && deviation.surprise >= UNUSUAL ? [deviation] : [];
    }),
    requests: during.length > 0 ? during.reduce((sum, value) => sum + value, 0) / during.length : 1,
  };
}

/** Seconds waited or requests failed in an interval: what a callee hands on to its caller. */
function weightOf({ requests }: Suspect, { kind, excess }: Deviation): number {
  return kind === 'Requests' ? excess : excess * requests;
}

/** Components that only their callers measure are how the caller saw another, and take nothing from its own share. */
function excessOf(suspect: Suspect, kind: SignalKind): number {
  if (suspect.component.measuredBy === 'Caller') return 0;
  const deviation = suspect.deviations.find((one) => one.kind === kind);
  return deviation === undefined ? 0 : weightOf(suspect, deviation);
}
