/** @typedef {import('uplot')} Plot */
/** @typedef {import('uplot').Options} PlotOptions */

/** @type {typeof import('uplot')} */
const PlotClass = /** @type {any} */ (globalThis).uPlot;

const HEIGHTS = { demand: 150, replicas: 240, slow: 140, slowSoFar: 140, cost: 170 };
/**
 * How times are written below the plots: from which distance of ticks on, the text, and what comes in a second line
 * where a year or a day begins (columns: distance, text, year, month, day, hour, minute, second, mode).
 * @type {import('uplot').Axis.Values}
 */
const TIMES = [
  [86_400, '{D} {MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
];

const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

/** More dots than this on one plot are a smear. */
const MOST_DOTS = 400;

/** @param {string} name of a custom property */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * Line of one contender.
 * @param {import('../styling.ts').Look} look
 * @returns {import('uplot').Series}
 */
function lineOf({ name, title, colour: number, variant }) {
  return {
    label: title,
    stroke: colour(`--c${number}`),
    width: name === page.ours ? 2.5 : 1.5,
    dash: DASHES[variant % DASHES.length] ?? [],
    points: { show: false },
  };
}

/**
 * What every plot has: time in UTC, axes in the page's colours, a cursor and a zoom that all share.
 * @param {keyof typeof HEIGHTS} kind
 * @param {PageTrace} trace
 * @param {Pick<PlotOptions, 'series'> & Partial<PlotOptions>} own
 * @returns {PlotOptions}
 */
function optionsOf(kind, trace, own) {
  const axis = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--rule'), width: 1 },
    ticks: { stroke: colour('--rule'), width: 1 },
    font: '12px system-ui, sans-serif',
  };
  return {
    width: plotBox(kind).clientWidth,
    height: HEIGHTS[kind],
    legend: { show: false },
    tzDate: (seconds) => PlotClass.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    cursor: {
      sync: { key: 'time', scales: ['x', null] },
      points: { size: 6 },
      drag: { x: true, y: false },
      y: false,
    },
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(high, 1e-9) * 1.05] } },
    axes: [
      { ...axis, values: TIMES },
      { ...axis, size: 60 },
    ],
    ...own,
    hooks: { ...own.hooks, drawClear: [(plot) => shadeWarmup(plot, trace)] },
  };
}

/** @param {string} kind */
function plotBox(kind) {
  const box = document.querySelector(`[data-plot="${kind}"]`);
  if (!(box instanceof HTMLElement)) throw new Error(`the page has no place for the plot of ${kind}`);
  return box;
}

/**
 * @param {Plot} plot
 * @param {PageTrace} trace
 */
function shadeWarmup(plot, trace) {
  const { left, top, width, height } = plot.bbox;
  const end = Math.min(left + width, plot.valToPos(trace.start + trace.warmupSeconds, 'x', true));
  if (end <= left) return;
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = colour('--panel');
  ctx.fillRect(left, top, end - left, height);
  ctx.fillStyle = colour('--soft');
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  const text = 'warm-up: not scored';
  if (ctx.measureText(text).width < end - left - 12)
    ctx.fillText(text, left + 8, top + 16 * devicePixelRatio);
  ctx.restore();
}

/**
 * A level line across the plot.
 * @param {Plot} plot
 * @param {number} value
 */
function drawLevel(plot, value) {
  const y = plot.valToPos(value, 'y', true);
  const { left, top, width } = plot.bbox;
  if (y < top) return;
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = colour('--good');
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(left + width, y);
  ctx.stroke();
  ctx.restore();
}

/**
 * A dot where each decision of the time shown was taken, unless they are too many to tell apart.
 * @param {Plot} plot
 * @param {Decision[]} decisions
 */
function drawDecisions(plot, decisions) {
  const { min = 0, max = 0 } = plot.scales['x'] ?? {};
  const shown = decisions.slice(firstFrom(decisions, min), firstFrom(decisions, max));
  if (shown.length > MOST_DOTS) return;
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = colour('--ink');
  for (const { at, to } of shown) {
    ctx.beginPath();
    ctx.arc(
      plot.valToPos(at, 'x', true),
      plot.valToPos(to, 'y', true),
      2.6 * devicePixelRatio,
      0,
      2 * Math.PI,
    );
    ctx.fill();
  }
  ctx.restore();
}
