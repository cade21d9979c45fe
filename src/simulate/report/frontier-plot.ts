import type { BacktestResult, ContenderSummary, FrontierPoint } from '../backtest-result.ts';
import { undominated } from '../score/frontier.ts';
import { median } from '../score/statistics.ts';
import { ORACLE } from '../score/summary.ts';
import { formatLimit, formatRatio, formatShare } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { placeLabels, type PlacedLabel } from './place-labels.ts';
import { COST_TICKS, logScale, SHARE_TICKS, type Scale } from './plot-scale.ts';
import { pointShape } from './point-shape.ts';
import { looksOf, type Look } from './styling.ts';

interface Paper {
  readonly width: number;
  readonly height: number;
}

interface Point extends FrontierPoint {
  readonly look: Look;
}

const MARGIN = { left: 46, right: 26, top: 14, bottom: 46 };

/**
 * Cost against slow requests, one point for each contender at its medians over traces, with the curve of its knob where
 * that was played: SVG, once for wide and once for narrow screens.
 */
export function frontierPlot(result: BacktestResult): Markup {
  const looks = looksOf(result.summary);
  const points = result.summary.map((row, index) => pointOf(row, looks[index]));
  const draw = (paper: Paper, kind: string): Markup => drawing(result, points, { paper, kind });
  return markup`${draw({ width: 980, height: 460 }, 'wide')}${draw({ width: 360, height: 420 }, 'narrow')}`;
}

function pointOf(row: ContenderSummary, look: Look | undefined): Point {
  if (look === undefined) throw new Error(`no look was chosen for ${row.name}`);
  return {
    look,
    knob: 0,
    costOverOracle: row.medianCostOverOracle,
    badRequestShare: row.medianBadRequestShare,
  };
}

function drawing(
  { config, traces }: BacktestResult,
  points: readonly Point[],
  { paper, kind }: { readonly paper: Paper; readonly kind: string },
): Markup {
  const curves = points
    .map(({ look }) => ({ look, curve: curveOf(traces, look.name) }))
    .filter(({ curve }) => curve.length > 0);
  const target = config.objective.slowShare;
  const shares = points.map(({ badRequestShare }) => badRequestShare);
  const curved = curves.flatMap(({ curve }) => curve.map(({ badRequestShare }) => badRequestShare));
  // Curves may leave the paper upward and to the right, where nobody wants to be; the points are what it is for.
  const x = shareScale({ least: [...shares, ...curved], most: [...shares, target] }, paper);
  const y = costScale(
    points.map(({ costOverOracle }) => costOverOracle),
    paper,
  );
  const inner = {
    width: paper.width - MARGIN.left - MARGIN.right,
    height: paper.height - MARGIN.top - MARGIN.bottom,
  };
  return markup`<svg class="frontier ${kind}" viewBox="0 0 ${paper.width} ${paper.height}" role="img" aria-label="Cost over the oracle against the share of slow requests, one point for each contender; the table above has the same figures">
${area(x, paper, target)}
${grid(x, y, paper)}
${steps(points, x, y)}
<svg x="${MARGIN.left}" y="${MARGIN.top}" width="${inner.width}" height="${inner.height}" viewBox="${MARGIN.left} ${MARGIN.top} ${inner.width} ${inner.height}">${curves.map(({ look, curve }) => line(look, curve, x, y))}</svg>
${labelledPoints(points, x, y, paper)}
</svg>`;
}

/** Median over traces of each value of the knob; nothing where traces played different values. */
function curveOf(traces: BacktestResult['traces'], name: string): FrontierPoint[] {
  const curves = traces.flatMap(
    ({ contenders }) => contenders.find((one) => one.name === name)?.frontier ?? [],
  );
  const knobs = [...new Set(curves.map(({ knob }) => knob))];
  return knobs.map((knob) => {
    const same = curves.filter((point) => point.knob === knob);
    return {
      knob,
      costOverOracle: median(same.map(({ costOverOracle }) => costOverOracle)),
      badRequestShare: median(same.map(({ badRequestShare }) => badRequestShare)),
    };
  });
}

function shareScale(
  { least, most }: { readonly least: readonly number[]; readonly most: readonly number[] },
  { width }: Paper,
): Scale {
  const positive = [...least, ...most].filter((share) => share > 0);
  const low = 10 ** Math.floor(Math.log10(Math.max(1e-5, Math.min(...positive))));
  return logScale({
    low,
    high: Math.min(1, Math.max(...most) * 4),
    from: MARGIN.left + 12,
    to: width - MARGIN.right,
    ticks: SHARE_TICKS,
  });
}

function costScale(costs: readonly number[], { height }: Paper): Scale {
  return logScale({
    low: Math.min(1, ...costs) * 0.97,
    high: Math.max(1.5, ...costs) * 1.25,
    from: height - MARGIN.bottom,
    to: MARGIN.top,
    ticks: COST_TICKS,
  });
}

/** Where the objective is kept. */
function area(x: Scale, { height }: Paper, target: number): Markup {
  const right = x.at(target);
  const bottom = height - MARGIN.bottom;
  return markup`<rect class="kept" x="${MARGIN.left}" y="${MARGIN.top}" width="${px(right - MARGIN.left)}" height="${bottom - MARGIN.top}"/>
<line class="target" x1="${px(right)}" x2="${px(right)}" y1="${MARGIN.top}" y2="${bottom}"/>
<text class="hint" x="${px(right - 6)}" y="${MARGIN.top + 13}" text-anchor="end">objective kept</text>`;
}

function grid(x: Scale, y: Scale, { width, height }: Paper): Markup {
  const bottom = height - MARGIN.bottom;
  const vertical = x.ticks.map(
    (tick, index) =>
      markup`<line class="grid" x1="${px(x.at(tick))}" x2="${px(x.at(tick))}" y1="${MARGIN.top}" y2="${bottom}"/><text x="${px(x.at(tick))}" y="${bottom + 17}" text-anchor="middle">${index === 0 ? '≤ ' : ''}${formatLimit(tick)}</text>`,
  );
  const horizontal = y.ticks.map(
    (tick) =>
      markup`<line class="grid" x1="${MARGIN.left}" x2="${width - MARGIN.right}" y1="${px(y.at(tick))}" y2="${px(y.at(tick))}"/><text x="${MARGIN.left - 6}" y="${px(y.at(tick) + 4)}" text-anchor="end">${Number(formatRatio(tick))} ×</text>`,
  );
  return markup`${vertical}${horizontal}<text class="axis" x="${px((MARGIN.left + width - MARGIN.right) / 2)}" y="${height - 8}" text-anchor="middle">slow requests (median over workloads)</text>`;
}

/** The stairs below which nobody is: who stands on them is beaten by no other. */
function steps(points: readonly Point[], x: Scale, y: Scale): Markup {
  const best = undominated(points.filter(({ look }) => look.name !== ORACLE));
  const path = best.map((point, index) => {
    const place = [px(x.at(point.badRequestShare)), px(y.at(point.costOverOracle))] as const;
    return index === 0 ? `M${place[0]} ${place[1]}` : `H${place[0]}V${place[1]}`;
  });
  return markup`<path class="stairs" d="${path.join('')}"/>`;
}

function line({ colour }: Look, curve: readonly FrontierPoint[], x: Scale, y: Scale): Markup {
  const places = curve.map((point) => `${px(x.at(point.badRequestShare))},${px(y.at(point.costOverOracle))}`);
  return markup`<polyline class="curve" points="${places.join(' ')}" style="stroke:var(--c${colour})"/>`;
}

function labelledPoints(points: readonly Point[], x: Scale, y: Scale, paper: Paper): Markup {
  const placed = points.map((point) => ({
    point,
    x: x.at(point.badRequestShare),
    y: y.at(point.costOverOracle),
    text: point.look.name,
  }));
  const labels = placeLabels(placed, paper);
  return markup`${placed.map(({ point, ...at }, index) => {
    const label = labels[index];
    const { look } = point;
    return markup`<g class="point">${pointShape(look, at)}<title>${look.title}: ${formatRatio(point.costOverOracle)} times the oracle's cost, ${formatShare(point.badRequestShare)} slow</title>${label === undefined ? undefined : labelOf(label, at, look.name)}</g>`;
  })}`;
}

/** Farther from its point than its own height, a label is tied to it. */
const TIED_FROM = 12;

function labelOf(
  label: PlacedLabel,
  { x, y }: { readonly x: number; readonly y: number },
  text: string,
): Markup {
  const middle = label.y - 4;
  const tie =
    Math.abs(middle - y) < TIED_FROM
      ? undefined
      : markup`<line class="tie" x1="${px(x)}" y1="${px(y)}" x2="${px(label.x)}" y2="${px(middle)}"/>`;
  return markup`${tie}<text class="label" x="${px(label.x)}" y="${px(label.y)}" text-anchor="${label.anchor}">${text}</text>`;
}

function px(value: number): string {
  return value.toFixed(1);
}
