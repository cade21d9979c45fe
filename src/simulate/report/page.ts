import type { BacktestResult } from '../backtest-result.ts';
import { explorer } from './explorer-section.ts';
import { formatDuration, formatLimit, formatPlural } from './format.ts';
import { frontierPlot } from './frontier-plot.ts';
import { glossary } from './glossary.ts';
import { learningSection } from './learning-section.ts';
import { embeddedJson, embeddedScript, markup, Markup } from './markup.ts';
import { methodSection } from './method-section.ts';
import { pageData } from './page-data.ts';
import { PAGE_STYLE } from './page-style.ts';
import { summaryTable } from './summary-section.ts';
import { traceMatrix } from './trace-section.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/** The files that go into the page, read by the caller. */
export interface PageAssets {
  /** uPlot's script that defines `uPlot`, and its style sheet. */
  readonly plotScript: string;
  readonly plotStyle: string;
  /** The files of `page/`, in the order in which they run. */
  readonly scripts: readonly string[];
}

/** No request leaves the page, even if something in it asked for one. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

/** One self-contained HTML page: everything that a backtest found, for people. Equal results give equal bytes. */
export function renderPage(result: BacktestResult, assets: PageAssets): string {
  const curves = result.traces.some(({ contenders }) => contenders.some(({ frontier }) => frontier));
  const lines = curves ? ' Lines: the same contender with each value of its setting.' : '';
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Backtest of ${formatPlural(result.traces.length, 'workload')}</title>
<style>${new Markup(assets.plotStyle)}${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<main>
${head(result)}
<section><h2>All contenders</h2>${summaryTable(result)}</section>
<section><h2>Cost against slow requests</h2>
<p>Down and to the left is better. Dotted stairs: nobody else is both cheaper and faster than those on them. The medians hide single workloads: “objective kept” in the table counts them.${lines}</p>
${frontierPlot(result)}</section>
${learningSection(result)}
<section><h2>Workload by workload</h2>${traceMatrix(result)}</section>
<section id="explorer"><h2>Over time</h2>${explorer(result)}</section>
${methodSection(result)}
${glossary()}
<footer>Autonomic ${result.config.version} · configuration <code>${result.config.hash}</code> · seed ${result.config.seed}</footer>
</main>
${embeddedJson('backtest', pageData(result))}
${embeddedScript(assets.plotScript, 'text/javascript')}
${embeddedScript(assets.scripts.join('\n'), 'module')}
</body>
</html>
`.text;
}

function head(result: BacktestResult): Markup {
  const { config, traces, partial } = result;
  const { tone, sentence, notes } = verdictOf(result);
  return markup`<header>
<p class="kicker">Backtest · ${formatPlural(traces.length, 'workload')} · pods start in ${formatDuration(config.startup.medianSeconds)} · objective: at most ${formatLimit(config.objective.slowShare)} of requests wait over ${formatDuration(config.objective.waitSeconds)}</p>
<h1>Would Autonomic have been better?</h1>
${partial === undefined ? undefined : markup`<p class="partial"><b>Not complete:</b> ${partial.done} of ${partial.planned} simulations were done.</p>`}
<div class="verdict ${tone.toLowerCase()}"><p><b>${WORDS[tone]}</b> ${sentence}</p>
<ul>${notes.map((note) => markup`<li>${note}</li>`)}</ul></div>
</header>`;
}

const WORDS: Readonly<Record<Verdict['tone'], string>> = {
  Better: 'Yes.',
  Worse: 'No.',
  Mixed: 'In part.',
  Even: 'About the same.',
  Unsure: 'Perhaps.',
  Unknown: 'Not known.',
};
