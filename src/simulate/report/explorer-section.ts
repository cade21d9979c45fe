import type { BacktestResult } from '../backtest-result.ts';
import { ORACLE, OURS } from '../score/summary.ts';
import { markup, type Markup } from './markup.ts';
import { swatch } from './summary-section.ts';
import { looksOf } from './styling.ts';
import { baselineOf } from './verdict.ts';

/** What the page's script fills: plots of one workload, whose contenders the reader picks. */
export function explorer(result: BacktestResult): Markup {
  if (!result.traces.some(({ contenders }) => contenders.some(({ series }) => series)))
    return markup`<p>This run kept no series over time.</p>`;
  const shown = new Set([OURS, baselineOf(result.summary)?.name, ORACLE]);
  const looks = looksOf(result.summary);
  return markup`<div class="controls">
<label>Workload <select id="trace">${result.traces.map(({ name }, index) => markup`<option value="${index}">${name}</option>`)}</select></label>
<label>Decisions of <select id="decider">${looks
    .filter(({ name }) => name !== ORACLE)
    .map(({ name, title }) => markup`<option value="${name}">${title}</option>`)}</select></label>
<div class="buttons" role="group" aria-label="Time shown"><button type="button" data-zoom="all">All</button><button type="button" data-zoom="week">Week</button><button type="button" data-zoom="day">Day</button><button type="button" data-zoom="back" aria-label="Earlier">◀</button><button type="button" data-zoom="on" aria-label="Later">▶</button></div>
</div>
<fieldset class="chips"><legend>Contenders in the plots</legend>${looks.map(
    (look) =>
      markup`<label><input type="checkbox" name="contender" value="${look.name}"${shown.has(look.name) ? markup` checked` : undefined}>${swatch(look)}${look.title}</label>`,
  )}</fieldset>
<noscript><p>The plots need JavaScript; all figures are in the tables.</p></noscript>
<div id="plots" tabindex="0" role="group" aria-label="Plots of one workload; the arrow keys move the time that is read">
<p id="reading" class="reading">Point at a plot, or focus it and use the arrow keys. Drag to zoom in.</p>
<h3>Demand, requests per second</h3><div class="plot" data-plot="demand"></div>
<h3>Replicas asked for</h3><div class="plot" data-plot="replicas"></div>
<h3>Slow requests at each time, %</h3><div class="plot" data-plot="slow"></div>
<h3>Slow requests so far, % of all</h3><div class="plot" data-plot="slowSoFar"></div>
<h3>Cost so far, replica-hours</h3><div class="plot" data-plot="cost"></div>
</div>
<div id="reason" role="tooltip" hidden></div>
<details id="decisions"><summary>Decisions in the time shown</summary><div class="scroll" tabindex="0" role="region" aria-label="Decisions"><table><thead><tr><th scope="col">Time (UTC)</th><th scope="col">Replicas</th><th scope="col">Reason</th></tr></thead><tbody></tbody></table></div><p class="hint"></p></details>`;
}
