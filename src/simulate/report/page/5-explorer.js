/** What the reader looks at. */
const view = {
  trace: 0,
  decider: '',
  /** @type {{ min: number, max: number } | undefined} */
  range: undefined,
  /** Step under the cursor. @type {number | undefined} */
  step: undefined,
};

/** @type {Plot[]} */
let plots = [];
/** @type {Decision[]} */
let decisions = [];
/** The zoom of one plot is handed to the others, who must not hand it back. */
let zooming = false;

function chosenNames() {
  return Array.from(document.querySelectorAll('input[name=contender]:checked'), (input) =>
    input instanceof HTMLInputElement ? input.value : '',
  );
}

function currentTrace() {
  const trace = page.traces[view.trace];
  if (trace === undefined) throw new Error(`the page has no trace ${view.trace}`);
  return trace;
}

/** The contenders in the plots that this trace has, in the order of the table. */
function chosenLives() {
  const { lives } = unpack(currentTrace());
  const chosen = new Set(chosenNames());
  return page.looks.flatMap((look) => {
    const life = lives.get(look.name);
    return life === undefined || !chosen.has(look.name) ? [] : [{ look, life }];
  });
}

function draw() {
  for (const plot of plots) plot.destroy();
  const trace = currentTrace();
  decisions = decisionsOf(trace, view.decider);
  const shown = chosenLives();
  const lines = shown.map(({ look }) => lineOf(look));
  const stepped = lines.map((line) => ({ ...line, paths: PlotClass.paths.stepped?.({ align: 1 }) }));
  const hooks = { setScale: [zoomed] };
  const { times } = unpack(trace);
  plots = [
    drawDemand(trace, hooks),
    new PlotClass(
      optionsOf('replicas', trace, {
        series: [{}, ...stepped.map(defined)],
        hooks: { ...hooks, setCursor: [pointed], draw: [(plot) => drawDecisions(plot, decisions)] },
      }),
      [times, ...shown.map(({ life }) => Array.from(life.replicas))],
      plotBox('replicas'),
    ),
    new PlotClass(
      optionsOf('slow', trace, {
        series: [{}, ...lines],
        hooks: { ...hooks, draw: [(plot) => drawLevel(plot, page.slowShare * 100)] },
      }),
      [times, ...shown.map(({ life }) => Array.from(life.slow, (value) => (value / page.shareScale) * 100))],
      plotBox('slow'),
    ),
    new PlotClass(
      optionsOf('slowSoFar', trace, {
        series: [{}, ...lines],
        hooks: { ...hooks, draw: [(plot) => drawLevel(plot, page.slowShare * 100)] },
      }),
      [times, ...shown.map(({ life }) => slowSoFar(trace, life))],
      plotBox('slowSoFar'),
    ),
    new PlotClass(
      optionsOf('cost', trace, { series: [{}, ...lines], hooks }),
      [times, ...shown.map(({ life }) => costSoFar(trace, life))],
      plotBox('cost'),
    ),
  ];
  if (view.range !== undefined) zoomTo(view.range);
  refreshList();
}

/** @param {any} line without properties that are undefined, which uPlot takes for values */
function defined(line) {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
}

/**
 * @param {PageTrace} trace
 * @param {PlotOptions['hooks']} hooks
 */
function drawDemand(trace, hooks) {
  const { times, demand, lives } = unpack(trace);
  const bound = lives.get(view.decider)?.bound;
  const options = optionsOf('demand', trace, {
    series: [
      {},
      { label: 'demand', stroke: colour('--ink'), width: 1.5, points: { show: false } },
      ...(bound === undefined
        ? []
        : [
            {
              label: 'expected at most',
              stroke: colour('--c0'),
              width: 1,
              dash: [4, 3],
              points: { show: false },
            },
          ]),
    ],
    ...(bound === undefined ? {} : { bands: [{ series: [2, 1], fill: `${colour('--c0')}22` }] }),
    hooks: hooks ?? {},
  });
  const known =
    bound === undefined ? [] : [Array.from(bound, (value) => (Number.isNaN(value) ? null : value))];
  return new PlotClass(options, [times, Array.from(demand), ...known], plotBox('demand'));
}

/** @param {{ min: number, max: number }} range */
function zoomTo(range) {
  const { times } = unpack(currentTrace());
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  const length = Math.min(range.max - range.min, last - first);
  const min = Math.min(Math.max(range.min, first), last - length);
  view.range = { min, max: min + length };
  zooming = true;
  for (const plot of plots) plot.setScale('x', view.range);
  zooming = false;
  refreshList();
}

/**
 * A plot was zoomed by its own mouse.
 * @param {Plot} plot
 * @param {string} scale
 */
function zoomed(plot, scale) {
  const { min, max } = plot.scales['x'] ?? {};
  if (zooming || scale !== 'x' || typeof min !== 'number' || typeof max !== 'number' || !plots.includes(plot))
    return;
  zoomTo({ min, max });
}

/** @param {Plot} plot whose cursor moved, by its own mouse or by that of another plot */
function pointed(plot) {
  const { idx, left = -1 } = plot.cursor;
  view.step = left < 0 || typeof idx !== 'number' ? undefined : idx;
  if (view.step === undefined) {
    showReason(undefined, { x: 0, y: 0 });
    return;
  }
  read(view.step);
  const { min = 0, max = 0 } = plot.scales['x'] ?? {};
  const nearPixels = ((max ?? 0) - (min ?? 0)) / plot.over.clientWidth;
  // Twelve pixels either side: as near as a finger points.
  const decision = nearest(decisions, plot.posToVal(left, 'x'), 12 * nearPixels);
  const box = plot.over.getBoundingClientRect();
  const at = decision === undefined ? left : plot.valToPos(decision.at, 'x');
  const height = decision === undefined ? 0 : plot.valToPos(decision.to, 'y');
  showReason(decision, { x: box.left + scrollX + at, y: box.top + scrollY + height });
}

/** @param {number} step whose values are written above the plots */
function read(step) {
  const { times, demand } = unpack(currentTrace());
  const time = document.createElement('b');
  time.textContent = `${formatTime(times[step] ?? 0)} UTC`;
  const values = chosenLives().map(
    ({ look, life }) =>
      `${look.title}: ${life.replicas[step] ?? '–'} replicas, ${formatPercent((life.slow[step] ?? 0) / page.shareScale)} slow`,
  );
  byId('reading').replaceChildren(
    time,
    ` · ${[`demand ${formatNumber(demand[step] ?? 0)} requests/s`, ...values].join(' · ')}`,
  );
}

function refreshList() {
  if (!(/** @type {HTMLDetailsElement} */ (byId('decisions')).open)) return;
  const { min, max } = view.range ?? { min: -Infinity, max: Infinity };
  const contender = currentTrace().contenders.find(({ name }) => name === view.decider);
  const all = contender?.changes ?? 0;
  const hint =
    decisions.length < all
      ? `The page holds ${formatNumber(decisions.length)} of ${formatNumber(all)} changes: the largest of each stretch of time.`
      : '';
  listDecisions(decisions.slice(firstFrom(decisions, min), firstFrom(decisions, max)), hint);
}

/** @param {string} kind of a button */
function zoomBy(kind) {
  const { times } = unpack(currentTrace());
  const whole = { min: times[0] ?? 0, max: times.at(-1) ?? 0 };
  const now = view.range ?? whole;
  const length = now.max - now.min;
  const middle = (now.min + now.max) / 2;
  /** @param {number} seconds */
  const around = (seconds) => ({ min: middle - seconds / 2, max: middle + seconds / 2 });
  const ranges = {
    all: whole,
    week: around(7 * 86_400),
    day: around(86_400),
    back: { min: now.min - length / 2, max: now.max - length / 2 },
    on: { min: now.min + length / 2, max: now.max + length / 2 },
  };
  zoomTo(ranges[/** @type {keyof typeof ranges} */ (kind)]);
}

/** Keys of the focused plots: the cursor walks by a step, with Shift by twelve. @param {KeyboardEvent} event */
function walk(event) {
  const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const plot = plots[1];
  if (direction === undefined || plot === undefined) return;
  event.preventDefault();
  const { times } = unpack(currentTrace());
  const { min, max } = plot.scales['x'] ?? {};
  const start = view.step ?? Math.floor(times.findIndex((time) => time >= ((min ?? 0) + (max ?? 0)) / 2));
  const step = Math.min(times.length - 1, Math.max(0, start + direction * (event.shiftKey ? 12 : 1)));
  for (const one of plots) one.setCursor({ left: one.valToPos(times[step] ?? 0, 'x'), top: 10 });
}

/** @param {number} trace */
function choose(trace) {
  view.trace = trace;
  view.range = undefined;
  view.step = undefined;
  draw();
}

function start() {
  const traces = /** @type {HTMLSelectElement} */ (byId('trace'));
  const decider = /** @type {HTMLSelectElement} */ (byId('decider'));
  view.decider = decider.value;
  traces.addEventListener('change', () => choose(Number(traces.value)));
  decider.addEventListener('change', () => {
    view.decider = decider.value;
    draw();
  });
  for (const input of document.querySelectorAll('input[name=contender]'))
    input.addEventListener('change', draw);
  for (const button of document.querySelectorAll('[data-zoom]'))
    button.addEventListener('click', () => zoomBy(button.getAttribute('data-zoom') ?? 'all'));
  for (const link of document.querySelectorAll('a[data-trace]'))
    link.addEventListener('click', () => {
      traces.value = link.getAttribute('data-trace') ?? '0';
      choose(Number(traces.value));
    });
  byId('plots').addEventListener('keydown', walk);
  byId('decisions').addEventListener('toggle', refreshList);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  new ResizeObserver(() => {
    for (const plot of plots)
      plot.setSize({ width: plot.root.parentElement?.clientWidth ?? plot.width, height: plot.height });
  }).observe(byId('plots'));
  draw();
}

if (page.traces.length > 0) start();
